package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
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
    for (int i = 0; i < 30; i++) {
      db.insert(
          "INSERT INTO files(parent, name, content) VALUES (?, ?, X'00')",
          i % 2 == 0 ? root : other,
          "f" + i);
    }
    for (int i = 0; i < 30; i += 3) {
      db.update("UPDATE files SET content = X'01' WHERE name = ?", "f" + (i * 7) % 30);
    }
    db.update("DELETE FROM files WHERE name IN ('f4', 'f21', 'f29')");
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
  void the_latest_of_a_tag_need_no_more_memory_than_a_query_may_take() {
    try (Statements small = Statements.inMemory(new EngineOptions(60_000, 1_000))) {
      String id = small.insert("INSERT INTO roots(title) VALUES ('r')").toString();
      String digits = "(VALUES '0', '1', '2', '3', '4', '5', '6', '7', '8', '9')";
      for (int i = 0; i < 20; i++) {
        small.update(
            "INSERT INTO events(parent, title, tags) SELECT ?, a || b, ARRAY['x'] FROM "
                + digits
                + " AS p(a), "
                + digits
                + " AS q(b)",
            id);
      }
      String sql = "SELECT seq FROM events WHERE 'x' = ANY(tags) ORDER BY level LIMIT 1500";
      assertEquals(
          LongStream.rangeClosed(2, 1501).mapToObj(Long::valueOf).toList(),
          small.rows(sql).stream().map(row -> row.get(0)).toList());
      String each =
          "SELECT (SELECT MAX(b.seq) FROM events b WHERE b.parent = a.parent AND b.level < a.level)"
              + " FROM events a WHERE a.title = '11' ORDER BY a.level LIMIT 1";
      assertEquals(List.of(List.of(12L)), small.rows(each));
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
  void the_first_of_a_tag_a_tree_or_a_family_are_met_or_sorted() {
    for (String limit : List.of(" LIMIT 3", " LIMIT 600 OFFSET 7", " LIMIT 5000")) {
      for (String direction : List.of("", " DESC")) {
        String by = " BY LEVEL" + direction + "]";
        for (String tag :
            List.of("'x' = ANY(tags)", "tagged('y')", "tagged('x', 'n3')", "tagged('z')")) {
          check(
              "SELECT id FROM events WHERE " + tag + " ORDER BY level" + direction + limit,
              "level",
              List.of("WITH_TAGS", by));
          check(
              "SELECT id FROM events WHERE "
                  + tag
                  + " AND title IS NULL ORDER BY created_at"
                  + direction
                  + ", id"
                  + limit,
              "created_at",
              List.of("SortedRuns", "WITH_TAGS", by));
        }
        check(
            "SELECT id FROM events WHERE root = ? ORDER BY level" + direction + limit,
            "level",
            List.of("BY_ROOT[?0]" + by),
            root);
        check(
            "SELECT id FROM events WHERE root = ? ORDER BY level" + direction + limit,
            "level",
            List.of("BY_ROOT[?0]" + by),
            "none");
        check(
            "SELECT version FROM file_versions WHERE root = ? ORDER BY level" + direction + limit,
            "level",
            List.of("BY_ROOT[?0]" + by),
            root);
      }
      for (String table : List.of("events", "children")) {
        check(
            "SELECT title, level FROM " + table + " WHERE parent = ? ORDER BY level DESC" + limit,
            "level",
            List.of("BY_PARENT[?0] BY LEVEL DESC"),
            root);
      }
      check(
          "SELECT id FROM events FOR SYSTEM_TIME AS OF seq(900) WHERE root = ? ORDER BY level DESC"
              + limit,
          "level",
          List.of("BY LEVEL DESC"),
          root);
      check(
          "SELECT seq, title FROM events WHERE root = ? ORDER BY seq" + limit,
          "seq",
          List.of("BY_ROOT[?0]"),
          root);
      check(
          "SELECT seq, id FROM events WHERE 'y' = ANY(tags) ORDER BY seq, id" + limit,
          "seq",
          List.of("SortedRuns", "WITH_TAGS"));
    }
    assertEquals(
        db.rows("SELECT MAX(level + 0) FROM events WHERE root = ?", root),
        db.rows("SELECT MAX(level) FROM events WHERE root = ?", root));
  }

  @Test
  void the_rows_of_a_tag_are_joined_with_their_events_as_they_are_found() {
    String sql =
        "SELECT t.tag, e.id, t.event FROM event_tags t JOIN events e ON e.id = t.event"
            + " WHERE t.tag = 'x' AND e.title LIKE 't%' ORDER BY e.level DESC LIMIT 8";
    check(sql, "e.level", List.of("events]], path=[WITH_TAGS[_UTF-8'x'"));
    assertTrue(!plan(sql).contains("event_tags"), plan(sql));
    String turned =
        "SELECT e.title, t.tag FROM events e JOIN event_tags t ON t.event = e.id AND t.tag = ?";
    assertTrue(!plan(turned).contains("event_tags"), plan(turned));
    for (String tag : List.of("x", "n3", "none")) {
      String hidden = turned.replace("t.event = e.id", "t.event || '' = e.id");
      assertEquals(
          db.rows(hidden + " ORDER BY e.id", tag), db.rows(turned + " ORDER BY e.id", tag), tag);
    }
    assertEquals(0, db.rows(turned, (Object) null).size());
    String past =
        "SELECT COUNT(*) FROM event_tags FOR SYSTEM_TIME AS OF seq(900) t JOIN events e ON e.id ="
            + " t.event WHERE t.tag = 'x'";
    assertEquals(db.value(past.replace("e.id =", "e.id || '' =")), db.value(past));
  }

  @Test
  void the_latest_files_are_those_of_the_latest_versions_that_win() {
    for (String limit : List.of(" LIMIT 4", " LIMIT 100", "")) {
      check(
          "SELECT path, version FROM files ORDER BY level DESC" + limit,
          "level",
          List.of("files]], path=[LEVEL_RANGE[null:NULL, null:NULL] DESC]"));
      check(
          "SELECT name, id FROM files ORDER BY created_at, name" + limit,
          "created_at",
          List.of("SortedRuns", "TIME_RANGE"));
    }
    Object level = db.value("SELECT level FROM files WHERE name = 'f10'");
    for (String compare : List.of(" > ", " <= ", " = ")) {
      String sql = "SELECT name FROM files WHERE level" + compare + "?";
      assertTrue(plan(sql).contains("LEVEL_RANGE"), sql);
      assertEquals(
          java.util.Set.copyOf(db.rows(sql.replace("level", "level + 0"), level)),
          java.util.Set.copyOf(db.rows(sql, level)));
    }
  }

  @Test
  void what_is_below_a_path_is_found_from_its_directories() {
    try (Statements own = Statements.inMemory()) {
      String top = own.insert("INSERT INTO roots(title) VALUES ('top')").toString();
      String second = own.insert("INSERT INTO roots(title) VALUES ('second')").toString();
      for (String parent : List.of(top, second)) {
        for (String title : List.of("a", "a/b", "a\\", "", "ab")) {
          String directory =
              own.insert(
                      "INSERT INTO events(parent, title) VALUES (?, ?)",
                      parent,
                      title.isEmpty() ? null : title)
                  .toString();
          for (String name : List.of("a", "b%", "ba")) {
            own.insert(
                "INSERT INTO files(parent, name, content) VALUES (?, ?, X'00')", directory, name);
          }
          String inner =
              own.insert("INSERT INTO events(parent, title) VALUES (?, 'b')", directory).toString();
          own.insert("INSERT INTO files(parent, name, content) VALUES (?, 'c', X'00')", inner);
        }
        own.insert("INSERT INTO files(parent, name, content) VALUES (?, 'a', X'00')", parent);
      }
      own.update("UPDATE files SET name = 'renamed' WHERE path = 'a/ba'");
      String all = "SELECT root, path FROM files WHERE ";
      for (String start :
          List.of(
              "a/", "a/b/", "a/r", "a\\/b/", "a\\\\/b", "/", "/b/", "a", "", "%", "none/", "a\\")) {
        for (String root :
            List.of("", "root = '" + top + "' AND ", "root IN ('" + top + "', 'x') AND ")) {
          for (String condition :
              List.of("path LIKE ?", "path LIKE ? ESCAPE '!'", "path >= ? AND path < ?")) {
            String sql = all + root + condition;
            Object[] values =
                condition.contains("<")
                    ? new Object[] {start, start + "x"}
                    : new Object[] {start + "%"};
            assertEquals(
                own.rows(
                    sql.replace(condition, condition.replace("path", "path || ''"))
                        + " ORDER BY 1, 2",
                    values),
                own.rows(sql + " ORDER BY 1, 2", values),
                sql + " of " + start);
            if (!root.contains("IN")) {
              assertTrue(own.rows("EXPLAIN " + sql).toString().contains("PATH_PREFIX"), sql);
            }
          }
        }
      }
      assertEquals(2, own.rows(all + "root = ? AND path LIKE 'a/b%'", top).size());
      assertEquals(0, own.rows(all + "root = ? AND path LIKE 'a/%'", (Object) null).size());
      assertEquals(0, own.rows(all + "path LIKE ?", (Object) null).size());
    }
  }

  @Test
  void children_and_trees_are_counted_once_each() {
    String sql = "SELECT COUNT(*) FROM events WHERE ";
    long versions =
        db.rows("SELECT 1 FROM file_versions WHERE type <> 'NORMAL' AND root || '' = ?", root)
            .size();
    assertEquals(2L * MANY + 16, db.value(sql + "parent = ?", root));
    assertEquals(2L * MANY + 16 + 21 + versions, db.value(sql + "root = ?", root));
    assertEquals(
        2L * MANY + 16, db.value(sql + "parent IN (?, ?, ?, ?)", root, root, "none", null));
    String child =
        String.valueOf(db.rows("SELECT parent FROM events WHERE depth = 2").get(0).get(0));
    assertEquals(1L, db.value(sql + "parent = ?", child));
    assertEquals(0L, db.value(sql + "root = ?", child));
  }
}
