package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A condition finds the same rows whether an index answers it or each row is asked: what WHERE
 * finds is compared with the rows for which the condition is TRUE as a selected column.
 */
class PushDownTest {
  private static final List<String> TABLES =
      List.of("events", "children", "files", "roots", "event_tags");
  private static final List<String> TEXTS = List.of("a", "b", "aa", "", "z%", "a_", "\u00fc");

  private final Random random;
  private final List<String> ids = new ArrayList<>();
  private final List<Object> levels = new ArrayList<>();

  PushDownTest() {
    long seed = System.nanoTime();
    System.out.println("PushDownTest seed " + seed);
    random = new Random(seed);
  }

  @Test
  void random_conditions_find_what_asking_each_row_finds() {
    try (Statements db = Statements.inMemory()) {
      fill(db);
      for (int i = 0; i < 150; i++) {
        String table = pick(TABLES);
        String condition = condition(table, 2);
        String key = key(table);
        TreeSet<String> asked = new TreeSet<>();
        for (List<@Nullable Object> row :
            db.rows("SELECT " + key + ", (" + condition + ") FROM " + table)) {
          if (Boolean.TRUE.equals(row.get(1))) {
            asked.add(String.valueOf(row.get(0)));
          }
        }
        List<String> found = new ArrayList<>();
        String sql = "SELECT " + key + " FROM " + table + " WHERE " + condition;
        db.rows(sql).forEach(row -> found.add(String.valueOf(row.get(0))));
        assertEquals(asked.size(), found.size(), sql);
        assertEquals(asked, new TreeSet<>(found), sql);
        assertEquals(
            (long) asked.size(), db.value("SELECT count(*) FROM " + table + " WHERE " + condition));
      }
    }
  }

  @Test
  void orders_and_limits_give_the_rows_that_sorting_all_gives() {
    try (Statements db = Statements.inMemory()) {
      fill(db);
      for (int i = 0; i < 60; i++) {
        String by =
            pick(
                List.of(
                    "level",
                    "created_at",
                    "seq",
                    "title, id",
                    "depth, level",
                    "created_at, id",
                    "created_at DESC, title, id DESC",
                    "level DESC, id",
                    "seq DESC, title, id"));
        String order = by + (by.contains(",") || random.nextBoolean() ? "" : " DESC");
        String condition = condition("events", 1);
        String sql = "SELECT id, level FROM events WHERE " + condition + " ORDER BY " + order;
        List<List<@Nullable Object>> all = db.rows(sql);
        int limit = random.nextInt(5);
        int offset = random.nextInt(3);
        List<List<@Nullable Object>> some = db.rows(sql + " LIMIT " + limit + " OFFSET " + offset);
        if (!by.equals("created_at")) {
          int from = Math.min(offset, all.size());
          assertEquals(all.subList(from, Math.min(from + limit, all.size())), some, sql);
        }
        if (by.endsWith("id") || by.endsWith("id DESC")) {
          String hidden = order.replace("created_at", "CAST(created_at AS VARCHAR)");
          hidden = hidden.replace("level", "level + 0").replace("seq", "seq + 0");
          assertEquals(db.rows(sql.replace("BY " + order, "BY " + hidden)), all, sql);
        }
        String direction = order.endsWith("DESC") ? " DESC" : "";
        if (by.equals("level")) {
          assertEquals(
              db.rows(
                  "SELECT id, level FROM events WHERE "
                      + condition
                      + " ORDER BY level + 0"
                      + direction),
              all,
              sql);
        }
      }
    }
  }

  @Test
  void joins_give_the_same_rows_as_comparing_all_pairs() {
    List<String> joins =
        List.of(
            "events a JOIN events b ON b.parent = a.id",
            "events a JOIN children b ON b.parent = a.id",
            "events a JOIN events b ON b.id = a.parent",
            "events a LEFT JOIN events b ON b.id = a.parent",
            "events a LEFT JOIN children b ON b.parent = a.id AND b.title = 'a'",
            "roots a JOIN events b ON b.root = a.id",
            "roots a JOIN files b ON b.root = a.id",
            "event_tags a JOIN events b ON b.id = a.event",
            "roots a JOIN events b ON b.title = a.title",
            "roots a RIGHT JOIN events b ON b.root = a.id AND b.depth = 1",
            "roots a FULL JOIN events b ON b.parent = a.id");
    try (Statements db = Statements.inMemory()) {
      fill(db);
      for (String join : joins) {
        int on = join.indexOf(" ON ") + 4;
        String opaque =
            join.substring(0, on)
                + join.substring(on)
                    .replaceAll("([ab]\\.(id|parent|root|event|title))", "lower($1)");
        assertEquals(pairs(db, opaque), pairs(db, join), join);
      }
    }
  }

  private static List<String> pairs(Statements db, String join) {
    String a = join.startsWith("event_tags") ? "a.tag" : "a.id";
    String b = join.contains("children") ? "b.child" : "b.id";
    return db.rows("SELECT " + a + ", " + b + " FROM " + join).stream()
        .map(String::valueOf)
        .sorted()
        .toList();
  }

