package org.ouroborosdb.calcite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.jdbc.CalciteConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Each condition takes its index, and the index finds what reading everything finds. */
class AccessPathTest {
  private static final Pattern PATH = Pattern.compile("path=\\[([A-Z_]+)");
  private static EventStore store;
  private static Connection connection;
  private static EventId root;
  private static EventId folder;
  private static EventId file;

  @BeforeAll
  static void open() throws SQLException {
    store = EmbeddedEventStore.open(StoreOptions.inMemory());
    root = store.append(NewEvent.root("r").build());
    folder = store.append(NewEvent.child(root).title("a/b").build());
    EventId untitled = store.append(NewEvent.child(root).build());
    file = store.append(file(folder, "f.txt", "x", "y"));
    store.append(NewEvent.overwrite(file).title("g.txt").content(content("2")).build());
    store.append(file(untitled, "f.txt", "x"));
    store.append(file(root, "f_1", "y"));
    connection = DriverManager.getConnection("jdbc:calcite:lex=JAVA;caseSensitive=false");
    CalciteConnection calcite = connection.unwrap(CalciteConnection.class);
    calcite.getRootSchema().add("ouroboros", new EventSchema(store));
    calcite.setSchema("ouroboros");
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
    store.close();
  }

  private static NewEvent file(EventId parent, String name, String... tags) {
    return NewEvent.child(parent).title(name).tags(tags).content(content(name)).build();
  }

