package org.ouroborosdb.sql.dialect;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.store.Content;

/**
 * Turns parameter values, of any class of {@link SqlType}, into what Calcite's generated code
 * expects of a type. A value that the type cannot hold whole is an error, never cut or rounded.
 */
public final class ParameterValues {
  private final int maxContentBytes;

  public ParameterValues(int maxContentBytes) {
    this.maxContentBytes = maxContentBytes;
  }

  public int maxContentBytes() {
    return maxContentBytes;
  }

  public @Nullable Object toRuntime(@Nullable Object value, RelDataType type) {
    if (value == null) {
      return null;
    }
    try {
      return convert(value, type);
    } catch (NumberFormatException | DateTimeException e) {
      throw bad(value, type.toString(), e);
    } catch (ArithmeticException e) {
      throw new SqlException(
          SqlState.OUT_OF_RANGE, "a parameter's value does not fit " + type + " exactly", e);
    }
  }

  private @Nullable Object convert(Object value, RelDataType type) {
    return switch (Types.of(type)) {
      case BOOLEAN -> bool(value);
      case TINYINT -> integer(value).byteValueExact();
      case SMALLINT -> integer(value).shortValueExact();
      case INTEGER -> value instanceof Integer ? value : integer(value).intValueExact();
      case BIGINT -> value instanceof Long ? value : integer(value).longValueExact();
      case DECIMAL -> decimal(number(value), type);
      case REAL -> real(value);
      case DOUBLE -> real(value, value instanceof Number n ? n : number(value));
      case CHAR, VARCHAR -> text(value);
      case BINARY, VARBINARY, BLOB -> bytes(value);
      case DATE -> (int) date(value).toEpochDay();
      case TIME -> (int) (time(value).toNanoOfDay() / 1_000_000L);
      case TIMESTAMP, TIMESTAMP_WITH_TIME_ZONE -> millis(value);
      case INTERVAL_YEAR_MONTH -> months(value);
      case INTERVAL_DAY_TIME ->
          value instanceof Duration d ? d.toMillis() : (Object) integer(value).longValueExact();
      case ARRAY -> list(value, type.getComponentType());
      case NULL -> throw bad(value, "NULL", null);
      case MAP, ROW, ANY -> value;
    };
  }

  public static Boolean bool(Object value) {
    if (value instanceof Boolean b) {
      return b;
    }
    if (value instanceof Number n) {
      return n.doubleValue() != 0;
    }
    return switch (value.toString().trim().toLowerCase(Locale.ROOT)) {
      case "true", "t", "1" -> true;
      case "false", "f", "0" -> false;
      default -> throw bad(value, "BOOLEAN", null);
    };
  }

  public static String text(Object value) {
    if (value instanceof byte[] || value instanceof Content || value instanceof List) {
      throw bad(value, "VARCHAR", null);
    }
    return value instanceof BigDecimal d ? d.toPlainString() : value.toString();
  }

  private static BigInteger integer(Object value) {
    if (value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte) {
      return BigInteger.valueOf(((Number) value).longValue());
    }
    return number(value).toBigIntegerExact();
  }

  private static float real(Object value) {
    double number = real(value, value instanceof Number n ? n : number(value));
    if (Double.isFinite(number) && Float.isInfinite((float) number)) {
      throw new ArithmeticException("beyond the range of REAL");
    }
    return (float) number;
  }

  /** The nearest DOUBLE; infinite only for a value that is. */
  private static double real(Object value, Number number) {
    double nearest = number.doubleValue();
    if (Double.isInfinite(nearest) && !(value instanceof Double) && !(value instanceof Float)) {
      throw new ArithmeticException("beyond the range of DOUBLE");
    }
    return nearest;
  }

