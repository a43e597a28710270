package org.ouroborosdb.jdbc;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.JDBCType;
import java.sql.SQLException;
import java.sql.SQLType;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Calendar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Converts a parameter to the type that {@code setObject} names (JDBC 4.3, appendix B.4). A value
 * that the type cannot hold is an error; only a scale that the caller names rounds.
 */
final class TypedParameters {
  /** Says that the caller names no scale. */
  static final int NO_SCALE = -1;

  private TypedParameters() {}

  static JDBCType type(int number) throws SQLException {
    try {
      return JDBCType.valueOf(number);
    } catch (IllegalArgumentException e) {
      throw Errors.of("HY004", "no such type in java.sql.Types: " + number, e);
    }
  }

  static JDBCType type(@Nullable SQLType type) throws SQLException {
    if (type == null) {
      throw Errors.of("HY004", "the type is null");
    }
    Integer number = type.getVendorTypeNumber();
    if (type instanceof JDBCType known) {
      return known;
    }
    if (number == null) {
      throw Errors.of("HY004", "the type " + type.getName() + " has no number");
    }
    return type(number);
  }

  /** Converts a value that is complete in memory. */
  static @Nullable Object of(@Nullable Object value, JDBCType type, int scale) throws SQLException {
    if (value == null) {
      return null;
    }
    return switch (type) {
      case BIT, BOOLEAN -> to(value, Boolean.class);
      case TINYINT -> (int) whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case SMALLINT -> (int) whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case INTEGER -> (int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BIGINT -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);
      case REAL -> to(value, Float.class);
      case FLOAT, DOUBLE -> to(value, Double.class);
      case DECIMAL, NUMERIC -> decimal(value, scale);
      case CHAR, VARCHAR, LONGVARCHAR, NCHAR, NVARCHAR, LONGNVARCHAR, CLOB, NCLOB -> text(value);
      case BINARY, VARBINARY, LONGVARBINARY, BLOB -> bytes(value);
      case DATE -> date(value);
      case TIME -> time(value);
      case TIMESTAMP, TIMESTAMP_WITH_TIMEZONE -> to(value, LocalDateTime.class);
      case ARRAY -> list(value);
      case OTHER, JAVA_OBJECT -> ParameterConversions.of(value);
      case NULL, ROWID, REF, REF_CURSOR, DATALINK, SQLXML, STRUCT, DISTINCT, TIME_WITH_TIMEZONE ->
          throw Errors.unsupported("a parameter of type " + type);
    };
  }

  private static <T> T to(Object value, Class<T> target) throws SQLException {
    Object plain = ParameterConversions.of(value);
    if (plain == null) {
      throw Errors.of("22018", "the value is null");
    }
    return Errors.guard(() -> Conversions.to(plain, target));
  }

  private static long whole(Object value, long least, long greatest) throws SQLException {
    BigDecimal number = to(value, BigDecimal.class);
    if (number.precision() - (long) number.scale() > 19
        || number.compareTo(BigDecimal.valueOf(least)) < 0
        || number.compareTo(BigDecimal.valueOf(greatest)) > 0) {
      throw Errors.of("22003", "the value is out of the range of the type");
    }
    if (number.stripTrailingZeros().scale() > 0) {
      throw Errors.of("22003", "the value has a fraction, which the type cannot hold");
    }
    return number.longValue();
  }

  private static BigDecimal decimal(Object value, int scale) throws SQLException {
    BigDecimal number = ParameterConversions.bounded(to(value, BigDecimal.class));
    if (scale == NO_SCALE) {
      return number;
    }
    return Errors.guard(() -> number.setScale(scale, RoundingMode.HALF_UP));
  }

  private static String text(Object value) throws SQLException {
    Object plain = ParameterConversions.of(value);
    if (plain instanceof byte[] || plain instanceof List || plain == null) {
      throw Errors.of("22018", "a " + value.getClass().getSimpleName() + " is no text");
    }
    return Conversions.text(plain);
  }

  private static Object bytes(Object value) throws SQLException {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    throw Errors.of("22018", "a " + value.getClass().getSimpleName() + " is not bytes");
  }

  /** An instant's date is that of the JVM's zone, as with {@code java.sql.Date}. */
  private static LocalDate date(Object value) throws SQLException {
    ZonedDateTime moment = moment(value);
    return moment == null ? to(value, LocalDate.class) : moment.toLocalDate();
  }

  private static LocalTime time(Object value) throws SQLException {
    ZonedDateTime moment = moment(value);
    return moment == null ? to(value, LocalTime.class) : moment.toLocalTime();
  }

  private static @Nullable ZonedDateTime moment(Object value) {
    if (value instanceof Instant instant) {
      return instant.atZone(ZoneId.systemDefault());
    }
    boolean local = value instanceof java.sql.Date || value instanceof java.sql.Time;
    if (value instanceof java.util.Date date && !local) {
      return shown(date.toInstant(), ZoneId.systemDefault());
    }
    if (value instanceof Calendar calendar) {
      return shown(calendar.toInstant(), calendar.getTimeZone().toZoneId());
    }
    if (value instanceof OffsetDateTime dateTime) {
      return dateTime.toZonedDateTime();
    }
    return value instanceof ZonedDateTime dateTime ? dateTime : null;
  }

  private static ZonedDateTime shown(Instant instant, ZoneId zone) {
    return JulianMoments.shown(instant, zone).atZone(zone);
  }

  private static Object list(Object value) throws SQLException {
    Object plain = ParameterConversions.of(value);
    if (plain instanceof List<?> list) {
      return list;
    }
    throw Errors.of("22018", "a " + value.getClass().getSimpleName() + " is no ARRAY");
  }
}
