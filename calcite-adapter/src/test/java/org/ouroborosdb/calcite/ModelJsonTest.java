package org.ouroborosdb.calcite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The adapter on its own: Calcite's driver and a model, nothing of the engine. */
class ModelJsonTest {
  @TempDir private static Path directory;
  private static Connection connection;
  private static EventId root;
  private static EventId folder;
  private static EventId file;

  @BeforeAll
  static void open() throws SQLException {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("db")))) {
      root = store.append(NewEvent.root("r").metadata("{\"a\":1}").build());
      folder = store.append(NewEvent.child(root).title("a/b").build());
      file =
          store.append(
              NewEvent.child(folder)
                  .title("f.txt")
                  .tags("x", "y")
                  .content(store.put("one".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                  .build());
      store.append(
          NewEvent.overwrite(file)
              .content(store.put("two!".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
              .build());
      store.append(NewEvent.child(root).title("empty").build());
    }
    String path = directory.resolve("db").toString().replace("\\", "\\\\");
    String model =
        "inline:{version: '1.0', defaultSchema: 'ouroboros', schemas: [{name: 'ouroboros',"
            + " type: 'custom', factory: '"
            + EventSchemaFactory.class.getName()
            + "', operand: {directory: '"
            + path
            + "'}}]}";
    connection =
        DriverManager.getConnection("jdbc:calcite:lex=JAVA;caseSensitive=false;model=" + model);
  }

  @AfterAll
  static void close() throws SQLException {
    connection.close();
  }

  private static List<String> query(String sql, Object... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<String> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(String.valueOf(result.getString(i)));
          }
          rows.add(String.join("|", row));
        }
      }
      return rows;
    }
  }

  @Test
  void tables_answer() throws SQLException {
    assertEquals(List.of("r|{\"a\":1}"), query("SELECT title, metadata FROM roots"));
    assertEquals(List.of("5"), query("SELECT COUNT(*) FROM events"));
    assertEquals(List.of("a\\/b/f.txt|4"), query("SELECT path, length FROM files ORDER BY path"));
    assertEquals(
        List.of("0|a/b", "1|empty"),
        query(
            "SELECT child_index, title FROM children WHERE parent = ? ORDER BY child_index",
            root.toString()));
    assertEquals(List.of(file + "|y"), query("SELECT event, tag FROM event_tags WHERE tag = 'y'"));
    assertEquals(List.of("5"), query("SELECT COUNT(*) FROM TABLE(subtree(?))", root.toString()));
    assertEquals(
        List.of("1", "0"), query("SELECT depth FROM TABLE(ancestors(?))", file.toString()));
    assertEquals(
        List.of("f.txt"),
        query("SELECT name FROM files WHERE root = ? AND path = 'a\\/b/f.txt'", root.toString()));
    assertEquals(
        List.of("{\"a\":1}|one"),
        query(
            "SELECT effective_metadata(id), content_text(id) FROM events WHERE id = ?",
            file.toString()));
  }

  @Test
  void content_comes_as_bytes() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT content FROM files WHERE id = ?")) {
      statement.setString(1, file.toString());
      try (ResultSet result = statement.executeQuery()) {
        assertTrue(result.next());
        assertArrayEquals(
            "two!".getBytes(java.nio.charset.StandardCharsets.UTF_8), result.getBytes(1));
      }
    }
  }

  @Test
  void joins_tags_and_alternatives_are_looked_up() throws SQLException {
    String join =
        "SELECT e.title, c.title FROM events e JOIN children c ON c.parent = e.id WHERE e.id = ?";
    assertEquals(List.of("a/b|f.txt"), query(join, folder.toString()));
    assertTrue(plan(join).contains("path=[BY_PARENT[$cor"), plan(join));
    String tagged = "SELECT title FROM events WHERE tagged(tags, 'x', 'y')";
    assertEquals(List.of("f.txt"), query(tagged));
    assertTrue(plan(tagged).contains("path=[WITH_TAGS["), plan(tagged));
    String either = "SELECT title FROM events WHERE id = ? OR parent = ?";
    assertEquals(List.of("r", "a/b", "empty"), query(either, root.toString(), root.toString()));
    assertTrue(plan(either).contains("path=[BY_PARENT["), plan(either));
  }

  @Test
  void the_store_tells_of_itself() throws SQLException {
    assertEquals(List.of("5|1"), query("SELECT events, roots FROM ouroboros.sys.statistics"));
    assertEquals(
        List.of("1|segment-00000001.log"),
        query("SELECT segment, path FROM ouroboros.sys.segments"));
  }

  @Test
  void what_is_live_in_segments_is_looked_for_only_if_asked_for() throws SQLException {
    String files = "SELECT path FROM ouroboros.sys.segments WHERE segment = 1";
    assertEquals(List.of("segment-00000001.log"), query(files));
    assertTrue(!plan(files).contains("live_"), plan(files));
    String live = "SELECT path FROM ouroboros.sys.segments WHERE live_ratio BETWEEN 0.1 AND 1";
    assertEquals(List.of("segment-00000001.log"), query(live));
    assertTrue(plan(live).contains("live_ratio"), plan(live));
    String count = "SELECT COUNT(*) FROM ouroboros.sys.segments";
    assertEquals(List.of("1"), query(count));
    assertTrue(plan(count).contains("count=[true]"), plan(count));
  }

  private static String plan(String sql) throws SQLException {
    return String.join("\n", query("EXPLAIN PLAN FOR " + sql.replace("?", "'x'")));
  }

  @Test
  void joins_and_conditions_agree_with_each_other() throws SQLException {
    assertEquals(
        List.of("a/b|f.txt"),
        query(
            "SELECT e.title, c.title FROM events e JOIN children c ON c.parent = e.id"
                + " WHERE e.id = ?",
            folder.toString()));
    assertEquals(
        List.of("r", "a/b", "f.txt", "null", "empty"),
        query("SELECT title FROM events ORDER BY level"));
    assertEquals(List.of("empty"), query("SELECT title FROM events ORDER BY level DESC LIMIT 1"));
    assertEquals(List.of("empty"), query("SELECT title FROM events WHERE title LIKE 'em%'"));
    assertEquals(List.of("1"), query("SELECT COUNT(*) FROM events WHERE parent IS NULL"));
    assertEquals(
        List.of("R1"),
        query(
            "SELECT UPPER(title) || CAST(depth + 1 AS VARCHAR) FROM events WHERE parent IS NULL"));
  }
}