  /** A number with at most the digits that a DECIMAL(p, s) has before and behind its point. */
  private static BigDecimal decimal(BigDecimal number, RelDataType type) {
    int scale = Math.max(0, type.getScale());
    long wholeDigits = (long) number.precision() - number.scale();
    if (number.signum() != 0 && wholeDigits > type.getPrecision() - scale) {
      throw new ArithmeticException("too many digits");
    }
    return number.signum() == 0
        ? BigDecimal.ZERO.setScale(scale)
        : number.setScale(scale, RoundingMode.UNNECESSARY);
  }

  public static BigDecimal number(Object value) {
    if (value instanceof BigDecimal d) {
      return d;
    }
    if (value instanceof Boolean b) {
      return b ? BigDecimal.ONE : BigDecimal.ZERO;
    }
    if (value instanceof Number || value instanceof String) {
      String digits = value.toString().trim();
      if (digits.length() > 1000) {
        throw new NumberFormatException("too long");
      }
      return new BigDecimal(digits);
    }
    throw bad(value, "number", null);
  }

  private ByteString bytes(Object value) {
    if (value instanceof byte[] b) {
      return new ByteString(b.clone());
    }
    if (value instanceof ByteString b) {
      return b;
    }
    if (value instanceof Content content) {
      return new ByteString(content.readAll(maxContentBytes));
    }
    throw bad(value, "VARBINARY", null);
  }

  private static LocalDate date(Object value) {
    return value instanceof LocalDate date ? date : dateTime(value).toLocalDate();
  }

  private static LocalTime time(Object value) {
    if (value instanceof LocalTime time) {
      return time;
    }
    return value instanceof String text
        ? LocalTime.parse(text.trim())
        : dateTime(value).toLocalTime();
  }

  private static long millis(Object value) {
    return dateTime(value).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  /** Reads any value that names a moment, as a date and time in UTC. */
  public static LocalDateTime dateTime(Object value) {
    if (value instanceof LocalDateTime moment) {
      return moment;
    }
    if (value instanceof Instant instant) {
      return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
    if (value instanceof OffsetDateTime moment) {
      return moment.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }
    if (value instanceof LocalDate date) {
      return date.atStartOfDay();
    }
    if (value instanceof String text) {
      return dateTime(text.trim());
    }
    throw bad(value, "TIMESTAMP", null);
  }

  private static LocalDateTime dateTime(String text) {
    if (text.length() == 10) {
      return LocalDate.parse(text).atStartOfDay();
    }
    String iso =
        text.length() > 10 && text.charAt(10) == ' '
            ? text.substring(0, 10) + 'T' + text.substring(11)
            : text;
    boolean zoned = iso.endsWith("Z") || iso.indexOf('+') > 0 || iso.lastIndexOf('-') > 10;
    return zoned
        ? OffsetDateTime.parse(iso).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
        : LocalDateTime.parse(iso);
  }

  private static Object months(Object value) {
    if (value instanceof Period period) {
      if (period.getDays() != 0) {
        throw bad(value, "INTERVAL YEAR TO MONTH", null);
      }
      return Math.toIntExact(period.toTotalMonths());
    }
    return integer(value).intValueExact();
  }

  private List<@Nullable Object> list(Object value, @Nullable RelDataType element) {
    List<?> items;
    if (value instanceof Object[] array) {
      items = Arrays.asList(array);
    } else if (value instanceof List<?> list) {
      items = list;
    } else {
      throw bad(value, "ARRAY", null);
    }
    List<@Nullable Object> out = new ArrayList<>(items.size());
    for (Object item : items) {
      out.add(element == null ? item : toRuntime(item, element));
    }
    return out;
  }

  /** Never shows the value: it may be somebody's data. */
  static SqlException bad(Object value, String type, @Nullable Throwable cause) {
    boolean several =
        value instanceof Collection
            || value instanceof java.sql.Array
            || value.getClass().isArray();
    return new SqlException(
        SqlState.BAD_CAST,
        "a parameter's value of class "
            + value.getClass().getSimpleName()
            + " is no "
            + type
            + (several ? "; for an array write ANY(CAST(? AS VARCHAR ARRAY))" : ""),
        cause);
  }
}
