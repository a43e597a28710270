package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The escapes in braces of JDBC 4.3, section 13.4. */
class EscapesTest extends WithDatabase {
  @Test
  void moments_are_written_in_braces() throws SQLException {
    assertEquals(List.of("2020-01-05"), query("VALUES ({d '2020-01-05'})"));
    assertEquals(List.of("10:11:12"), query("VALUES ({T '10:11:12'})"));
    assertEquals(
        List.of("2020-01-05 10:11:12.123"), query("VALUES ({ts '2020-01-05 10:11:12.123'})"));
    assertEquals(
        List.of("root"),
        query("SELECT title FROM roots WHERE created_at > {d '2020-01-05'} AND title = 'root'"));
    assertState("22007", () -> query("VALUES ({d '2020-13-05'})"));
    assertState("42601", () -> query("VALUES ({d '2020-01-05')"));
  }

  @Test
  void functions_in_braces_are_those_the_catalogue_lists() throws SQLException {
    assertEquals(List.of("AB"), query("VALUES ({fn ucase({fn concat('a', 'b')})})"));
    assertEquals(List.of("3"), query("VALUES ({fn ifnull(NULL, 3)})"));
    assertEquals(List.of("12"), query("VALUES ({fn convert('12', SQL_INTEGER)})"));
    assertEquals(List.of("long text"), query("VALUES ({fn convert('long text', SQL_CHAR)})"));
    assertEquals(List.of("2020"), query("VALUES ({fn extract(YEAR FROM {d '2020-01-05'})})"));
    assertEquals(
        List.of("4"),
        query("VALUES ({fn timestampdiff(SQL_TSI_DAY, {d '2020-01-05'}, {d '2020-01-09'})})"));
    assertState("42883", () -> query("VALUES ({fn no_such_function(1)})"));
    DatabaseMetaData meta = db.getMetaData();
    String all =
        String.join(
            ",",
            meta.getNumericFunctions(),
            meta.getStringFunctions(),
            meta.getTimeDateFunctions(),
            meta.getSystemFunctions());
    List<String> unknown = new ArrayList<>();
    for (String name : all.split(",", -1)) {
      if (!runs(name)) {
        unknown.add(name);
      }
    }
    assertEquals(List.of(), unknown);
  }

  private boolean runs(String function) throws SQLException {
    for (String arguments :
        List.of(
            "",
            "1.5",
            "2, 1",
            "'a'",
            "'a', 'b'",
            "'abc', 1, 2",
            "'a', 'b', 'c'",
            "{d '2020-01-05'}",
            "{t '10:11:12'}",
            "SQL_TSI_DAY, 1, {ts '2020-01-05 10:11:12'}",
            "SQL_TSI_DAY, {ts '2020-01-05 10:11:12'}, {ts '2020-01-05 10:11:12'}")) {
      try (Statement statement = db.createStatement();
          ResultSet rows =
              statement.executeQuery("VALUES ({fn " + function + "(" + arguments + ")})")) {
        return rows.next();
      } catch (SQLException e) {
        assertFalse(String.valueOf(e.getSQLState()).startsWith("XX"), e::toString);
      }
    }
    return false;
  }

  @Test
  void like_outer_joins_and_limits_take_braces() throws SQLException {
    insert("INSERT INTO roots(title) VALUES ('50%')");
    assertEquals(
        List.of("50%"), query("SELECT title FROM roots WHERE title LIKE '50\\%' {escape '\\'}"));
    assertEquals(
        List.of("50%"),
        query(
            "SELECT r.title FROM {oj roots r LEFT OUTER JOIN events e ON e.parent = r.id}"
                + " ORDER BY 1 {limit 1 offset 0}"));
    // As Hibernate writes LIKE without an escape character.
    for (String pattern : List.of("ro%", "%oo%", "root")) {
      assertEquals(
          List.of("root"), query("SELECT title FROM roots WHERE title LIKE ? ESCAPE ''", pattern));
    }
    assertEquals(List.of("root"), query("SELECT title FROM roots WHERE title LIKE 'r%' ESCAPE ''"));
    assertEquals(List.of("{oj x}"), query("SELECT '{oj x}' FROM roots WHERE title = 'root'"));
  }

  @Test
  void calls_in_braces_run_and_give_no_value() throws SQLException {
    try (Statement statement = db.createStatement()) {
      assertEquals(0, statement.executeUpdate("{call checkpoint}"));
      assertEquals(0, statement.executeUpdate("{ CALL checkpoint() };"));
      assertState("42883", () -> statement.execute("{call something(1)}"));
      assertState("0A001", () -> statement.execute("{? = call something(1)}"));
    }
    assertState("42883", () -> db.prepareCall("{call something(1)}"));
  }
}
