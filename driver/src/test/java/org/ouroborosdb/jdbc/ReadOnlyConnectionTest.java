package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Connections with {@code readonly=true} beside connections that write. */
class ReadOnlyConnectionTest {
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
  void a_reader_sees_what_was_written_when_the_newest_reader_connected() throws SQLException {
    try (Connection writer = connect("")) {
      insert(writer, "a");
      try (Connection reader = connect(";readonly=true")) {
        insert(writer, "b");
        assertEquals(1, roots(reader));
        try (Connection second = connect(";readonly=true")) {
          assertEquals(2, roots(second));
          assertEquals(2, roots(reader));
        }
      }
      insert(writer, "c");
      assertEquals(3, roots(writer));
    }
  }

  @Test
  void a_reader_refuses_writes_and_holds_no_lock() throws SQLException {
    connect("").close();
    try (Connection reader = connect(";readonly=true")) {
      assertTrue(reader.isReadOnly());
      SQLException refused = assertThrows(SQLException.class, () -> insert(reader, "a"));
      assertEquals("25006", refused.getSQLState());
      try (Connection writer = connect("")) {
        insert(writer, "a");
      }
      assertEquals(0, roots(reader));
    }
    try (Connection reader = connect(";readonly=true")) {
      assertEquals(1, roots(reader));
    }
  }

  @Test
  void a_reader_creates_no_database() {
    SQLException refused = assertThrows(SQLException.class, () -> connect(";readonly=true"));
    assertEquals("08001", refused.getSQLState());
  }
}
