package org.ouroborosdb.jdbc;

import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;

/** The rows of {@code getTypeInfo}: the types that a column or a CAST can have. */
final class TypeRows {
  private static final int MAX_SCALE = 19;
  private static final List<SqlType> TYPES =
      List.of(
          SqlType.BOOLEAN,
          SqlType.TINYINT,
          SqlType.SMALLINT,
          SqlType.INTEGER,
          SqlType.BIGINT,
          SqlType.REAL,
          SqlType.DOUBLE,
          SqlType.DECIMAL,
          SqlType.CHAR,
          SqlType.VARCHAR,
          SqlType.BINARY,
          SqlType.VARBINARY,
          SqlType.BLOB,
          SqlType.DATE,
          SqlType.TIME,
          SqlType.TIMESTAMP,
          SqlType.ARRAY);

  private TypeRows() {}

  static List<List<@Nullable Object>> rows() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    TYPES.forEach(type -> rows.add(row(type)));
    rows.sort(Comparator.comparingInt(row -> (Integer) Objects.requireNonNull(row.get(1))));
    return rows;
  }

  private static List<@Nullable Object> row(SqlType type) {
    boolean text = type == SqlType.VARCHAR || type == SqlType.CHAR;
    boolean numeric = JdbcTypes.isNumeric(type);
    String prefix = prefix(type);
    return Arrays.asList(
        type.name(),
        JdbcTypes.number(type),
        JdbcTypes.precision(type, 0),
        prefix,
        prefix == null ? null : "'",
        parameters(type),
        (short) DatabaseMetaData.typeNullable,
        text,
        (short) (text ? DatabaseMetaData.typeSearchable : DatabaseMetaData.typePredBasic),
        false,
        false,
        false,
        type.name(),
        (short) 0,
        (short) (type == SqlType.DECIMAL ? MAX_SCALE : type == SqlType.TIMESTAMP ? 3 : 0),
        null,
        null,
        numeric ? 10 : null);
  }

  private static @Nullable String prefix(SqlType type) {
    return switch (type) {
      case CHAR, VARCHAR -> "'";
      case BINARY, VARBINARY, BLOB -> "X'";
      case DATE, TIME, TIMESTAMP -> type.name() + " '";
      default -> null;
    };
  }

  private static @Nullable String parameters(SqlType type) {
    return switch (type) {
      case CHAR, VARCHAR, BINARY, VARBINARY -> "length";
      case DECIMAL -> "precision,scale";
      case TIME, TIMESTAMP -> "precision";
      default -> null;
    };
  }
}
