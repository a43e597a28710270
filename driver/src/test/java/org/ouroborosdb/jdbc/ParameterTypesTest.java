package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Calendar;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** What the setters make of Java values, and of the type and scale that a caller names. */
class ParameterTypesTest extends WithDatabase {
  private String typed(Object value, int type) throws SQLException {
    try (PreparedStatement query = db.prepareStatement("SELECT ? FROM roots")) {
      query.setObject(1, value, type);
      return column(query.executeQuery(), 1).get(0);
    }
  }

  @Test
  void a_named_type_converts_or_refuses() throws SQLException {
    assertEquals("12", typed("12", Types.INTEGER));
    assertEquals("1", typed(true, Types.INTEGER));
    assertEquals("12", typed(new BigDecimal("12.000"), Types.BIGINT));
    assertEquals("true", typed(1, Types.BOOLEAN));
    assertEquals("12.5", typed(12.5, Types.VARCHAR));
    assertEquals("2020-01-05", typed("2020-01-05", Types.DATE));
    assertEquals("10:11:12.500", typed(LocalTime.of(10, 11, 12, 500_000_000), Types.TIME));
    assertEquals("2020-01-05T10:00", typed("2020-01-05 12:00:00+02:00", Types.TIMESTAMP));
    assertState("22003", () -> typed(128, Types.TINYINT));
    assertState("22003", () -> typed(40_000, Types.SMALLINT));
    assertState("22003", () -> typed(1L << 31, Types.INTEGER));
    assertState("22003", () -> typed(BigInteger.ONE.shiftLeft(63), Types.BIGINT));
    assertState("22003", () -> typed(1.5, Types.INTEGER));
    assertState("22003", () -> typed("1e999999999", Types.BIGINT));
    assertState("22003", () -> typed(1e39, Types.REAL));
    assertState("22003", () -> typed("1e400", Types.DOUBLE));
    assertState("22018", () -> typed("twelve", Types.INTEGER));
    assertState("22018", () -> typed("not a date", Types.DATE));
    assertState("22018", () -> typed("text", Types.VARBINARY));
    assertState("22018", () -> typed(new byte[] {1}, Types.VARCHAR));
    assertState("22018", () -> typed(new ByteArrayInputStream(new byte[1]), Types.VARCHAR));
    assertState("0A001", () -> typed("x", Types.SQLXML));
    assertState("HY004", () -> typed("x", 4711));
  }

  @Test
  void a_named_scale_rounds_and_a_named_length_bounds_a_stream() throws SQLException {
    try (PreparedStatement query = db.prepareStatement("SELECT CAST(? AS DECIMAL(10, 3))")) {
      query.setObject(1, "2.345", Types.DECIMAL, 2);
      assertEquals(new BigDecimal("2.35"), decimal(query));
      query.setObject(1, new BigDecimal("2.345"), JDBCType.NUMERIC);
      assertEquals(new BigDecimal("2.345"), decimal(query));
      assertState("22003", () -> query.setObject(1, "2", Types.DECIMAL, -3));
    }
    try (PreparedStatement query = db.prepareStatement("SELECT ?")) {
      query.setObject(1, new StringReader("abcdef"), Types.VARCHAR, 3);
      assertEquals(List.of("abc"), column(query.executeQuery(), 1));
      assertState(
          "22026", () -> query.setObject(1, new StringReader("ab"), JDBCType.LONGVARCHAR, 3));
    }
    try (PreparedStatement file =
        db.prepareStatement("INSERT INTO files(parent, name, content) VALUES (?, 'f', ?)")) {
      file.setString(1, root);
      file.setObject(2, new ByteArrayInputStream(new byte[10]), Types.BLOB, 4);
      file.executeUpdate();
    }
    assertEquals(List.of("4"), query("SELECT length FROM files"));
  }

  private static BigDecimal decimal(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      rows.next();
      return rows.getBigDecimal(1).stripTrailingZeros();
    }
  }

  @Test
  void an_instant_becomes_a_date_of_the_zone_of_the_machine() throws SQLException {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("Pacific/Auckland", "America/Los_Angeles", "UTC")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        Timestamp noon = Timestamp.valueOf("2020-01-05 12:00:00.25");
        assertEquals("2020-01-05", typed(noon, Types.DATE));
        assertEquals("12:00:00.250", typed(noon, Types.TIME));
        assertEquals("12:00:00.250", typed(new Time(noon.getTime()), Types.TIME));
        assertEquals(
            LocalDateTime.ofInstant(noon.toInstant(), java.time.ZoneOffset.UTC).toString(),
            typed(noon, Types.TIMESTAMP));
        Calendar calendar = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
        calendar.setTimeInMillis(Instant.parse("2020-01-05T20:00:00Z").toEpochMilli());
        assertEquals("2020-01-06", typed(calendar, Types.DATE));
        assertEquals("2020-01-05", typed(LocalDate.of(2020, 1, 5), Types.DATE));
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void a_class_that_is_no_sql_value_is_refused_not_stored_as_its_text() throws SQLException {
    try (PreparedStatement query = db.prepareStatement("SELECT ?")) {
      for (Object value :
          new Object[] {
            new Object(), Thread.State.NEW, new int[] {1}, java.util.Locale.ROOT, Optional.EMPTY
          }) {
        assertState("07006", () -> query.setObject(1, value));
      }
      assertState("07006", () -> query.setObject(1, new Object[] {new Object()}));
      query.setObject(1, java.nio.CharBuffer.wrap("built"));
      assertEquals(List.of("built"), column(query.executeQuery(), 1));
    }
  }

  private static final class Optional {
    static final Object EMPTY = java.util.Optional.empty();
  }

  @Test
  void text_streams_in_the_wrong_encoding_are_errors() throws SQLException {
    byte[] bytes = "Grüße".getBytes(StandardCharsets.UTF_8);
    try (PreparedStatement query = db.prepareStatement("SELECT ?")) {
      assertState("22021", () -> query.setAsciiStream(1, new ByteArrayInputStream(bytes)));
      query.setString(1, "Grüße");
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        assertState("22021", () -> rows.getAsciiStream(1));
        assertEquals("Grüße", rows.getNString(1));
      }
      assertState("22003", () -> query.setCharacterStream(1, new StringReader("x"), -1L));
      assertThrows(SQLException.class, () -> query.setBinaryStream(1, null, -1));
    }
  }

  @Test
  void a_number_that_a_parameter_cannot_hold_is_an_error_not_infinite() throws SQLException {
    try (PreparedStatement query = db.prepareStatement("SELECT CAST(? AS REAL)")) {
      query.setDouble(1, 1e300);
      assertState("22003", query::executeQuery);
    }
    try (PreparedStatement query = db.prepareStatement("SELECT CAST(? AS DOUBLE)")) {
      query.setBigDecimal(1, new BigDecimal("1e400"));
      assertState("22003", query::executeQuery);
    }
  }

  @Test
  void a_parameter_is_one_of_the_tags_or_none() throws SQLException {
    insert("INSERT INTO events(parent, title, tags) VALUES (?, 'one', ARRAY['a', 'b'])", root);
    String sql = "SELECT title FROM events WHERE ? = ANY(tags)";
    assertEquals(List.of("one"), query(sql, "b"));
    assertEquals(List.of(), query(sql, "c"));
    assertEquals(List.of(), query(sql, (Object) null));
    assertState(
        "42P18", () -> db.prepareStatement("SELECT title FROM events WHERE (? || ?) = ANY(tags)"));
  }
}
