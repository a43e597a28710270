package org.ouroborosdb.jdbc.shell;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ouroborosdb.store.Snapshot;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A moment of a database's past, as {@code FOR SYSTEM_TIME AS OF} knows it.
 *
 * @param of gives the state as of the moment
 */
record Moment(UnaryOperator<Snapshot> of) {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final Pattern NUMBERED = Pattern.compile("(seq|level)\\((\\d{1,19})\\)");

  /** Reads {@code seq(n)}, {@code level(n)}, or a time with its offset from UTC. */
  static final class Converter implements ITypeConverter<Moment> {
    @Override
    public Moment convert(String text) {
      try {
        Matcher numbered = NUMBERED.matcher(text);
        if (numbered.matches()) {
          long number = Long.parseLong(numbered.group(2));
          return numbered.group(1).equals("seq")
              ? new Moment(now -> now.asOfSeq(number))
              : new Moment(now -> now.asOfLevel(number));
        }
        long level = lastLevel(OffsetDateTime.parse(text).toInstant());
        return new Moment(now -> now.asOfLevel(level));
      } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
        throw new TypeConversionException(
            "'" + text + "' is no moment: write 2026-01-31T12:00:00Z, seq(N) or level(N)");
      }
    }
  }

  /** Returns the level of the last event created at an instant; all of its millisecond if whole. */
  private static long lastLevel(Instant instant) {
    long nanos =
        Math.addExact(
            Math.multiplyExact(instant.getEpochSecond(), NANOS_PER_SECOND), instant.getNano());
    return nanos % NANOS_PER_MILLI == 0 ? nanos + NANOS_PER_MILLI - 1 : nanos;
  }
}
