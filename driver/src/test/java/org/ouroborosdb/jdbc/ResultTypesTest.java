package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.List;
import java.util.Set;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** What the getters make of each type of value. */
class ResultTypesTest extends WithDatabase {
  private static final List<String> VALUES =
      List.of(
          "TRUE",
          "CAST(7 AS TINYINT)",
          "CAST(300 AS SMALLINT)",
          "70000",
          "5000000000",
          "CAST(1.5 AS REAL)",
          "CAST(1e300 AS DOUBLE)",
          "CAST('NaN' AS DOUBLE)",
          "CAST(12.75 AS DECIMAL(10, 2))",
          "'12'",
          "CAST('text' AS VARCHAR)",
          "X'0102'",
          "DATE '2020-01-05'",
          "TIME '10:11:12'",
          "TIMESTAMP '2020-01-05 10:11:12.123'",
          "ARRAY[1, 2]",
          "ARRAY['a', 'b']",
          "INTERVAL '1' DAY",
          "MAP['k', 1]",
          "CAST(NULL AS INTEGER)",
          "CAST(NULL AS TIMESTAMP)",
          "NULL");

  private static final Set<String> NULL_IS_NOT_ANSWERED =
      Set.of("getRef", "getURL", "getRowId", "getSQLXML");

  @Test
  void every_getter_gives_a_value_or_an_sql_exception_for_every_type() throws Exception {
    List<String> escaped = new ArrayList<>();
    for (String value : VALUES) {
      onRow(
          "SELECT " + value + " FROM roots",
          row -> {
            for (Method getter : ResultSet.class.getMethods()) {
              Class<?>[] types = getter.getParameterTypes();
              if (getter.getName().startsWith("get")
                  && types.length == 1
                  && types[0] == int.class) {
                check(row, getter, value, escaped);
              }
            }
            Object object = row.getObject(1);
            String name = row.getMetaData().getColumnClassName(1);
            if (object != null && !isInstance(object, name)) {
              escaped.add(value + " is no " + name + " but " + object.getClass());
            }
          });
    }
    assertEquals(List.of(), escaped);
  }

  private static boolean isInstance(Object object, String name) throws ClassNotFoundException {
    return Class.forName(name).isInstance(object);
  }

  private static void check(ResultSet row, Method getter, String value, List<String> escaped)
      throws SQLException {
    try {
      Object got = getter.invoke(row, 1);
      boolean isNull = value.contains("NULL");
      boolean empty =
          got == null || Boolean.FALSE.equals(got) || (got instanceof Number n && zero(n));
      if (isNull && (!empty || !row.wasNull())) {
        escaped.add(getter.getName() + " of " + value + " is " + got);
      }
      if (!isNull && (got == null || row.wasNull())) {
        escaped.add(getter.getName() + " of " + value + " is null");
      }
    } catch (InvocationTargetException e) {
      boolean proper =
          e.getCause() instanceof SQLException failure
              && failure.getSQLState() != null
              && !failure.getSQLState().startsWith("XX");
      boolean answered = NULL_IS_NOT_ANSWERED.contains(getter.getName());
      if (!proper || (value.contains("NULL") && !answered)) {
        escaped.add(getter.getName() + " of " + value + ": " + e.getCause());
      }
    } catch (IllegalAccessException e) {
      escaped.add(getter + ": " + e);
    }
  }

  private static boolean zero(Number number) {
    return number.doubleValue() == 0;
  }

