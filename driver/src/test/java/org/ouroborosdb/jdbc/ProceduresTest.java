package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** CALL through JDBC. */
class ProceduresTest extends WithDatabase {
  @Test
  void a_call_gives_a_count_or_rows() throws SQLException {
    try (Statement statement = db.createStatement()) {
      assertFalse(statement.execute("CALL checkpoint()"));
      assertEquals(0, statement.getUpdateCount());
      assertTrue(statement.execute("CALL verify()"));
      assertEquals(List.of(), column(statement.getResultSet(), 1));
      assertState("07005", () -> statement.executeQuery("CALL rebuild_index()"));
      assertState("07005", () -> statement.executeUpdate("CALL verify()"));
    }
    try (CallableStatement call = db.prepareCall("{call rebuild_index()}")) {
      assertEquals(0, call.executeUpdate());
      assertState("0A001", () -> call.registerOutParameter(1, java.sql.Types.INTEGER));
      assertTrue(call.isWrapperFor(CallableStatement.class));
    }
    try (CallableStatement call = db.prepareCall("{call verify}")) {
      assertEquals("problem", call.getMetaData().getColumnLabel(1));
      assertEquals(List.of(), column(call.executeQuery(), 1));
    }
    assertEquals(List.of("root"), query("SELECT title FROM roots"));
  }

  @Test
  void compact_says_what_it_freed() throws SQLException {
    for (int i = 0; i < 3; i++) {
      insert("INSERT INTO events(parent, title) VALUES (?, 'child " + i + "')", root);
      try (Statement statement = db.createStatement()) {
        statement.execute("CALL checkpoint()");
      }
    }
    String bytes = "SELECT index_bytes FROM sys.statistics";
    long before = Long.parseLong(query(bytes).get(0));
    long freed = Long.parseLong(query("CALL compact()").get(0));
    assertTrue(freed > 0, "freed " + freed);
    assertEquals(before - freed, Long.parseLong(query(bytes).get(0)));
    assertEquals(List.of("3"), query("SELECT COUNT(*) FROM children"));
  }

  @Test
  void verify_names_what_is_damaged() throws SQLException, IOException {
    insert("INSERT INTO events(parent, title) VALUES (?, 'child')", root);
    try (Statement statement = db.createStatement()) {
      statement.execute("CALL checkpoint()");
    }
    Path name = Path.of(query("SELECT path FROM sys.segments").get(0)).getFileName();
    Path segment;
    try (Stream<Path> files = Files.walk(directory)) {
      segment = files.filter(f -> f.endsWith(name)).findFirst().orElseThrow();
    }
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(file.length() / 2);
      int old = file.read();
      file.seek(file.length() / 2);
      file.write(old ^ 1);
    }
    assertFalse(query("CALL verify()").isEmpty());
  }

  @Test
  void what_writes_is_refused_where_the_connection_is_read_only() throws SQLException {
    db.setReadOnly(true);
    assertEquals(List.of(), query("CALL verify()"));
    try (Statement statement = db.createStatement()) {
      assertState("25006", () -> statement.execute("CALL checkpoint()"));
      assertState("25006", () -> statement.execute("CALL compact()"));
      assertState("25006", () -> statement.execute("{call rebuild_index()}"));
    }
  }

  @Test
  void a_call_leaves_the_transaction_as_it_was() throws SQLException {
    db.setAutoCommit(false);
    insert("INSERT INTO events(parent, title) VALUES (?, 'mine')", root);
    try (Statement statement = db.createStatement()) {
      statement.execute("CALL checkpoint()");
      statement.execute("CALL rebuild_index()");
    }
    assertEquals(List.of(), query("CALL verify()"));
    assertEquals(List.of("mine"), query("SELECT title FROM children"));
    db.rollback();
    assertEquals(List.of(), query("SELECT title FROM children"));
  }
}
