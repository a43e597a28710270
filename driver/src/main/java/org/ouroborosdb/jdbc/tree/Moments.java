package org.ouroborosdb.jdbc.tree;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/**
 * Reads the moments that {@link Instant#toString} writes, and leaves others to the platform, whose
 * formatter took 4 % of the processor time of an export: a tree has two moments for each file.
 */
final class Moments {
  private static final String SHAPE = "0000-00-00T00:00:00"; // a zero for any digit
  private static final int SECONDS_END = SHAPE.length();
  private static final int NANO_DIGITS = 9;

  private Moments() {}

  /**
   * Returns the moment that a text stands for.
   *
   * @throws DateTimeException if the text is none
   */
  static Instant parse(String text) {
    if (isUsual(text)) {
      try {
        return usual(text);
      } catch (DateTimeException e) {
        return Instant.parse(text); // a leap second, the end of a day as 24:00, or none
      }
    }
    return Instant.parse(text);
  }

  private static boolean isUsual(String text) {
    int last = text.length() - 1;
    int fraction = last - SECONDS_END - 1; // its digits; -1 where there is no point either
    if (fraction < -1 || fraction == 0 || fraction > NANO_DIGITS || text.charAt(last) != 'Z') {
      return false;
    }
    for (int i = 0; i < last; i++) {
      char expected = i < SECONDS_END ? SHAPE.charAt(i) : i == SECONDS_END ? '.' : '0';
      char found = text.charAt(i);
      if (expected == '0' ? found < '0' || found > '9' : found != expected) {
        return false;
      }
    }
    return true;
  }

  private static Instant usual(String text) {
    int last = text.length() - 1;
    int nanos = last == SECONDS_END ? 0 : number(text, SECONDS_END + 1, last);
    for (int end = last; end < SECONDS_END + 1 + NANO_DIGITS; end++) {
      nanos *= 10;
    }
    LocalDate date = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    int second = number(text, 17, SECONDS_END);
    LocalTime time = LocalTime.of(number(text, 11, 13), number(text, 14, 16), second, nanos);
    return date.atTime(time).toInstant(ZoneOffset.UTC);
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
