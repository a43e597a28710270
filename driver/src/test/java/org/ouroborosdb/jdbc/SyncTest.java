package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two databases that went apart, merged from SQL. */
class SyncTest {
  private static final int DOUBLINGS = 12;
  private static final long GROWN_BYTES = 50_000;
  private static final int TRIES = 8;
  private static final int GROWTHS = 4; // each fourfold, to 1,000,000 events
  private static final String COPY =
      "INSERT INTO events(parent, title) SELECT r.id, 'a title' FROM roots r, events e";

  @TempDir private Path directory;

  private Connection open(String name) throws SQLException {
    return DriverManager.getConnection("jdbc:ouroboros:" + directory.resolve(name));
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      StringBuilder text = new StringBuilder();
      while (rows.next()) {
        text.append(text.length() == 0 ? "" : " ").append(rows.getString(1));
      }
      return text.toString();
    }
  }

  private static int update(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private void sync(Connection connection, String other) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("CALL sync('" + directory.resolve(other) + "')")) {
      assertTrue(rows.next());
      assertEquals("received", rows.getString("direction"));
      assertTrue(rows.getBoolean("equal"));
      assertTrue(rows.next());
      assertEquals("sent", rows.getString("direction"));
      assertTrue(rows.getBoolean("complete"));
      assertFalse(rows.next());
    }
  }

  @Test
  void a_key_put_in_two_databases_is_one_row_that_can_be_changed_and_removed() throws SQLException {
    try (Connection b = open("b")) {
      update(b, "INSERT INTO kv(key, metadata) VALUES ('k', '\"b\"')");
    }
    String metadata = "SELECT metadata FROM kv WHERE key = 'k'";
    try (Connection a = open("a")) {
      update(a, "INSERT INTO kv(key, metadata) VALUES ('k', '\"a\"')");
      sync(a, "b");
      assertEquals("\"a\"", text(a, metadata));
      assertEquals("1", text(a, "SELECT COUNT(*) FROM kv"));
      assertEquals("2", text(a, "SELECT COUNT(*) FROM kv_history WHERE key = 'k'"));
      assertEquals(1, update(a, "UPDATE kv SET metadata = '\"c\"' WHERE key = 'k'"));
      assertEquals("\"c\"", text(a, metadata));
      sync(a, "b");
      assertEquals("0", text(a, "SELECT behind FROM sys.replicas"));
    }
    try (Connection b = open("b")) {
      assertEquals("\"c\"", text(b, metadata));
      assertEquals(1, update(b, "DELETE FROM kv WHERE key = 'k'"));
      sync(b, "a");
    }
    try (Connection a = open("a")) {
      assertEquals("", text(a, metadata));
      assertEquals(1, update(a, "INSERT INTO kv(key, metadata) VALUES ('k', '\"d\"')"));
      assertEquals("\"d\"", text(a, metadata));
    }
  }

  @Test
  void a_file_changed_in_two_databases_is_a_conflict_that_an_update_joins() throws SQLException {
    String id;
    try (Connection a = open("a")) {
      update(a, "INSERT INTO roots(title) VALUES ('r')");
      update(a, "INSERT INTO files(parent, name, content) SELECT id, 'f', X'00' FROM roots");
      id = text(a, "SELECT id FROM files");
      open("b").close();
      sync(a, "b");
      update(a, "UPDATE files SET content = X'0a' WHERE id = '" + id + "'");
    }
    try (Connection b = open("b")) {
      update(b, "UPDATE files SET content = X'0b' WHERE id = '" + id + "'");
      sync(b, "a");
      assertEquals("1", text(b, "SELECT COUNT(DISTINCT base) FROM conflicts"));
      assertEquals("1", text(b, "SELECT COUNT(*) FROM files"));
    }
  }

  @Test
  void a_path_without_a_database_or_that_is_in_use_is_refused() throws Exception {
    try (Connection a = open("a")) {
      SQLException none = assertThrows(SQLException.class, () -> sync(a, "none"));
      assertEquals("08001", none.getSQLState());
      SQLException same = assertThrows(SQLException.class, () -> sync(a, "a"));
      assertEquals("08001", same.getSQLState());
      for (String call : List.of("CALL sync('a' || chr(0))", "CALL sync('b', -1)")) {
        SQLException wrong = assertThrows(SQLException.class, () -> text(a, call), call);
        assertTrue(List.of("22018", "22003").contains(wrong.getSQLState()), wrong::toString);
      }
      Files.createDirectory(directory.resolve("empty"));
      assertThrows(SQLException.class, () -> sync(a, "empty"));
      assertEquals(0, directory.resolve("empty").toFile().list().length, "nothing is left there");
    }
  }

  @Test
  void behind_says_how_many_changes_were_not_taken_when_the_time_was_up() throws SQLException {
    try (Connection b = open("b")) {
      update(b, "INSERT INTO roots(title) VALUES ('one'), ('two'), ('three')");
    }
    try (Connection a = open("a")) {
      text(a, "CALL sync('" + directory.resolve("b") + "', 0)");
      assertEquals("3", text(a, "SELECT behind FROM sys.replicas"));
      sync(a, "b");
      assertEquals("0", text(a, "SELECT behind FROM sys.replicas"));
    }
  }

  /** Fills a database with events; returns how many it has. */
  private int filled(String name) throws SQLException {
    try (Connection connection = open(name)) {
      update(connection, "INSERT INTO roots(title) VALUES ('r')");
      for (int i = 0; i < DOUBLINGS; i++) {
        update(connection, COPY);
      }
      return Integer.parseInt(text(connection, "SELECT COUNT(*) FROM events"));
    }
  }

  private long bytesOf(String name) {
    return directory.resolve(name).resolve("segment-00000001.log").toFile().length();
  }

  /** Syncs, and cancels once the other database has grown; returns what it ended with. */
  private @Nullable String endedBy(Connection from, String to)
      throws SQLException, InterruptedException {
    long before = bytesOf(to);
    try (Statement statement = from.createStatement()) {
      AtomicBoolean over = new AtomicBoolean();
      Thread other =
          new Thread(
              () -> {
                while (!over.get() && bytesOf(to) < before + GROWN_BYTES) {
                  Thread.onSpinWait();
                }
                assertDoesNotThrow(statement::cancel);
              });
      other.start();
      try (ResultSet rows = statement.executeQuery("CALL sync('" + directory.resolve(to) + "')")) {
        assertTrue(rows.next());
        return null;
      } catch (SQLException e) {
        return e.getSQLState();
      } finally {
        over.set(true);
        other.join();
      }
    }
  }

  @Test
  void cancelling_a_merge_keeps_what_came_and_the_next_goes_on() throws Exception {
    int events = filled("a");
    String state = null;
    for (int i = 0; i < TRIES && state == null; i++) {
      String to = "to" + i;
      open(to).close();
      try (Connection a = open("a")) {
        state = endedBy(a, to);
      }
      try (Connection other = open(to)) {
        int came = Integer.parseInt(text(other, "SELECT COUNT(*) FROM events"));
        assertTrue(state == null || (came > 0 && came < events), () -> came + " of " + events);
        sync(other, "a");
        assertEquals("" + events, text(other, "SELECT COUNT(*) FROM events"));
        assertEquals("", text(other, "CALL verify()"));
      }
    }
    assertEquals("57014", state, "no merge was slow enough to be cancelled");
  }

  /** Syncs a second at most; returns what it ended with. */
  private @Nullable String endedAfterASecond(Connection from, String to) throws SQLException {
    try (Statement statement = from.createStatement()) {
      statement.setQueryTimeout(1);
      statement.executeQuery("CALL sync('" + directory.resolve(to) + "')").close();
      return null;
    } catch (SQLTimeoutException e) {
      return e.getSQLState();
    }
  }

  @Test
  void a_query_timeout_ends_a_merge_and_keeps_what_came() throws SQLException {
    filled("a");
    String state = null;
    for (int i = 0; i < GROWTHS && state == null; i++) {
      String to = "to" + i;
      open(to).close();
      String events;
      try (Connection a = open("a")) {
        update(a, COPY);
        update(a, COPY); // until it is too much for a second
        events = text(a, "SELECT COUNT(*) FROM events");
        state = endedAfterASecond(a, to);
        assertEquals(events, text(a, "SELECT COUNT(*) FROM events"), "the connection goes on");
      }
      try (Connection other = open(to)) {
        int came = Integer.parseInt(text(other, "SELECT COUNT(*) FROM events"));
        assertTrue(came > 0, "what came by then is kept");
        assertEquals(state == null, came == Integer.parseInt(events));
        sync(other, "a");
        assertEquals(events, text(other, "SELECT COUNT(*) FROM events"));
      }
    }
    assertEquals("57014", state, "no merge took a second");
  }
}
