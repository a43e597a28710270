package org.ouroborosdb.sql.dialect;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;

/**
 * Turns values as Calcite's generated code has them (TIMESTAMP as milliseconds, DATE as days) into
 * the classes of {@link SqlType}. The way in is {@link ParameterValues}.
 */
public final class Values {
  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final long MILLIS_PER_DAY = 86_400_000L;

  private Values() {}

  public static @Nullable Object fromRuntime(@Nullable Object value, RelDataType type) {
    if (value == null) {
      return null;
    }
    return switch (Types.of(type)) {
      case TINYINT -> ((Number) value).byteValue();
      case SMALLINT -> ((Number) value).shortValue();
      case INTEGER -> ((Number) value).intValue();
      case BIGINT -> ((Number) value).longValue();
      case REAL -> ((Number) value).floatValue();
      case DOUBLE -> ((Number) value).doubleValue();
      case DECIMAL -> decimal(value);
      case CHAR, VARCHAR -> value.toString();
      case BINARY, VARBINARY, BLOB -> bytes(value);
      case DATE -> value instanceof Number n ? LocalDate.ofEpochDay(n.longValue()) : value;
      case TIME -> value instanceof Number n ? time(n.longValue()) : value;
      case TIMESTAMP -> value instanceof Number n ? timestamp(n.longValue()) : value;
      case TIMESTAMP_WITH_TIME_ZONE ->
          value instanceof Number n ? Instant.ofEpochMilli(n.longValue()) : value;
      case INTERVAL_YEAR_MONTH ->
          value instanceof Number n ? Period.ofMonths(n.intValue()).normalized() : value;
      case INTERVAL_DAY_TIME ->
          value instanceof Number n ? Duration.ofMillis(n.longValue()) : value;
      case ARRAY -> list(value, type.getComponentType());
      case MAP -> map((Map<?, ?>) value, type);
      case ROW -> row(value, type);
      case BOOLEAN, NULL -> value;
      case ANY -> byClass(value);
    };
  }

  static LocalDateTime timestamp(long millis) {
    return LocalDateTime.ofEpochSecond(
        Math.floorDiv(millis, 1000L),
        (int) (Math.floorMod(millis, 1000L) * NANOS_PER_MILLI),
        ZoneOffset.UTC);
  }

  private static LocalTime time(long millis) {
    return LocalTime.ofNanoOfDay(Math.floorMod(millis, MILLIS_PER_DAY) * NANOS_PER_MILLI);
  }

  private static Object decimal(Object value) {
    return value instanceof java.math.BigDecimal
        ? value
        : new java.math.BigDecimal(value.toString());
  }

  private static Object bytes(Object value) {
    return value instanceof ByteString bytes ? bytes.getBytes() : value;
  }

  private static List<@Nullable Object> list(Object value, @Nullable RelDataType element) {
    List<?> items = value instanceof Object[] array ? Arrays.asList(array) : (List<?>) value;
    List<@Nullable Object> out = new ArrayList<>(items.size());
    for (Object item : items) {
      out.add(element == null ? item : fromRuntime(unwrap(item, element), element));
    }
    return out;
  }

  /** A multiset's elements come as rows of one field. */
  private static @Nullable Object unwrap(@Nullable Object item, RelDataType element) {
    return item instanceof Object[] row && row.length == 1 && !element.isStruct() ? row[0] : item;
  }

  private static Map<@Nullable Object, @Nullable Object> map(Map<?, ?> value, RelDataType type) {
    Map<@Nullable Object, @Nullable Object> out = new LinkedHashMap<>();
    RelDataType key = type.getKeyType();
    RelDataType item = type.getValueType();
    value.forEach(
        (k, v) ->
            out.put(
                key == null ? k : fromRuntime(k, key), item == null ? v : fromRuntime(v, item)));
    return out;
  }

  private static List<@Nullable Object> row(Object value, RelDataType type) {
    List<?> fields = value instanceof Object[] array ? Arrays.asList(array) : (List<?>) value;
    List<RelDataTypeField> types = type.getFieldList();
    List<@Nullable Object> out = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      out.add(fromRuntime(fields.get(i), types.get(i).getType()));
    }
    return out;
  }

  private static Object byClass(Object value) {
    if (value instanceof ByteString bytes) {
      return bytes.getBytes();
    }
    return value instanceof Object[] array ? Arrays.asList(array) : value;
  }
}
