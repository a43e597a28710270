package org.ouroborosdb.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.CharacterCodingException;
import java.sql.Array;
import java.sql.Clob;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Turns what setters are given into the classes that the engine takes. */
final class ParameterConversions {
  /** As much text as an event's metadata may have; no column takes more. */
  private static final int MAX_CHARACTERS = 16 << 20;

  private static final int MAX_DIGITS = 10_000;

  private ParameterConversions() {}

  /**
   * Converts a value that is complete in memory; byte arrays are copied.
   *
   * @throws SQLException 07006 for a class that stands for no SQL value, 38000 if the value's own
   *     methods fail
   */
  static @Nullable Object of(@Nullable Object value) throws SQLException {
    try {
      return converted(value);
    } catch (RuntimeException | Error e) {
      throw Errors.ofGiven(e);
    }
  }

  private static @Nullable Object converted(@Nullable Object value) throws SQLException {
    if (value == null || value instanceof String || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Number number) {
      return number(number);
    }
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof Array array) {
      return array instanceof ListArray list ? list.elements() : list(array.getArray());
    }
    if (value instanceof Object[] || value instanceof Collection) {
      return list(value);
    }
    if (value instanceof Clob clob) {
      return text(clob);
    }
    if (value instanceof CharSequence || value instanceof Character || value instanceof UUID) {
      return value.toString();
    }
    Object moment = temporal(value);
    if (moment == null) {
      throw Errors.of(
          "07006", "a value of class " + value.getClass().getName() + " is no SQL value");
    }
    return moment;
  }

  /** Checks that a number can be written down: 1e999999999 has a digit too many. */
  static BigDecimal bounded(BigDecimal number) throws SQLException {
    if (number.precision() > MAX_DIGITS || Math.abs((long) number.scale()) > MAX_DIGITS) {
      throw Errors.of("22003", "a number of more than " + MAX_DIGITS + " digits");
    }
    return number;
  }

  private static Number number(Number number) throws SQLException {
    if (number instanceof BigInteger integer) {
      return bounded(new BigDecimal(integer));
    }
    if (number instanceof BigDecimal decimal) {
      return bounded(decimal);
    }
    if (number instanceof AtomicInteger || number instanceof AtomicLong) {
      return number.longValue();
    }
    if (number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte
        || number instanceof Double
        || number instanceof Float) {
      return number;
    }
    throw Errors.of(
        "07006", "a number of class " + number.getClass().getName() + " is no SQL value");
  }

  /** Reads a caller's CLOB through its stream, which wrappers have where they have no more. */
  static String text(Clob clob) throws SQLException {
    Reader reader = clob.getCharacterStream();
    return reader == null ? "" : text(reader, -1);
  }

  private static @Nullable Object temporal(Object value) throws SQLException {
    if (value instanceof Timestamp timestamp) {
      return JulianMoments.shown(timestamp.toInstant(), ZoneOffset.UTC);
    }
    if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    }
    if (value instanceof java.sql.Time time) {
      return Instant.ofEpochMilli(time.getTime()).atZone(ZoneId.systemDefault()).toLocalTime();
    }
    if (value instanceof java.util.Date date) {
      return JulianMoments.shown(date.toInstant(), ZoneOffset.UTC);
    }
    if (value instanceof Calendar calendar) {
      return JulianMoments.shown(calendar.toInstant(), ZoneOffset.UTC);
    }
    if (value instanceof Instant instant) {
      return utc(instant);
    }
    if (value instanceof OffsetDateTime time) {
      return utc(time.toInstant());
    }
    if (value instanceof ZonedDateTime time) {
      return utc(time.toInstant());
    }
    return value instanceof LocalDateTime
            || value instanceof LocalDate
            || value instanceof LocalTime
            || value instanceof Period
            || value instanceof Duration
        ? value
        : null;
  }

  private static LocalDateTime utc(Instant instant) throws SQLException {
    try {
      return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw Errors.of("22003", "a moment beyond the years that a TIMESTAMP can have", e);
    }
  }

  private static List<@Nullable Object> list(Object array) throws SQLException {
    Collection<?> given;
    if (array instanceof Collection<?> collection) {
      given = collection;
    } else if (array instanceof Object[] objects) {
      given = Arrays.asList(objects);
    } else {
      throw Errors.of("07006", "a " + array.getClass().getSimpleName() + " is no ARRAY");
    }
    List<@Nullable Object> elements = new ArrayList<>(given.size());
    for (Object element : given) {
      elements.add(converted(element));
    }
    return elements;
  }

  /** Reads text to its end, or exactly {@code length} characters if that is not negative. */
  static String text(Reader reader, long length) throws SQLException {
    StringBuilder text = new StringBuilder();
    char[] buffer = new char[8192];
    try {
      while (length < 0 || text.length() < length) {
        int want =
            (int) (length < 0 ? buffer.length : Math.min(buffer.length, length - text.length()));
        int n = reader.read(buffer, 0, want);
        if (n < 0) {
          break;
        }
        text.append(buffer, 0, n);
        if (text.length() > MAX_CHARACTERS) {
          throw Errors.of("22001", "text of more than " + MAX_CHARACTERS + " characters");
        }
      }
    } catch (CharacterCodingException e) {
      throw Errors.of("22021", "the stream's bytes are not text in the encoding it was given", e);
    } catch (IOException e) {
      throw Errors.of("58030", "reading the parameter's text failed: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      throw Errors.ofGiven(e);
    }
    if (length >= 0 && text.length() != length) {
      throw Errors.of(
          "22026", "the text ended after " + text.length() + " characters, not " + length);
    }
    return text.toString();
  }

  /** A stream that fails unless it has exactly as many bytes as were announced. */
  static InputStream exactly(InputStream stream, long length) {
    return new InputStream() {
      private long left = length;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int count) throws IOException {
        if (count == 0) {
          return 0;
        }
        if (left == 0) {
          return -1;
        }
        int n = stream.read(target, offset, (int) Math.min(left, count));
        if (n < 0) {
          throw new IOException(
              "the stream ended " + left + " bytes before its announced length of " + length);
        }
        left -= n;
        return n;
      }
    };
  }
}
