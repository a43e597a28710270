package org.ouroborosdb.sql;

/**
 * A {@code ?} of a statement.
 *
 * @param type the type that values are converted to
 * @param typeName the type in SQL
 * @param precision as in {@link ColumnInfo}
 * @param scale as in {@link ColumnInfo}
 */
public record ParameterInfo(SqlType type, String typeName, int precision, int scale) {}
