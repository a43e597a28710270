package org.ouroborosdb.sql.dialect;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.ParameterInfo;
import org.ouroborosdb.sql.SqlType;

/** Says which {@link SqlType} stands for each type of Calcite's. */
public final class Types {
  private Types() {}

  static SqlType of(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> SqlType.BOOLEAN;
      case TINYINT -> SqlType.TINYINT;
      case SMALLINT, UTINYINT -> SqlType.SMALLINT;
      case INTEGER, USMALLINT -> SqlType.INTEGER;
      case BIGINT, UINTEGER -> SqlType.BIGINT;
      case DECIMAL, UBIGINT -> SqlType.DECIMAL;
      case REAL -> SqlType.REAL;
      case FLOAT, DOUBLE -> SqlType.DOUBLE;
      case CHAR -> SqlType.CHAR;
      case VARCHAR, SYMBOL -> SqlType.VARCHAR;
      case BINARY -> SqlType.BINARY;
      case VARBINARY -> SqlType.VARBINARY;
      case DATE -> SqlType.DATE;
      case TIME -> SqlType.TIME;
      case TIMESTAMP -> SqlType.TIMESTAMP;
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ -> SqlType.TIMESTAMP_WITH_TIME_ZONE;
      case ARRAY, MULTISET -> SqlType.ARRAY;
      case MAP -> SqlType.MAP;
      case ROW, STRUCTURED -> SqlType.ROW;
      case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> SqlType.INTERVAL_YEAR_MONTH;
      case NULL -> SqlType.NULL;
      default ->
          SqlTypeName.DAY_INTERVAL_TYPES.contains(type.getSqlTypeName())
              ? SqlType.INTERVAL_DAY_TIME
              : SqlType.ANY;
    };
  }

  public static ColumnInfo column(
      String label, RelDataType type, @Nullable List<String> origin, boolean locator) {
    SqlType sqlType = locator ? SqlType.BLOB : of(type);
    RelDataType element = type.getComponentType();
    List<String> path = origin == null ? List.of() : origin;
    boolean ofTable = path.size() >= 2;
    return new ColumnInfo(
        label,
        ofTable ? last(path, 1) : label,
        path.size() >= 3 ? last(path, 3) : null,
        ofTable ? last(path, 2) : null,
        sqlType,
        locator ? "BLOB" : name(type),
        element == null ? null : of(element),
        precision(type),
        scale(type),
        type.isNullable());
  }

  public static ParameterInfo parameter(RelDataType type) {
    return new ParameterInfo(of(type), name(type), precision(type), scale(type));
  }

  private static String last(List<String> names, int fromEnd) {
    return names.get(names.size() - fromEnd);
  }

  /** Returns the name of a type without its lengths. */
  private static String name(RelDataType type) {
    RelDataType element = type.getComponentType();
    if (element != null) {
      return name(element) + " " + type.getSqlTypeName().getName();
    }
    return switch (of(type)) {
      case INTERVAL_DAY_TIME, INTERVAL_YEAR_MONTH -> String.valueOf(type.getIntervalQualifier());
      case ANY -> "ANY";
      default -> type.getSqlTypeName().getSpaceName();
    };
  }

  private static int precision(RelDataType type) {
    return switch (of(type)) {
      case BOOLEAN, ARRAY, MAP, ROW, NULL, ANY -> 0;
      case TINYINT -> 3;
      case SMALLINT -> 5;
      case INTEGER -> 10;
      case BIGINT -> 19;
      default -> Math.max(0, type.getPrecision());
    };
  }

  private static int scale(RelDataType type) {
    return of(type) == SqlType.DECIMAL && type.getScale() > 0 ? type.getScale() : 0;
  }
}
