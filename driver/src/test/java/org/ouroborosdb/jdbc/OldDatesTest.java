package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.text.SimpleDateFormat;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** Dates and timestamps around the change from the Julian to the Gregorian calendar. */
class OldDatesTest extends WithDatabase {
  private static final TimeZone UTC = TimeZone.getTimeZone("UTC");

  private static final List<String> DAYS =
      List.of("0001-01-01", "0400-02-29", "1500-03-01", "1582-10-04", "1582-10-15", "2024-02-29");

  /** Writes a moment as java.util does, in UTC. */
  private static String printed(java.util.Date moment) {
    SimpleDateFormat format = new SimpleDateFormat("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    format.setTimeZone(UTC);
    return format.format(moment);
  }

  @Test
  void old_dates_are_read_as_they_are_written() throws SQLException {
    for (String day : DAYS) {
      LocalDateTime moment = LocalDate.parse(day).atTime(10, 11, 12, 345_000_000);
      String sql = "SELECT DATE '" + day + "', TIMESTAMP '" + day + " 10:11:12.345'";
      try (Statement statement = db.createStatement();
          ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        assertEquals(LocalDate.parse(day), rows.getObject(1, LocalDate.class));
        assertEquals(day, rows.getDate(1).toString());
        assertEquals(day, rows.getString(1));
        assertEquals(day + " 00:00:00", printed(rows.getDate(1, Calendar.getInstance(UTC))));
        assertEquals(moment, rows.getObject(2, LocalDateTime.class));
        assertEquals(moment.atOffset(ZoneOffset.UTC), rows.getObject(2, OffsetDateTime.class));
        assertEquals(day, rows.getDate(2).toString());
        assertEquals(day + " 10:11:12", printed(rows.getTimestamp(2)));
        assertEquals(345_000_000, rows.getTimestamp(2).getNanos());
        assertEquals(day + " 10:11:12", printed(rows.getObject(2, java.util.Date.class)));
      }
    }
  }

  @Test
  void old_dates_are_written_as_they_are_read() throws SQLException {
    for (String day : DAYS) {
      LocalDateTime moment = LocalDate.parse(day).atTime(10, 11, 12, 345_000_000);
      Timestamp timestamp;
      Date midnight;
      try (Statement statement = db.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "SELECT TIMESTAMP '" + day + " 10:11:12.345', DATE '" + day + "'")) {
        rows.next();
        timestamp = rows.getTimestamp(1);
        midnight = rows.getDate(2, Calendar.getInstance(UTC));
      }
      assertEquals(day, given("DATE", q -> q.setDate(1, Date.valueOf(day))));
      assertEquals(day, given("DATE", q -> q.setObject(1, LocalDate.parse(day))));
      assertEquals(day, given("DATE", q -> q.setDate(1, midnight, Calendar.getInstance(UTC))));
      String text = day + " 10:11:12.345";
      assertEquals(text, given("TIMESTAMP(3)", q -> q.setTimestamp(1, timestamp)));
      assertEquals(text, given("TIMESTAMP(3)", q -> q.setObject(1, moment)));
      assertEquals(
          text, given("TIMESTAMP(3)", q -> q.setObject(1, moment.atOffset(ZoneOffset.UTC))));
    }
  }

  private interface Setter {
    void set(PreparedStatement query) throws SQLException;
  }

  private String given(String type, Setter setter) throws SQLException {
    String sql = "SELECT CAST(CAST(? AS " + type + ") AS VARCHAR)";
    try (PreparedStatement query = db.prepareStatement(sql)) {
      setter.set(query);
      return column(query.executeQuery(), 1).get(0);
    }
  }
}
