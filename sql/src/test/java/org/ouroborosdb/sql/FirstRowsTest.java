package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The first rows of an order are read from an index, and are those that sorting all rows gives:
 * each query is compared with one whose order no index has. Many events share a created_at.
 */
class FirstRowsTest {
  private static final int MANY = 400;

  private static Statements db;
  private static String root;

  @BeforeAll
  static void open() {
    db = Statements.inMemory();
    root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    String other = db.insert("INSERT INTO roots(title) VALUES ('s')").toString();
    for (int i = 0; i < 3; i++) {
      StringBuilder rows = new StringBuilder();
      for (int n = 0; n < MANY; n++) {
        String title = n % 5 == 0 ? "CAST(NULL AS VARCHAR)" : "'t" + n % 7 + "'";
        String tags = n % 3 == 0 ? "ARRAY['x', 'n" + n + "']" : "ARRAY['y']";
        rows.append(n == 0 ? "" : ", ").append("(?, ").append(title).append(", ");
        rows.append(tags).append(")");
      }
      db.update(
          "INSERT INTO events(parent, title, tags) VALUES " + rows,
          java.util.Collections.nCopies(MANY, i == 1 ? other : root).toArray());
    }
    for (List<@Nullable Object> child :
        db.rows("SELECT id FROM events WHERE parent = ? ORDER BY id LIMIT 20", root)) {
      db.insert("INSERT INTO events(parent, title) VALUES (?, 'below')", child.get(0));
    }
    db.session.setAutoCommit(false); // what follows has no seq
    db.insert("INSERT INTO events(parent, title, tags) VALUES (?, 'own', ARRAY['x'])", root);
    db.insert("INSERT INTO events(parent, title, tags) VALUES (?, 'own', ARRAY['x'])", other);
  }

  @AfterAll
  static void close() {
    db.close();
  }

  /** Returns a query's plan. */
  private static String plan(String sql) {
    return db.rows("EXPLAIN " + sql).stream()
        .map(row -> String.valueOf(row.get(0)))
        .collect(Collectors.joining("\n"));
  }

  /**
   * Compares with the same query whose first key is an expression, and looks for parts of the plan.
   */
  private static void check(String sql, String key, List<String> parts, Object... parameters) {
    String hidden = key.endsWith("created_at") ? "CAST(" + key + " AS VARCHAR)" : key + " + 0";
    String sorted = sql.replace("ORDER BY " + key, "ORDER BY " + hidden);
    assertEquals(db.rows(sorted, parameters), db.rows(sql, parameters), sql);
    String plan = plan(sql);
    parts.forEach(part -> assertTrue(plan.contains(part), () -> part + " in " + plan));
    assertTrue(!plan.contains("LimitSort") && !plan.contains("EnumerableSort("), plan);
  }

  @Test
  void more_keys_of_an_order_sort_only_what_the_first_leaves_open() {
    for (String limit :
        List.of(" LIMIT 3", " LIMIT 70 OFFSET 5", " LIMIT 5000", " OFFSET 700", "")) {
      List<String> time = List.of("SortedRuns", "TIME_RANGE[null:NULL, null:NULL]");
      check("SELECT id FROM events ORDER BY created_at DESC, id" + limit, "created_at", time);
      check("SELECT id FROM events ORDER BY created_at, id DESC" + limit, "created_at", time);
      check(
          "SELECT title, id FROM events ORDER BY created_at, title DESC NULLS LAST, id" + limit,
          "created_at",
          time);
      check(
          "SELECT title, level FROM events WHERE depth = 1 ORDER BY level DESC, id" + limit,
          "level",
          List.of("LEVEL_RANGE[null:NULL, null:NULL] DESC"));
      check(
          "SELECT seq, id FROM events ORDER BY seq DESC, id DESC" + limit,
          "seq",
          List.of("SEQ_RANGE"));
      check(
          "SELECT child FROM children ORDER BY created_at DESC, child" + limit, "created_at", time);
    }
    check("SELECT id FROM events ORDER BY level, id LIMIT ? OFFSET ?", "level", List.of(), 4, 2);
  }

  @Test
  void what_a_run_buffers_is_counted_as_far_as_it_is_kept() {
    try (Statements small = Statements.inMemory(new EngineOptions(20_000, 1_000))) {
      String top = small.insert("INSERT INTO roots(title) VALUES ('r')").toString();
      String rows =
          java.util.Collections.nCopies(MANY, "(?, 'a')").stream()
              .collect(Collectors.joining(", "));
      small.update(
          "INSERT INTO events(parent, title) VALUES " + rows,
          java.util.Collections.nCopies(MANY, top).toArray());
      String sql = "SELECT id FROM events ORDER BY created_at DESC, id LIMIT 2";
      assertEquals(
          small.rows("SELECT id FROM events ORDER BY CAST(created_at AS VARCHAR) DESC, id LIMIT 2"),
          small.rows(sql));
    }
  }

