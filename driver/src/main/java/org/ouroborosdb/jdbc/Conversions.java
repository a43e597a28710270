package org.ouroborosdb.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Content;

/**
 * Turns the engine's values into the classes that {@code ResultSet} getters promise (JDBC 4.3,
 * appendix B). Timestamps are kept in UTC; the JVM's zone plays a part only where the target is a
 * {@code java.sql} class whose value is an instant or a local date.
 */
final class Conversions {
  /** The most digits before the point that a whole number is made of; beyond is no number. */
  private static final int MAX_DIGITS = 10_000;

  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  private static final DateTimeFormatter TIMESTAMP_TEXT =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(java.time.temporal.ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(java.util.Locale.ROOT);

  private Conversions() {}

  /** Converts a value, which is not null, to a class. */
  static <T> T to(Object value, Class<T> target) throws SQLException {
    if (target.isInstance(value) && target != Object.class) {
      return target.cast(value);
    }
    try {
      Object converted = convert(value, target);
      if (converted != null) {
        return target.cast(converted);
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      throw bad(value, target, e);
    }
    throw bad(value, target, null);
  }

  private static SQLException bad(Object value, Class<?> target, @Nullable Throwable cause) {
    return Errors.of(
        "22018",
        "a value of class "
            + value.getClass().getSimpleName()
            + " cannot be read as "
            + target.getSimpleName(),
        cause == null ? new ClassCastException(target.getName()) : cause);
  }

  private static @Nullable Object convert(Object value, Class<?> target) throws SQLException {
    if (target == String.class) {
      return text(value);
    }
    if (target == Boolean.class) {
      return bool(value);
    }
    if (Number.class.isAssignableFrom(target)) {
      return isFloating(target) && isFloating(value.getClass())
          ? Numbers.floating(((Number) value).doubleValue(), target)
          : Numbers.to(decimal(value), target);
    }
    if (target == byte[].class) {
      return bytes(value);
    }
    if (target == InputStream.class) {
      return value instanceof Content content
          ? GuardedStream.ofContent(content.stream())
          : new ByteArrayInputStream(bytes(value));
    }
    if (target == Blob.class) {
      return value instanceof Content content
          ? new ContentBlob(content, null)
          : new BytesBlob(bytes(value));
    }
    if (target == Array.class) {
      return value instanceof List<?> list ? new ListArray(list, null) : null;
    }
    if (target == String[].class || target == Object[].class) {
      return array(value, target);
    }
    if (target == UUID.class) {
      return UUID.fromString(text(value));
    }
    if (target == Object.class) {
      return value;
    }
    return temporal(value, target);
  }

  private static boolean isFloating(Class<?> type) {
    return type == Double.class || type == Float.class;
  }

  private static @Nullable Object array(Object value, Class<?> target) {
    if (!(value instanceof List<?> list)) {
      return null;
    }
    return target == String[].class
        ? list.stream().map(each -> each == null ? null : each.toString()).toArray(String[]::new)
        : list.toArray();
  }

  private static @Nullable Object temporal(Object value, Class<?> target) {
    if (target == LocalTime.class || target == java.sql.Time.class) {
      LocalTime time = time(value);
      return target == LocalTime.class ? time : sqlTime(time, ZoneId.systemDefault());
    }
    if (target == LocalDate.class) {
      return dateTime(value).toLocalDate();
    }
    if (target == java.sql.Date.class) {
      return java.sql.Date.valueOf(dateTime(value).toLocalDate());
    }
    if (target == LocalDateTime.class) {
      return dateTime(value);
    }
    LocalDateTime dateTime = dateTime(value);
    if (target == Timestamp.class) {
      return Timestamp.from(JulianMoments.instant(dateTime, ZoneOffset.UTC));
    }
    if (target == java.util.Date.class) {
      return java.util.Date.from(JulianMoments.instant(dateTime, ZoneOffset.UTC));
    }
    Instant instant = dateTime.toInstant(ZoneOffset.UTC);
    if (target == Instant.class) {
      return instant;
    }
    if (target == OffsetDateTime.class) {
      return instant.atOffset(ZoneOffset.UTC);
    }
    if (target == ZonedDateTime.class) {
      return instant.atZone(ZoneId.of("UTC"));
    }
    return null;
  }

  /** Returns a time of 1970-01-01 in a zone; {@code Time.valueOf} would drop the milliseconds. */
  static java.sql.Time sqlTime(LocalTime time, ZoneId zone) {
    return new java.sql.Time(time.atDate(LocalDate.EPOCH).atZone(zone).toInstant().toEpochMilli());
  }

  private static LocalDateTime dateTime(Object value) {
    if (value instanceof LocalDateTime dateTime) {
      return dateTime;
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    if (value instanceof Instant instant) {
      return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
    if (value instanceof String text) {
      return dateTime(text.strip());
    }
    throw new IllegalArgumentException("no moment");
  }

  /** Reads a date, a date and time, or one with an offset. */
  private static LocalDateTime dateTime(String text) {
    if (text.length() <= 10) {
      return LocalDate.parse(text).atStartOfDay();
    }
    boolean zoned = text.endsWith("Z") || text.indexOf('+') > 0 || text.lastIndexOf('-') > 10;
    return zoned
        ? OffsetDateTime.parse(text.replace(' ', 'T'))
            .withOffsetSameInstant(ZoneOffset.UTC)
            .toLocalDateTime()
        : LocalDateTime.parse(text.replace('T', ' '), TIMESTAMP_TEXT);
  }

  /** Returns text as ASCII. */
  static byte[] ascii(String text) throws SQLException {
    if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
      throw Errors.of("22021", "the text has characters that are not ASCII");
    }
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static LocalTime time(Object value) {
    if (value instanceof LocalTime time) {
      return time;
    }
    if (value instanceof String text) {
      return LocalTime.parse(text.strip());
    }
    return dateTime(value).toLocalTime();
  }

  static String text(Object value) throws SQLException {
    if (value instanceof byte[] || value instanceof Content) {
      return HexFormat.of().formatHex(bytes(value));
    }
    if (value instanceof LocalDateTime dateTime) {
      return TIMESTAMP_TEXT.format(dateTime);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    if (value instanceof Boolean bool) {
      return bool ? "true" : "false";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
    }
    return value.toString();
  }

  private static Boolean bool(Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    if (value instanceof Number number) {
      return new BigDecimal(number.toString()).signum() != 0;
    }
    String text = value instanceof String string ? string.strip() : "";
    if (text.equalsIgnoreCase("true") || text.equals("1")) {
      return true;
    }
    if (text.equalsIgnoreCase("false") || text.equals("0")) {
      return false;
    }
    throw new IllegalArgumentException("no truth value");
  }

  private static BigDecimal decimal(Object value) throws SQLException {
    if (value instanceof BigDecimal decimal) {
      return decimal;
    }
    if (value instanceof Boolean bool) {
      return bool ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      if (Double.isNaN(number) || Double.isInfinite(number)) {
        throw Errors.of("22003", "the value " + number + " has no decimal form");
      }
      return new BigDecimal(value.toString());
    }
    if (value instanceof Number number) {
      return BigDecimal.valueOf(number.longValue());
    }
    if (value instanceof String text) {
      return new BigDecimal(text.strip());
    }
    throw new IllegalArgumentException("no number");
  }

  static byte[] bytes(Object value) throws SQLException {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof Content content) {
      return content.readAll(MAX_BYTES);
    }
    if (value instanceof String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    throw bad(value, byte[].class, null);
  }

  /** Narrows numbers, with 22003 where the value does not fit. */
  static final class Numbers {
    private Numbers() {}

    private static SQLException outOfRange(Class<?> target) {
      return Errors.of("22003", "the value is out of the range of " + target.getSimpleName());
    }

    /** Narrows a finite number to a finite one; NaN and the infinities stay. */
    static Object floating(double value, Class<?> target) throws SQLException {
      if (target == Double.class) {
        return value;
      }
      if (Double.isFinite(value) && Float.isInfinite((float) value)) {
        throw outOfRange(target);
      }
      return (float) value;
    }

    static @Nullable Object to(BigDecimal value, Class<?> target) throws SQLException {
      if (target == BigDecimal.class) {
        return value;
      }
      if (target == Double.class || target == Float.class) {
        Number number = target == Double.class ? (Number) value.doubleValue() : value.floatValue();
        if (Double.isInfinite(number.doubleValue())) {
          throw outOfRange(target);
        }
        return number;
      }
      if ((long) value.precision() - value.scale() > MAX_DIGITS) {
        throw outOfRange(target);
      }
      BigInteger whole = value.toBigInteger();
      if (target == BigInteger.class) {
        return whole;
      }
      int bits =
          target == Long.class
              ? 63
              : target == Integer.class
                  ? 31
                  : target == Short.class ? 15 : target == Byte.class ? 7 : -1;
      if (bits < 0) {
        return null;
      }
      if (whole.bitLength() > bits) {
        throw outOfRange(target);
      }
      long number = whole.longValue();
      return switch (bits) {
        case 63 -> (Object) number;
        case 31 -> (int) number;
        case 15 -> (short) number;
        default -> (byte) number;
      };
    }
  }
}
