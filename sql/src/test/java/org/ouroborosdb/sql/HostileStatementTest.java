package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ouroborosdb.sql.SessionTest.assertState;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.Cancellation;

/** Statements made to hurt end with rows or with the right SQLSTATE, and leave the session well. */
class HostileStatementTest {
  private final Statements db = Statements.inMemory();

  @AfterEach
  void close() {
    assertEquals(1, db.rows("SELECT 1").size());
    db.close();
  }

  @Test
  void nesting_beyond_the_stack_is_too_complex() {
    int n = 10_000;
    assertState("54001", () -> db.rows("SELECT " + "(".repeat(n) + "1" + ")".repeat(n)));
    assertState("54001", () -> db.rows("SELECT " + "NOT ".repeat(n) + "TRUE"));
    assertState("54001", () -> db.rows("SELECT 1" + " UNION ALL SELECT 1".repeat(n)));
    assertState("22003", () -> db.rows("SELECT 1" + "0".repeat(5000)));
  }

  @Test
  void a_recursion_keeps_no_more_than_the_memory_of_a_query() {
    try (Statements small = Statements.inMemory(new EngineOptions(1 << 20, 1 << 20))) {
      assertState(
          "54000",
          () ->
              small.rows(
                  "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + x FROM t,"
                      + " (VALUES (1), (2), (3), (4), (5)) AS v(x)) SELECT count(*) FROM t"));
      assertEquals(
          List.of(List.of(2000L)),
          small.rows(
              "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 2000)"
                  + " SELECT count(*) FROM t"));
    }
  }

  @Test
  void messages_are_short_and_quote_no_data() {
    db.update("INSERT INTO roots(title, metadata) VALUES ('a', '{secret')");
    for (String sql :
        List.of(
            "SELECT json_keys(metadata) FROM roots",
            "SELECT CAST(metadata AS DATE) FROM roots",
            "SELECT CAST(metadata AS BOOLEAN) FROM roots",
            "SELECT CAST(metadata AS INTEGER) FROM roots")) {
      SqlException e = assertThrows(SqlException.class, () -> db.rows(sql));
      assertFalse(String.valueOf(e.getMessage()).contains("secret"), e.getMessage());
    }
    SqlException e =
        assertThrows(SqlException.class, () -> db.rows("SELECT " + "9".repeat(100_000)));
    assertTrue(String.valueOf(e.getMessage()).length() < 1000);
  }

  @Test
  void long_lists_are_planned() {
    db.update("INSERT INTO roots(title) VALUES ('a')");
    assertEquals(
        1, db.rows("SELECT id FROM events WHERE title IN ('a'" + ",'b'".repeat(2000) + ")").size());
    assertEquals(2001, db.rows("VALUES (1)" + ",(1)".repeat(2000)).size());
  }

  @Test
  void limits_are_whole_numbers_of_any_class_and_size() {
    db.update("INSERT INTO roots(title) VALUES ('a'), ('b')");
    String limit = "SELECT title FROM events LIMIT ?";
    for (Object two : new Object[] {2, 2L, (short) 2, 2.0, "2", new BigDecimal("2.00")}) {
      assertEquals(2, db.rows(limit, two).size());
    }
    assertEquals(2, db.rows(limit, new BigDecimal("1e30")).size());
    for (@Nullable Object bad :
        new @Nullable Object[] {null, -1, 1.5, "x", true, new byte[1], Double.NaN}) {
      assertState("2201W", () -> db.rows(limit, bad));
      assertState("2201X", () -> db.rows("SELECT title FROM events OFFSET ?", bad));
    }
  }

  @Test
  void a_regular_expression_can_be_stopped() {
    String text = "a".repeat(400);
    for (String condition :
        List.of(
            "? SIMILAR TO '" + "%a".repeat(20) + "b'",
            "regexp_like(CAST(? AS VARCHAR), '" + "a*".repeat(20) + "b')",
            "regexp_replace(CAST(? AS VARCHAR), '" + "a*".repeat(20) + "b', 'x') = 'x'")) {
      assertState(
          "57014", () -> db.rows(Cancellation.after(50), "SELECT " + condition, text + "c"));
    }
  }

  @Test
  void a_recursion_without_an_end_can_be_stopped_beside_the_same_text() throws Exception {
    String endless =
        "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + ? FROM t WHERE n < ?) SELECT"
            + " count(*) FROM t";
    Cancellation stop = Cancellation.create();
    try (Statements other = db.another()) {
      Thread running = new Thread(() -> assertState("57014", () -> db.rows(stop, endless, 0, 5)));
      Throwable[] failed = new Throwable[1];
      running.setUncaughtExceptionHandler((thread, e) -> failed[0] = e);
      running.start();
      for (int end : IntStream.range(1, 6).toArray()) {
        assertEquals(List.of(List.of((long) end)), other.rows(endless, 1, end));
      }
      stop.cancel();
      running.join();
      assertEquals(null, failed[0]);
    }
    assertEquals(List.of(List.of(3L)), db.rows(endless, 1, 3));
  }

  @Test
  void what_is_given_too_much_or_nothing_says_what_to_write() {
    String nine = "tagged('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i')";
    String tags = "tagged takes one to 8 tags; for more write AND tagged(tags, ...)";
    assertSays(tags, () -> db.rows("SELECT id FROM " + nine));
    assertSays(tags, () -> db.rows("SELECT id FROM events WHERE " + nine));
    String moment = nine.replace("'i'", "TIMESTAMP '2090-01-01 00:00:00'");
    assertEquals(List.of(), db.rows("SELECT id FROM " + moment));
    assertEquals(
        List.of(), db.rows("SELECT id FROM events WHERE " + nine.replace("('a'", "(tags")));
    assertSays(
        "FOR SYSTEM_TIME AS OF NULL names no moment",
        () -> db.rows("SELECT id FROM events FOR SYSTEM_TIME AS OF NULL"));
    assertSays(
        "a parameter's value of class ArrayList is no VARCHAR; for an array write"
            + " ANY(CAST(? AS VARCHAR ARRAY))",
        () -> db.rows("SELECT id FROM events WHERE title = ANY(?)", new ArrayList<>(List.of("a"))));
  }

  private static void assertSays(String message, Executable call) {
    assertEquals(message, assertThrows(SqlException.class, call).getMessage());
  }
}