  @Test
  void numbers_that_do_not_fit_are_errors_never_infinite_or_wrapped() throws Exception {
    onRow(
        "SELECT CAST(1e300 AS DOUBLE), '1e400', 5000000000, CAST(300 AS SMALLINT) FROM roots",
        row -> {
          assertState("22003", () -> row.getFloat(1));
          assertState("22003", () -> row.getLong(1));
          assertState("22003", () -> row.getDouble(2));
          assertState("22003", () -> row.getFloat(2));
          assertState("22003", () -> row.getInt(3));
          assertState("22003", () -> row.getByte(4));
          assertState("22003", () -> row.getObject(4, Byte.class));
          assertEquals(new BigDecimal("1e400"), row.getBigDecimal(2));
          assertEquals(new BigInteger("5000000000"), row.getObject(3, BigInteger.class));
        });
    onRow(
        "SELECT CAST('Infinity' AS DOUBLE), CAST(0.1 AS REAL) FROM roots",
        row -> {
          assertEquals(Float.POSITIVE_INFINITY, row.getFloat(1));
          assertState("22003", () -> row.getBigDecimal(1));
          assertEquals((double) 0.1f, row.getDouble(2));
        });
  }

  @Test
  void moments_come_back_in_every_zone_as_they_were_given() throws Exception {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        // In New York this local time did not exist; in UTC it did.
        LocalDateTime local = LocalDateTime.of(2026, 3, 8, 2, 30, 15, 123_000_000);
        Instant instant = local.toInstant(ZoneOffset.UTC);
        for (Object given :
            new Object[] {
              local,
              instant,
              Timestamp.from(instant),
              java.util.Date.from(instant),
              instant.atOffset(ZoneOffset.ofHours(-9)),
              instant.atZone(java.time.ZoneId.of("Asia/Tokyo")),
              instant.toString(),
              "2026-03-08 02:30:15.123"
            }) {
          String id =
              insert(
                  "INSERT INTO events(parent, temporary, expires_at) VALUES (?, TRUE, ?)",
                  root,
                  given);
          onRow(
              "SELECT expires_at FROM events WHERE id = '" + id + "'",
              row -> assertMoment(row, local, instant));
          assertEquals(
              1, query("SELECT id FROM events WHERE expires_at = ? AND id = ?", given, id).size());
        }
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  private static void assertMoment(ResultSet row, LocalDateTime local, Instant instant)
      throws SQLException {
    assertEquals(local, row.getObject(1, LocalDateTime.class));
    assertEquals(instant, row.getObject(1, Instant.class));
    assertEquals(instant.atOffset(ZoneOffset.UTC), row.getObject(1, OffsetDateTime.class));
    assertEquals(instant, row.getObject(1, ZonedDateTime.class).toInstant());
    assertEquals(instant, row.getTimestamp(1).toInstant());
    assertEquals(instant, ((Timestamp) row.getObject(1)).toInstant());
    Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
    assertEquals(instant, row.getTimestamp(1, tokyo).toInstant());
    assertEquals("2026-03-08 02:30:15.123", row.getString(1));
    assertEquals(local.toLocalDate(), row.getDate(1).toLocalDate());
    assertEquals(LocalTime.of(2, 30, 15), row.getTime(1).toLocalTime());
    assertEquals(
        Instant.parse("2026-03-07T15:00:00Z"),
        Instant.ofEpochMilli(row.getDate(1, tokyo).getTime()));
  }

  @Test
  void dates_and_times_go_by_the_calendar_that_is_given() throws Exception {
    Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
    try (PreparedStatement query =
        db.prepareStatement("SELECT CAST(? AS DATE), CAST(? AS TIME(3)) FROM roots")) {
      Instant evening = Instant.parse("2020-01-05T20:15:30.250Z");
      query.setDate(1, new java.sql.Date(evening.toEpochMilli()), tokyo);
      query.setTime(2, new Time(evening.toEpochMilli()), tokyo);
      try (ResultSet row = query.executeQuery()) {
        assertTrue(row.next());
        assertEquals(LocalDate.of(2020, 1, 6), row.getObject(1, LocalDate.class));
        assertEquals(LocalTime.of(5, 15, 30, 250_000_000), row.getObject(2, LocalTime.class));
        assertEquals(
            Instant.parse("2020-01-05T15:00:00Z"),
            Instant.ofEpochMilli(row.getDate(1, tokyo).getTime()));
        assertEquals(
            LocalTime.of(5, 15, 30, 250_000_000),
            Instant.ofEpochMilli(row.getTime(2, tokyo).getTime())
                .atZone(java.time.ZoneId.of("Asia/Tokyo"))
                .toLocalTime());
      }
    }
  }

  @Test
  void arrays_have_the_type_of_their_elements() throws Exception {
    onRow(
        "SELECT ARRAY[1, 2], ARRAY[DATE '2020-01-05'], ARRAY['a', 'b'] FROM roots",
        row -> {
          Array numbers = row.getArray(1);
          assertEquals(Types.INTEGER, numbers.getBaseType());
          assertEquals("INTEGER", numbers.getBaseTypeName());
          assertArrayEquals(new Integer[] {1, 2}, (Integer[]) numbers.getArray());
          assertArrayEquals(new Integer[] {2}, (Integer[]) numbers.getArray(2, 1));
          assertArrayEquals(new Integer[] {1, 2}, row.getObject(1, Integer[].class));
          assertState("2202E", () -> numbers.getArray(2, 2));
          assertEquals(List.of("1", "2"), column(numbers.getResultSet(), 2));
          assertEquals(Types.DATE, row.getArray(2).getBaseType());
          assertEquals(
              java.sql.Date.valueOf("2020-01-05"),
              ((java.sql.Date[]) row.getArray(2).getArray())[0]);
          assertArrayEquals(new String[] {"a", "b"}, (String[]) row.getArray(3).getArray());
        });
    Array made = db.createArrayOf("VARCHAR", new Object[] {"x", "y"});
    insert("INSERT INTO events(parent, title, tags) VALUES (?, 't', ?)", root, made);
    assertEquals(List.of("x", "y"), query("SELECT tag FROM event_tags ORDER BY tag"));
  }

  @Test
  void limits_and_hints_of_statements_are_kept() throws SQLException {
    insert("INSERT INTO events(parent) VALUES (?)", root);
    insert("INSERT INTO events(parent) VALUES (?)", root);
    try (Statement statement = db.createStatement()) {
      statement.setMaxRows(2);
      statement.setFetchSize(1);
      statement.setQueryTimeout(5);
      assertEquals(2, column(statement.executeQuery("SELECT id FROM events"), 1).size());
      statement.setLargeMaxRows(0);
      assertEquals(3, column(statement.executeQuery("SELECT id FROM events"), 1).size());
      assertState("22003", () -> statement.setMaxRows(-1));
      assertState("22003", () -> statement.setQueryTimeout(-1));
      assertState("22003", () -> statement.setFetchSize(-1));
      assertEquals(1, statement.getFetchSize());
      assertEquals(5, statement.getQueryTimeout());
      assertNull(statement.getWarnings());
    }
  }

  @Test
  void results_follow_each_other_as_the_loop_over_them_expects() throws SQLException {
    try (Statement statement = db.createStatement()) {
      assertTrue(statement.execute("SELECT id FROM events"));
      ResultSet rows = statement.getResultSet();
      assertEquals(-1, statement.getUpdateCount());
      assertFalse(statement.getMoreResults());
      assertEquals(-1, statement.getLargeUpdateCount());
      assertTrue(rows.isClosed());
      assertNull(statement.getResultSet());
      assertFalse(statement.execute("INSERT INTO roots(title) VALUES ('second')"));
      assertEquals(1, statement.getUpdateCount());
      assertFalse(statement.getMoreResults(Statement.CLOSE_ALL_RESULTS));
      assertEquals(-1, statement.getUpdateCount());
      assertState("HY024", () -> statement.getMoreResults(77));
      assertState("07005", () -> statement.executeUpdate("SELECT 1"));
      assertState("07005", () -> statement.executeQuery("INSERT INTO roots(title) VALUES ('x')"));
      assertEquals(2, query("SELECT id FROM roots").size());
      statement.closeOnCompletion();
      ResultSet last = statement.executeQuery("SELECT id FROM events");
      assertFalse(statement.isClosed());
      last.close();
      assertTrue(statement.isClosed());
      assertNotNull(db.unwrap(java.sql.Connection.class));
      assertFalse(db.isWrapperFor(String.class));
      assertState("0A001", () -> db.unwrap(String.class));
    }
  }

  @Test
  void a_failed_batch_says_what_was_done() throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.addBatch("INSERT INTO roots(title) VALUES ('one')");
      statement.addBatch("INSERT INTO roots(title) VALUES ('one')");
      statement.addBatch("INSERT INTO roots(title) VALUES ('two')");
      BatchUpdateException failure =
          assertThrows(BatchUpdateException.class, statement::executeBatch);
      assertEquals("23505", failure.getSQLState());
      assertArrayEquals(new int[] {1}, failure.getUpdateCounts());
      assertArrayEquals(new long[] {1}, failure.getLargeUpdateCounts());
      assertEquals(List.of("one", "root"), query("SELECT title FROM roots ORDER BY 1"));
      assertArrayEquals(new int[0], statement.executeBatch());
      statement.addBatch("SELECT 1");
      assertState("07005", statement::executeBatch);
    }
    try (PreparedStatement batch = db.prepareStatement("INSERT INTO roots(title) VALUES (?)")) {
      for (String title : List.of("three", "root")) {
        batch.setString(1, title);
        batch.addBatch();
      }
      BatchUpdateException failure = assertThrows(BatchUpdateException.class, batch::executeBatch);
      assertArrayEquals(
          new int[] {Statement.EXECUTE_FAILED, Statement.EXECUTE_FAILED},
          failure.getUpdateCounts());
      assertEquals(2, query("SELECT title FROM roots").size());
      assertArrayEquals(new int[0], batch.executeBatch());
    }
  }

  private List<String> labels(String sql) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      ResultSetMetaData columns = rows.getMetaData();
      List<String> labels = new ArrayList<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        assertEquals(columns.getColumnLabel(i), columns.getColumnName(i));
        labels.add(columns.getColumnLabel(i));
      }
      return labels;
    }
  }

  @Test
  void a_column_without_a_name_has_that_of_its_function_unless_it_is_taken() throws SQLException {
    assertEquals(List.of("count"), labels("SELECT count(*) FROM events"));
    assertEquals(
        List.of("count", "EXPR$1", "max", "n"),
        labels("SELECT COUNT(*), count(title), max(level), min(level) AS n FROM events"));
    assertEquals(List.of("EXPR$0", "sum"), labels("SELECT sum(level), 1 AS \"sum\" FROM events"));
    assertEquals(
        List.of("level", "case", "EXPR$2", "row_number", "sum"),
        labels(
            "SELECT CAST(level AS VARCHAR), CASE WHEN level > 1 THEN 1 END, level + 1,"
                + " row_number() OVER (ORDER BY level), sum(depth) OVER () FROM events"));
    assertEquals(
        List.of("count"), labels("SELECT count(*) FROM roots UNION ALL SELECT 2 ORDER BY 1"));
    assertEquals(
        List.of("count"), labels("WITH t AS (SELECT 1 FROM roots) SELECT count(*) FROM t"));
    assertEquals(List.of("EXPR$0"), labels("VALUES (1)"));
  }

  @Test
  void a_moment_beyond_all_timestamps_is_out_of_range() throws SQLException {
    for (Object moment :
        new Object[] {Instant.MAX, Instant.MIN, OffsetDateTime.MIN, LocalDateTime.MAX}) {
      SQLException refused =
          assertThrows(
              SQLException.class,
              () -> query("SELECT id FROM events WHERE created_at < ?", moment));
      assertEquals("22003", refused.getSQLState());
    }
  }
}
