package org.ouroborosdb.jdbc;

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
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The properties of a URL that say where and how a database lies on its disk. */
class StoreSettingsUrlTest {
  @TempDir private Path directory;

  private Connection connect(String properties) throws SQLException {
    return DriverManager.getConnection("jdbc:ouroboros:" + directory.resolve("db") + properties);
  }

  private static void insert(Connection db, String title) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.executeUpdate("INSERT INTO roots(title) VALUES ('" + title + "')");
    }
  }

  private static int roots(Connection db) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM roots")) {
      assertTrue(rows.next());
      return rows.getInt(1);
    }
  }

  @Test
  void below_min_free_bytes_inserts_say_53100_and_queries_go_on() throws SQLException {
    try (Connection db = connect("")) {
      insert(db, "a");
    }
    try (Connection db = connect(";minFreeBytes=" + Long.MAX_VALUE / 2)) {
      SQLException full = assertThrows(SQLException.class, () -> insert(db, "b"));
      assertEquals("53100", full.getSQLState());
      assertEquals(1, roots(db));
    }
  }

  @Test
  void an_index_path_holds_the_index_and_another_databases_is_refused() throws SQLException {
    String index = ";profile=small;indexPath=" + directory.resolve("index");
    try (Connection db = connect(index)) {
      insert(db, "a");
    }
    assertTrue(Files.exists(directory.resolve("index").resolve("index.mv")));
    assertFalse(Files.exists(directory.resolve("db").resolve("index.mv")));
    String other = "jdbc:ouroboros:" + directory.resolve("other") + index;
    SQLException refused =
        assertThrows(SQLException.class, () -> DriverManager.getConnection(other));
    assertEquals("08001", refused.getSQLState());
    try (Connection db = connect(index)) {
      assertEquals(1, roots(db));
    }
  }

  @Test
  void a_cleanup_interval_removes_what_has_expired_while_a_connection_is_open()
      throws SQLException, InterruptedException {
    try (Connection db = connect(";profile=small;cleanupInterval=1")) {
      insert(db, "a");
      try (Statement statement = db.createStatement()) {
        statement.executeUpdate(
            "INSERT INTO events(parent, title, temporary, expires_at)"
                + " SELECT id, 'old', TRUE, TIMESTAMP '2001-01-01 00:00:00' FROM roots");
      }
      CountDownLatch polls = new CountDownLatch(1_000);
      while (events(db) > 1 && polls.getCount() > 0) {
        polls.countDown();
        assertFalse(polls.await(10, TimeUnit.MILLISECONDS));
      }
      assertEquals(1, events(db));
    }
    try (Connection db = connect(";profile=small")) {
      assertEquals(1, roots(db));
      assertTrue(
          Thread.getAllStackTraces().keySet().stream()
              .noneMatch(thread -> thread.getName().equals("ouroboros-cleanup")),
          "nobody asked for it");
    }
  }

  private static int events(Connection db) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM events")) {
      assertTrue(rows.next());
      return rows.getInt(1);
    }
  }
}
