package org.ouroborosdb.sql;

import org.jspecify.annotations.Nullable;

/**
 * A column of a result.
 *
 * @param label the label: the alias if there is one
 * @param name the name in its table; the label where it is no table's column
 * @param schema the schema of the table it comes from unchanged; null if computed
 * @param table that table; null if computed
 * @param type the type
 * @param typeName the type in SQL, as {@code VARCHAR ARRAY}
 * @param elementType the type of an ARRAY's elements; null otherwise
 * @param precision digits, characters, bytes, or fractional digits of a second; 0 if unbounded
 * @param scale digits behind the point; 0 if not numeric
 * @param nullable whether it may be null
 */
public record ColumnInfo(
    String label,
    String name,
    @Nullable String schema,
    @Nullable String table,
    SqlType type,
    String typeName,
    @Nullable SqlType elementType,
    int precision,
    int scale,
    boolean nullable) {}
