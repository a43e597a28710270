package org.ouroborosdb.jdbc;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;

/**
 * Moments before 15 October 1582 in the classes of java.sql and java.util, which write them by the
 * Julian calendar: there they have the instant that prints the text of the value. SQL, and
 * java.time, know the Gregorian calendar only.
 */
final class JulianMoments {
  private static final LocalDate FIRST_GREGORIAN = LocalDate.of(1582, 10, 15);

  private JulianMoments() {}

  /** Returns the instant that a calendar of a zone shows as a date and time. */
  static Instant instant(LocalDateTime shown, ZoneId zone) {
    if (!shown.toLocalDate().isBefore(FIRST_GREGORIAN)) {
      return shown.atZone(zone).toInstant();
    }
    GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone));
    calendar.clear();
    int year = shown.getYear();
    calendar.set(Calendar.ERA, year > 0 ? GregorianCalendar.AD : GregorianCalendar.BC);
    calendar.set(
        year > 0 ? year : 1 - year,
        shown.getMonthValue() - 1,
        shown.getDayOfMonth(),
        shown.getHour(),
        shown.getMinute(),
        shown.getSecond());
    return Instant.ofEpochMilli(calendar.getTimeInMillis()).plusNanos(shown.getNano());
  }

  /** Returns what a calendar of a zone shows at an instant. */
  static LocalDateTime shown(Instant instant, ZoneId zone) {
    LocalDateTime gregorian = LocalDateTime.ofInstant(instant, zone);
    if (!gregorian.toLocalDate().isBefore(FIRST_GREGORIAN)) {
      return gregorian;
    }
    GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone(zone));
    calendar.setTimeInMillis(instant.toEpochMilli());
    int year = calendar.get(Calendar.YEAR);
    return LocalDateTime.of(
        calendar.get(Calendar.ERA) == GregorianCalendar.AD ? year : 1 - year,
        calendar.get(Calendar.MONTH) + 1,
        calendar.get(Calendar.DAY_OF_MONTH),
        calendar.get(Calendar.HOUR_OF_DAY),
        calendar.get(Calendar.MINUTE),
        calendar.get(Calendar.SECOND),
        gregorian.getNano());
  }
}
