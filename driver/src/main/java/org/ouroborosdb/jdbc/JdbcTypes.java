package org.ouroborosdb.jdbc;

import java.math.BigDecimal;
import java.sql.Types;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;

/** What each SQL type is in JDBC: its number, its class, its width. */
final class JdbcTypes {
  private JdbcTypes() {}

  static int number(SqlType type) {
    return switch (type) {
      case BOOLEAN -> Types.BOOLEAN;
      case TINYINT -> Types.TINYINT;
      case SMALLINT -> Types.SMALLINT;
      case INTEGER -> Types.INTEGER;
      case BIGINT -> Types.BIGINT;
      case REAL -> Types.REAL;
      case DOUBLE -> Types.DOUBLE;
      case DECIMAL -> Types.DECIMAL;
      case CHAR -> Types.CHAR;
      case VARCHAR -> Types.VARCHAR;
      case BINARY -> Types.BINARY;
      case VARBINARY -> Types.VARBINARY;
      case BLOB -> Types.BLOB;
      case DATE -> Types.DATE;
      case TIME -> Types.TIME;
      case TIMESTAMP -> Types.TIMESTAMP;
      case TIMESTAMP_WITH_TIME_ZONE -> Types.TIMESTAMP_WITH_TIMEZONE;
      case ARRAY -> Types.ARRAY;
      case NULL -> Types.NULL;
      case ROW -> Types.STRUCT;
      case MAP, INTERVAL_YEAR_MONTH, INTERVAL_DAY_TIME, ANY -> Types.OTHER;
    };
  }

  /** Returns the class of what {@code getObject} gives. */
  static Class<?> javaClass(SqlType type) {
    return switch (type) {
      case BOOLEAN -> Boolean.class;
      case TINYINT, SMALLINT, INTEGER -> Integer.class;
      case BIGINT -> Long.class;
      case REAL -> Float.class;
      case DOUBLE -> Double.class;
      case DECIMAL -> BigDecimal.class;
      case CHAR, VARCHAR -> String.class;
      case BINARY, VARBINARY -> byte[].class;
      case BLOB -> java.sql.Blob.class;
      case DATE -> java.sql.Date.class;
      case TIME -> java.sql.Time.class;
      case TIMESTAMP -> java.sql.Timestamp.class;
      case TIMESTAMP_WITH_TIME_ZONE -> java.time.OffsetDateTime.class;
      case ARRAY -> java.sql.Array.class;
      case MAP -> java.util.Map.class;
      case ROW -> java.util.List.class;
      case INTERVAL_YEAR_MONTH -> java.time.Period.class;
      case INTERVAL_DAY_TIME -> java.time.Duration.class;
      case NULL, ANY -> Object.class;
    };
  }

  /** Returns the name of a column's type; arrays are of VARCHAR. */
  static String name(SqlType type) {
    return type == SqlType.ARRAY ? "VARCHAR ARRAY" : type.name();
  }

  /** Returns the digits behind the point of a column's type, for numbers and moments. */
  static @Nullable Short digits(SqlType type) {
    return type == SqlType.TIMESTAMP ? (Short) (short) 3 : isNumeric(type) ? (short) 0 : null;
  }

  static boolean isNumeric(SqlType type) {
    return switch (type) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DECIMAL -> true;
      default -> false;
    };
  }

  static int precision(SqlType type, int given) {
    return switch (type) {
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      case REAL -> 7;
      case DOUBLE -> 15;
      case BOOLEAN -> 1;
      case DECIMAL -> given > 0 ? given : 38;
      case DATE -> 10;
      case TIME -> 12;
      case TIMESTAMP, TIMESTAMP_WITH_TIME_ZONE -> 23;
      default -> given > 0 ? given : type == SqlType.NULL ? 0 : Integer.MAX_VALUE;
    };
  }
}
