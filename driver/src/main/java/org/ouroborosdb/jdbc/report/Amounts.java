package org.ouroborosdb.jdbc.report;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Writes numbers, sizes and times for people. */
public final class Amounts {
  private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  private static final long NANOS = 1_000_000_000L;
  private static final long DAY_SECONDS = 86_400;
  private static final int STEP = 1024;

  private Amounts() {}

  /** Returns a number of bytes with a unit, as {@code 1.5 MiB}. */
  public static String bytes(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= STEP && unit < UNITS.length - 1) {
      size /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", size, UNITS[unit]);
  }

  /** Returns a number with a comma at the thousands. */
  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** Returns how often a part goes into a whole, as {@code 1.5 x}. */
  static String ratio(long whole, long part) {
    return part == 0 ? "\u2013" : String.format(Locale.ROOT, "%.2f \u00d7", (double) whole / part);
  }

  /** Returns a time in UTC, the finer the shorter the span that it lies in. */
  static String time(long level, long spanNanos) {
    long seconds = spanNanos / NANOS;
    String pattern =
        seconds > 60 * DAY_SECONDS
            ? "uuuu-MM-dd"
            : seconds > DAY_SECONDS ? "MM-dd HH:mm" : seconds > 60 ? "HH:mm:ss" : "HH:mm:ss.SSS";
    return format(level, pattern);
  }

  /** Returns a time in UTC to the second. */
  static String time(long level) {
    return format(level, "uuuu-MM-dd HH:mm:ss 'UTC'");
  }

  private static String format(long level, String pattern) {
    Instant instant =
        Instant.ofEpochSecond(Math.floorDiv(level, NANOS), Math.floorMod(level, NANOS));
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
        .withZone(ZoneOffset.UTC)
        .format(instant);
  }
}