  @Test
  void the_next_page_begins_where_the_last_ended() {
    List<@Nullable Object> at =
        db.rows("SELECT created_at, id FROM events ORDER BY created_at, id LIMIT 1 OFFSET 600")
            .get(0);
    String range = "TIME_RANGE[";
    for (String limit : List.of("LIMIT 20", "LIMIT 1000")) {
      check(
          "SELECT id FROM events WHERE created_at > ? OR (created_at = ? AND id > ?)"
              + " ORDER BY created_at, id "
              + limit,
          "created_at",
          List.of("SortedRuns", range + "?0, null:NULL, ?1, ?1]"),
          at.get(0),
          at.get(0),
          at.get(1));
      check(
          "SELECT id FROM events WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC "
              + limit,
          "created_at",
          List.of("SortedRuns", "[null:NULL, ?0] DESC"),
          at.get(0),
          at.get(1));
    }
  }

  @Test
  void a_join_by_the_side_that_is_not_looked_up_reads_that_sides_first_rows() {
    check(
        "SELECT r.title, c.child FROM roots r JOIN children c ON c.parent = r.id"
            + " ORDER BY c.created_at DESC, c.child LIMIT 10",
        "c.created_at",
        List.of("SortedRuns", "HashJoin", "TIME_RANGE[null:NULL, null:NULL] DESC"));
    check(
        "SELECT r.title, e.id FROM events e JOIN roots r ON e.root = r.id AND e.title > r.title"
            + " ORDER BY e.level LIMIT 10",
        "e.level",
        List.of("HashJoin", "LEVEL_RANGE"));
    check(
        "SELECT p.title, e.id FROM events e JOIN events p ON p.id = e.parent"
            + " ORDER BY e.created_at DESC, p.title, e.id LIMIT 30",
        "e.created_at",
        List.of("SortedRuns", "BY_ID[$cor"));
  }

  @Test
  void a_join_looks_up_where_the_start_of_a_title_or_a_range_is_asked_for_too() {
    for (String more :
        List.of("c.title LIKE 't%'", "c.level > 5", "c.title >= 'b' AND c.title < 'bz'")) {
      String sql =
          "SELECT c.child FROM roots r JOIN children c ON c.parent = r.id WHERE r.title = 'r' AND "
              + more;
      assertTrue(plan(sql).contains("BY_PARENT[$cor"), sql);
      String hidden = sql.replace("c.parent = r.id", "c.parent || '' = r.id");
      assertEquals(java.util.Set.copyOf(db.rows(hidden)), java.util.Set.copyOf(db.rows(sql)), sql);
      String exists =
          "SELECT e.id FROM events e WHERE e.title LIKE 't%' AND EXISTS"
              + " (SELECT 1 FROM roots r WHERE r.id = e.parent AND r.title = 's')";
      assertTrue(plan(exists).contains("BY_PARENT[$cor"), exists);
      assertEquals(MANY * 4 / 5, db.rows(exists).size());
    }
  }

  @Test
  void events_without_a_parent_are_looked_up() {
    assertTrue(
        plan("SELECT title FROM events WHERE parent IS NULL ORDER BY level")
            .strip()
            .endsWith("path=[ROOTS], columns=[title])"));
    assertEquals(
        List.of(List.of("r"), List.of("s")),
        db.rows("SELECT title FROM events WHERE parent IS NULL ORDER BY level"));
    assertEquals(
        List.of(List.of("s")),
        db.rows(
            "SELECT title FROM events WHERE parent IS NULL AND created_at > TIMESTAMP '2000-01-01"
                + " 00:00:00' AND title > 'r'"));
    assertEquals(2L, db.value("SELECT COUNT(*) FROM events WHERE parent IS NULL"));
    assertEquals(0, db.rows("SELECT 1 FROM children WHERE parent IS NULL").size());
  }

  @Test
  void children_and_trees_are_counted_once_each() {
    String sql = "SELECT COUNT(*) FROM events WHERE ";
    assertEquals(2L * MANY + 1, db.value(sql + "parent = ?", root));
    assertEquals(2L * MANY + 22, db.value(sql + "root = ?", root));
    assertEquals(2L * MANY + 1, db.value(sql + "parent IN (?, ?, ?, ?)", root, root, "none", null));
    String child =
        String.valueOf(db.rows("SELECT parent FROM events WHERE depth = 2").get(0).get(0));
    assertEquals(1L, db.value(sql + "parent = ?", child));
    assertEquals(0L, db.value(sql + "root = ?", child));
  }
}
