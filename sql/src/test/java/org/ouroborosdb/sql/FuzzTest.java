package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;

/** Random statements give rows or a SqlException with a SQLSTATE, and nothing else. */
class FuzzTest {
  private static final List<String> WORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP",
          "BY",
          "ORDER",
          "LIMIT",
          "INSERT",
          "INTO",
          "VALUES",
          "DELETE",
          "events",
          "roots",
          "children",
          "files",
          "event_tags",
          "title",
          "id",
          "parent",
          "level",
          "content",
          "tags",
          "metadata",
          "created_at",
          "(",
          ")",
          ",",
          "*",
          "=",
          "<",
          ">",
          "!=",
          "'a'",
          "''",
          "1",
          "0",
          "9999999999999999999999",
          "1.5",
          "NULL",
          "TRUE",
          "?",
          "AND",
          "OR",
          "NOT",
          "IN",
          "LIKE",
          "BETWEEN",
          "EXISTS",
          "JOIN",
          "LEFT",
          "ON",
          "AS",
          "t",
          "x'0g'",
          "X'00'",
          "ARRAY",
          "[",
          "]",
          "CASE",
          "WHEN",
          "THEN",
          "END",
          "count(*)",
          "max(level)",
          "UNION",
          "WITH",
          "RECURSIVE",
          "DEFAULT",
          "EXPLAIN",
          "CAST",
          "INTEGER",
          "/",
          "-",
          "+",
          "||",
          ";",
          "--",
          "/*",
          "\"",
          "'",
          "\u20ac",
          "\ud800",
          "\0",
          "subtree",
          "TABLE",
          "DATE",
          "INTERVAL",
          "OVER",
          "UNNEST",
          "json_value",
          ".",
          "COMMIT");

  private static final List<String> STATEMENTS =
      List.of(
          "SELECT id, title FROM events WHERE title = 'a' AND level > 5 ORDER BY level LIMIT 3",
          "SELECT e.title, c.title FROM events e JOIN children c ON c.parent = e.id",
          "SELECT type, count(*) FROM events GROUP BY type HAVING count(*) > 1",
          "INSERT INTO events(parent, title, tags) VALUES (NULL, 'x', ARRAY['a'])",
          "INSERT INTO roots(title) SELECT title || 'x' FROM roots WHERE title LIKE 'a%'",
          "DELETE FROM events WHERE temporary AND title IN ('a', 'b')",
          "WITH t AS (SELECT id FROM roots) SELECT count(*) FROM t, events e WHERE e.root = t.id",
          "SELECT json_value(metadata, '$.a'), CASE WHEN depth = 0 THEN 1 ELSE 2 END FROM events");

  @Test
  void random_statements_fail_with_nothing_but_an_sql_exception() {
    long seed = System.nanoTime();
    System.out.println("FuzzTest seed " + seed);
    Random random = new Random(seed);
    try (Statements db = Statements.inMemory()) {
      db.update("INSERT INTO roots(title, metadata) VALUES ('a', '{\"a\":1}'), ('b', 'no json')");
      for (int i = 0; i < 400; i++) {
        String sql = random.nextBoolean() ? words(random) : mutated(random);
        run(db, sql, seed);
      }
    }
  }

  private static void run(Statements db, String sql, long seed) {
    try {
      PreparedPlan plan = db.session.prepare(sql);
      List<Object> none = java.util.Collections.nCopies(plan.parameters().size(), "1");
      if (plan.kind() == PreparedPlan.Kind.QUERY) {
        try (ResultRows rows = plan.query(none, 100, Cancellation.after(2_000))) {
          while (rows.next()) {
            for (int c = 0; c < plan.columns().size(); c++) {
              rows.value(c);
            }
          }
        }
      } else {
        plan.update(none, Cancellation.after(2_000));
      }
    } catch (SqlException e) {
      assertEquals(5, e.sqlState().length());
      if (e.sqlState().equals(SqlState.INTERNAL)) {
        fail("internal error from: " + sql + " (seed " + seed + ")", e);
      }
    } catch (Throwable e) {
      fail("escaped from: " + sql + " (seed " + seed + ")", e);
    }
  }

  private static String words(Random random) {
    StringBuilder sql = new StringBuilder(random.nextInt(3) == 0 ? "" : "SELECT ");
    for (int n = random.nextInt(12); n >= 0; n--) {
      sql.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
    }
    return sql.toString();
  }

  /** Replaces, doubles or drops a word of a statement that is right. */
  private static String mutated(Random random) {
    String[] words = STATEMENTS.get(random.nextInt(STATEMENTS.size())).split(" ");
    for (int n = random.nextInt(3); n >= 0; n--) {
      int at = random.nextInt(words.length);
      words[at] =
          switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> words[at] + " " + words[at];
            default -> WORDS.get(random.nextInt(WORDS.size()));
          };
    }
    return String.join(" ", words);
  }

  @Test
  void deep_and_long_statements_are_refused_not_fatal() {
    try (Statements db = Statements.inMemory()) {
      int n = 20_000;
      run(db, "SELECT " + "(".repeat(n) + "1" + ")".repeat(n), 0);
      run(db, "SELECT " + "1 + ".repeat(n) + "1", 0);
      run(db, "SELECT 1 WHERE " + "NOT ".repeat(n) + "TRUE", 0);
      run(db, "SELECT id FROM events WHERE title = 'x'" + " OR title = 'y'".repeat(n), 0);
      run(db, "SELECT " + "x".repeat(100_000), 0);
      assertEquals(1, db.rows("SELECT 1").size());
    }
  }
}