  private static org.ouroborosdb.store.StoredContent content(String text) {
    return store.put(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> rows(String sql, @Nullable Object... parameters) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(String.valueOf(result.getString(1)));
        }
      }
    }
    return rows;
  }

  private static List<String> paths(String sql, Object... parameters) throws SQLException {
    List<String> paths = new ArrayList<>();
    for (String plan : rows("EXPLAIN PLAN FOR " + sql, parameters)) {
      for (Matcher matcher = PATH.matcher(plan); matcher.find(); ) {
        paths.add(matcher.group(1));
      }
    }
    return paths;
  }

  private static void check(String path, List<String> expected, String sql, Object... parameters)
      throws SQLException {
    assertEquals(List.of(path), paths(sql, parameters), sql);
    assertEquals(expected, rows(sql, parameters).stream().sorted().toList(), sql);
  }

  @Test
  void each_condition_takes_its_index() throws SQLException {
    String r = root.toString();
    check("BY_ID", List.of("f.txt"), "SELECT title FROM events WHERE id = ?", file.toString());
    check(
        "BY_ID",
        List.of(),
        "SELECT title FROM events WHERE id = ?",
        r.toUpperCase(java.util.Locale.ROOT));
    check("BY_ID", List.of(), "SELECT title FROM events WHERE id = 'no id'");
    check(
        "BY_ID",
        List.of("a/b", "r"),
        "SELECT title FROM events WHERE id IN ('" + r + "', '" + folder + "', '" + r + "')");
    check(
        "BY_PARENT", List.of("f.txt"), "SELECT title FROM events WHERE parent = '" + folder + "'");
    check("BY_ROOT", List.of("7"), "SELECT COUNT(*) FROM events WHERE root = ?", r);
    check(
        "BY_TITLE",
        List.of("4", "6"),
        "SELECT seq FROM events WHERE root = ? AND title = 'f.txt'",
        r);
    check("TITLE_PREFIX", List.of("f_1"), "SELECT title FROM events WHERE title LIKE 'f__'");
    check(
        "BY_PARENT_AND_TITLE",
        List.of("2"),
        "SELECT depth FROM events WHERE parent = ? AND title = 'f.txt'",
        folder.toString());
    check("SEQ_RANGE", List.of("1", "2"), "SELECT seq FROM events WHERE seq < 3");
    check("LEVEL_RANGE", List.of(), "SELECT seq FROM events WHERE level BETWEEN 1 AND 9");
    check(
        "TIME_RANGE",
        List.of(),
        "SELECT seq FROM events WHERE created_at < TIMESTAMP '2001-01-01 00:00:00'");
    check("BY_TAG", List.of("y", "y"), "SELECT tag FROM event_tags WHERE tag = 'y'");
    check("FULL_SCAN", List.of("7"), "SELECT COUNT(*) FROM events");
  }

  @Test
  void functions_find_events_with_omitted_and_null_arguments() throws SQLException {
    assertEquals(List.of("f.txt"), rows("SELECT title FROM TABLE(tagged('x', 'y'))"));
    assertEquals(List.of("2"), rows("SELECT COUNT(*) FROM TABLE(tagged(?))", "x"));
    assertEquals(List.of("0"), rows("SELECT COUNT(*) FROM TABLE(tagged('x', 'z'))"));
    String id = folder.toString();
    assertEquals(List.of("3"), rows("SELECT COUNT(*) FROM TABLE(subtree(?))", id));
    assertEquals(List.of("2"), rows("SELECT COUNT(*) FROM TABLE(subtree(?, 1))", id));
    assertEquals(List.of("0"), rows("SELECT COUNT(*) FROM TABLE(subtree('none'))"));
    assertEquals(
        List.of("a/b", "r"), rows("SELECT title FROM TABLE(ancestors(?))", file.toString()));
  }

  @Test
  void a_pattern_may_be_a_parameter() throws SQLException {
    String sql = "SELECT name FROM files WHERE name LIKE ?";
    check("TITLE_PREFIX", List.of("f.txt", "f_1"), sql, "f%");
    check("TITLE_PREFIX", List.of("f.txt", "g.txt"), sql, "%txt");
    check("TITLE_PREFIX", List.of("g.txt"), sql, "g.txt");
    check("TITLE_PREFIX", List.of(), sql, "a%");
    assertEquals(List.of(), rows(sql, new @Nullable Object[] {null}));
  }

  @Test
  void every_path_finds_its_file_and_an_old_name_does_not() throws SQLException {
    List<String> all = rows("SELECT path FROM files");
    assertEquals(List.of("/f.txt", "a\\/b/g.txt", "f_1"), all.stream().sorted().toList());
    String sql = "SELECT path FROM files WHERE root = ? AND path = ?";
    String anyRoot = "SELECT path FROM files WHERE path = ?";
    for (String path : all) {
      check("BY_ROOT_AND_PATH", List.of(path), sql, root.toString(), path);
      check("BY_PATH", List.of(path), anyRoot, path);
    }
    for (String path : List.of("a\\/b/f.txt", "a/b/g.txt", "a\\/b/\\g.txt", "", "/", "f_1/")) {
      check("BY_ROOT_AND_PATH", List.of(), sql, root.toString(), path);
      check("BY_PATH", List.of(), anyRoot, path);
    }
    check("BY_PATH", List.of(), anyRoot, new @Nullable Object[] {null});
    check(
        "BY_PATH",
        List.of("/f.txt", "a\\/b/g.txt"),
        "SELECT path FROM files WHERE path IN ('/f.txt', 'a\\/b/g.txt', '/f.txt', 'x/f.txt')");
  }

  @Test
  void conditions_find_what_reading_everything_finds() throws SQLException {
    long seed = System.nanoTime();
    System.out.println("AccessPathTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      String condition = condition(random) + (random.nextBoolean() ? " AND " : " OR ");
      condition += condition(random);
      List<String> all = rows("SELECT id FROM events WHERE (" + condition + ") IS TRUE");
      List<String> found = rows("SELECT id FROM events WHERE " + condition);
      assertEquals(all.stream().sorted().toList(), found.stream().sorted().toList(), condition);
    }
  }

  private static String condition(Random random) {
    String id = String.valueOf(List.of(root, folder, file, "none").get(random.nextInt(4)));
    String title = List.of("r", "f.txt", "g.txt", "f_1", "", "a/b").get(random.nextInt(6));
    return switch (random.nextInt(8)) {
      case 0 -> "id = '" + id + "'";
      case 1 -> "parent IN ('" + id + "', '" + folder + "')";
      case 2 -> "root = '" + id + "'";
      case 3 -> "title = '" + title + "'";
      case 4 -> "title LIKE '" + title + "%'";
      case 5 -> "seq " + (random.nextBoolean() ? "<= " : "> ") + random.nextInt(8);
      case 6 -> "parent IS NULL";
      default -> "NOT title = '" + title + "'";
    };
  }
}
