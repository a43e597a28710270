package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Ranges of numbers and moments, out to the ends of what a BIGINT and a TIMESTAMP hold: what an
 * index answers is what a comparison of each row answers.
 */
class RangeEndsTest {
  private static final List<String> OPERATORS = List.of("<", "<=", ">", ">=", "=", "<>");

  private static final List<String> NUMBERS =
      List.of(
          "-1",
          "0",
          "2",
          "-9223372036854775807",
          "-9223372036854775808",
          "9223372036854775806",
          "9223372036854775807");

  private static final List<LocalDateTime> MOMENTS =
      List.of(
          LocalDateTime.parse("0001-01-01T00:00:00"),
          LocalDateTime.parse("1677-09-21T00:12:43.145"),
          LocalDateTime.parse("1677-09-21T00:12:43.146"),
          LocalDateTime.parse("1969-12-31T23:59:59.999"),
          LocalDateTime.parse("2262-04-11T23:47:16.854"),
          LocalDateTime.parse("2262-04-11T23:47:16.855"),
          LocalDateTime.parse("9999-12-31T23:59:59.999"));

  private static Statements db;
  private static String root;

  @BeforeAll
  static void open() {
    db = Statements.inMemory();
    root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    db.insert("INSERT INTO files(parent, name, content) VALUES (?, 'f', X'01')", root);
    db.insert("INSERT INTO events(parent, title, tags) VALUES (?, 'e', ARRAY['t'])", root);
  }

  @AfterAll
  static void close() {
    db.close();
  }

  @Test
  void numbers_are_compared_up_to_both_ends_of_a_bigint() {
    for (String table : List.of("events", "files", "children", "file_versions")) {
      for (String operator : OPERATORS) {
        for (String number : NUMBERS) {
          String condition = " WHERE level " + operator + " ";
          Object counted =
              db.value(
                  "SELECT count(*) FROM " + table + " WHERE level + 0 " + operator + " ?",
                  Long.valueOf(number));
          long each = (Long) Objects.requireNonNull(counted);
          String count = "SELECT count(*) FROM " + table + condition;
          assertEquals(each, db.value(count + number), count + number);
          assertEquals(each, db.value(count + "?", Long.valueOf(number)), count + number);
          String ids = "SELECT level FROM " + table + condition + number;
          assertEquals(each, (long) db.rows(ids).size(), ids);
          String joined =
              "SELECT t.level FROM (VALUES (1), (2)) AS v(n), "
                  + table
                  + " t"
                  + condition.replace("level", "t.level")
                  + number;
          assertEquals(2 * each, (long) db.rows(joined).size(), joined);
        }
      }
    }
    assertEquals(3L, db.value("SELECT count(*) FROM events WHERE seq > -1"));
    assertEquals(1L, db.value("SELECT count(*) FROM events WHERE seq IN (-1, 1)"));
    assertEquals(
        0,
        db.rows("SELECT e.id FROM roots r JOIN events FOR SYSTEM_TIME AS OF level(-5) e ON TRUE")
            .size());
  }

  @Test
  void moments_are_compared_beyond_the_moments_that_an_event_can_have() {
    List<LocalDateTime> moments = new ArrayList<>(MOMENTS);
    moments.add(LocalDateTime.parse("+292278994-08-17T07:12:55.807")); // Long.MAX_VALUE
    LocalDateTime now = LocalDateTime.parse("2100-01-01T00:00:00");
    for (LocalDateTime moment : moments) {
      for (String operator : OPERATORS) {
        long all = holds(now, operator, moment) ? 3 : 0;
        String count = "SELECT count(*) FROM events WHERE created_at " + operator + " ";
        assertEquals(all, db.value(count + "?", moment), count + moment);
        if (moment.getYear() < 10_000) {
          String literal = "TIMESTAMP '" + moment.toString().replace('T', ' ') + "'";
          if (moment.getSecond() == 0) {
            literal = "TIMESTAMP '0001-01-01 00:00:00'";
          }
          assertEquals(all, db.value(count + literal), count + literal);
          String ids = "SELECT id FROM events WHERE created_at " + operator + " " + literal;
          assertEquals(all, db.rows(ids + " ORDER BY created_at LIMIT 5").size(), ids);
        }
      }
      assertEquals(
          holds(now, "<", moment) ? 3L : 0L,
          db.value("SELECT count(*) FROM events FOR SYSTEM_TIME AS OF ?", moment),
          moment.toString());
    }
  }

  /** Returns whether what every event's time, some years around 2100, is said to be is so. */
  private static boolean holds(LocalDateTime created, String operator, LocalDateTime moment) {
    int order = created.compareTo(moment);
    return switch (operator) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "=" -> false;
      default -> true;
    };
  }

  @Test
  void an_event_expires_at_any_moment_that_has_a_level() {
    for (String moment : List.of("1677-09-21 00:12:43.146", "2262-04-11 23:47:16.854")) {
      String id =
          db.insert(
                  "INSERT INTO events(parent, temporary, expires_at) VALUES (?, TRUE, TIMESTAMP '"
                      + moment
                      + "')",
                  root)
              .toString();
      assertEquals(
          LocalDateTime.parse(moment.replace(' ', 'T')),
          db.value("SELECT expires_at FROM events WHERE id = ?", id));
      db.update("DELETE FROM events WHERE id = ?", id);
    }
    for (String moment : List.of("1677-09-21 00:12:43.145", "2262-04-11 23:47:16.855")) {
      String insert =
          "INSERT INTO events(parent, temporary, expires_at) VALUES (?, TRUE, TIMESTAMP '"
              + moment
              + "')";
      SqlException refused = assertThrows(SqlException.class, () -> db.update(insert, root));
      assertEquals("22003", refused.sqlState());
    }
  }
}