  private void fill(Statements db) {
    ids.clear();
    levels.clear();
    for (String title : List.of("a", "r")) {
      ids.add(db.insert("INSERT INTO roots(title, metadata) VALUES (?, '{}')", title).toString());
    }
    for (int i = 0; i < 30; i++) {
      if (i == 15) {
        db.session.setAutoCommit(false); // the rest is not committed, which must not matter
      }
      List<String> parents =
          db
              .rows("SELECT id FROM events WHERE type IN ('ROOT', 'NORMAL') AND NOT temporary")
              .stream()
              .map(row -> String.valueOf(row.get(0)))
              .toList();
      ids.add(
          db.insert(
                  "INSERT INTO events(parent, title, tags, temporary, content, media_type)"
                      + " VALUES (?, ?, ?, ?, ?, ?)",
                  pick(parents),
                  random.nextInt(4) == 0 ? null : pick(TEXTS).isEmpty() ? "a" : pick(TEXTS) + "a",
                  random.nextBoolean() ? List.of("a") : List.of("a", "b"),
                  random.nextInt(5) == 0,
                  random.nextBoolean() ? new byte[random.nextInt(4)] : null,
                  random.nextBoolean() ? "a" : null)
              .toString());
    }
    for (int i = 0; i < 5; i++) {
      var files = db.rows("SELECT version FROM files WHERE NOT temporary");
      if (files.isEmpty()) {
        break; // each step takes one file away, and a seed may have made fewer than five
      }
      String replaced = String.valueOf(pick(files).get(0));
      db.insert(
          "INSERT INTO events(parent, type, content) VALUES (?, ?, ?)",
          replaced,
          random.nextInt(3) == 0 ? "REMOVE" : "OVERWRITE",
          null);
    }
    db.rows("SELECT level FROM events").forEach(row -> levels.add(String.valueOf(row.get(0))));
  }

  private static String key(String table) {
    return switch (table) {
      case "children" -> "child";
      case "event_tags" -> "event || tag";
      default -> "id";
    };
  }

  private String condition(String table, int depth) {
    if (depth > 0 && random.nextInt(3) > 0) {
      String left = condition(table, depth - 1);
      String right = condition(table, depth - 1);
      return switch (random.nextInt(3)) {
        case 0 -> "(" + left + " OR " + right + ")";
        case 1 -> "NOT (" + left + ")";
        default -> "(" + left + ") AND (" + right + ")";
      };
    }
    return switch (table) {
      case "roots" -> pick(List.of(text("title"), text("id"), level()));
      case "event_tags" -> pick(List.of(text("tag"), text("event")));
      case "children" -> pick(List.of(text("title"), text("parent"), text("child"), level()));
      case "files" ->
          pick(
              List.of(
                  text("name"),
                  text("parent"),
                  text("root"),
                  text("id"),
                  text("path"),
                  text("version"),
                  content(),
                  level()));
      default ->
          pick(
              List.of(
                  text("title"),
                  text("parent"),
                  text("root"),
                  text("id"),
                  text("type"),
                  content(),
                  level(),
                  "seq " + comparison() + " " + random.nextInt(40),
                  "created_at " + comparison() + " CURRENT_TIMESTAMP",
                  "temporary",
                  "tagged('a')",
                  "'a' = ANY(tags)",
                  "NOT 'b' = ANY(tags)",
                  "CAST(NULL AS VARCHAR) = ANY(tags)",
                  "tagged('b', 'a')",
                  "tagged(tags, NULL, 'b')",
                  "tagged(tags, CAST(NULL AS VARCHAR))",
                  "title ILIKE '" + pick(TEXTS).toUpperCase(java.util.Locale.ROOT) + "%'",
                  text("id") + " OR " + text("parent"),
                  text("title") + " OR tagged('b') OR " + text("root"),
                  "depth = " + random.nextInt(4)));
    };
  }

  private String content() {
    return pick(
        List.of(
            "length(content) " + comparison() + " 1",
            "content = X'00'",
            "content IS NULL",
            "char_length(content_text(id)) " + comparison() + " 1"));
  }

  private String text(String column) {
    boolean id = List.of("id", "parent", "root", "child", "event", "version").contains(column);
    String one = id ? pick(ids) : pick(TEXTS) + (random.nextBoolean() ? "a" : "");
    String two = id ? pick(ids) : pick(TEXTS);
    return switch (random.nextInt(7)) {
      case 0 -> column + " " + comparison() + " '" + one + "'";
      case 1 -> column + " IN ('" + one + "', '" + two + "', 'none')";
      case 2 -> column + " LIKE '" + (id ? one.substring(0, 3) : one) + "%'";
      case 3 -> column + " IS NULL";
      case 4 -> column + " BETWEEN '" + one + "' AND '" + two + "'";
      case 5 -> column + " NOT IN ('" + one + "', '" + two + "')";
      default -> column + " = '" + one + "'";
    };
  }

  private String level() {
    return random.nextBoolean()
        ? "level " + comparison() + " " + pick(levels)
        : "level BETWEEN " + pick(levels) + " AND " + pick(levels);
  }

  private String comparison() {
    return pick(List.of("=", "<", ">", "<=", ">=", "<>"));
  }

  private <T> T pick(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }
}
