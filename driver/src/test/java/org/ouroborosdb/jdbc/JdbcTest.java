package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.EventStore;

/** The driver through {@link DriverManager}, as any program uses it. */
class JdbcTest {
  @TempDir private Path directory;
  private Connection db;
  private String root;

  @BeforeEach
  void connect() throws SQLException {
    db = DriverManager.getConnection("jdbc:ouroboros:" + directory.resolve("db"));
    root = insert("INSERT INTO roots(title) VALUES (?)", "root");
  }

  @AfterEach
  void disconnect() throws SQLException {
    db.close();
  }

  private String insert(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement insert = db.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      assertEquals(1, insert.executeUpdate());
      try (ResultSet keys = insert.getGeneratedKeys()) {
        assertTrue(keys.next());
        return keys.getString(1);
      }
    }
  }

  private List<String> query(String sql, Object... values) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement query = db.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        query.setObject(i + 1, values[i]);
      }
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
    }
    return found;
  }

  private static void assertState(String state, Executable call) {
    SQLException failure = assertThrows(SQLException.class, call);
    assertEquals(state, failure.getSQLState(), failure::toString);
  }

  private byte[] stored(String id) throws SQLException {
    try (PreparedStatement query = db.prepareStatement("SELECT content FROM files WHERE id = ?")) {
      query.setString(1, id);
      try (ResultSet rows = query.executeQuery()) {
        assertTrue(rows.next());
        return rows.getBytes("content");
      }
    }
  }

  private static byte[] gzipped() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(new byte[10_000]);
    }
    return bytes.toByteArray();
  }

  @Test
  void any_bytes_come_back_from_every_setter_through_every_getter() throws Exception {
    byte[] random = new byte[700_001];
    new Random(5).nextBytes(random);
    byte[] all = new byte[256];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) i;
    }
    String sql = "INSERT INTO files(parent, name, content) VALUES (?, 'f', ?)";
    for (byte[] bytes : new byte[][] {new byte[0], all, gzipped(), random}) {
      try (PreparedStatement insert = db.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
        insert.setString(1, root);
        List<Executable> setters =
            List.of(
                () -> insert.setBytes(2, bytes),
                () -> insert.setObject(2, bytes),
                () -> insert.setBinaryStream(2, new ByteArrayInputStream(bytes)),
                () -> insert.setBinaryStream(2, new ByteArrayInputStream(bytes), bytes.length),
                () -> insert.setBlob(2, new ByteArrayInputStream(bytes)),
                () -> insert.setBlob(2, new javax.sql.rowset.serial.SerialBlob(bytes)));
        for (Executable setter : setters) {
          try {
            setter.execute();
          } catch (Throwable e) {
            throw new AssertionError(e);
          }
          insert.executeUpdate();
          try (ResultSet keys = insert.getGeneratedKeys()) {
            keys.next();
            assertReadsAs(bytes, keys.getString("id"));
          }
        }
      }
    }
  }

  private void assertReadsAs(byte[] bytes, String id) throws SQLException, IOException {
    assertArrayEquals(bytes, stored(id));
    try (PreparedStatement query = db.prepareStatement("SELECT content FROM files WHERE id = ?")) {
      query.setString(1, id);
      try (ResultSet rows = query.executeQuery()) {
        assertTrue(rows.next());
        Blob blob = rows.getBlob(1);
        assertEquals(bytes.length, blob.length());
        assertArrayEquals(bytes, blob.getBytes(1, bytes.length));
        try (InputStream stream = rows.getBinaryStream(1)) {
          assertArrayEquals(bytes, stream.readAllBytes());
        }
        assertArrayEquals(bytes, rows.getObject(1, byte[].class));
        assertEquals("java.sql.Blob", rows.getMetaData().getColumnClassName(1));
        if (bytes.length > 20) {
          byte[] part = java.util.Arrays.copyOfRange(bytes, 7, 19);
          assertArrayEquals(part, blob.getBytes(8, 12));
        }
      }
    }
  }

  @Test
  void a_consumed_stream_is_never_stored_again_silently() throws SQLException {
    try (PreparedStatement insert =
        db.prepareStatement("INSERT INTO files(parent, name, content) VALUES (?, ?, ?)")) {
      insert.setString(1, root);
      insert.setString(2, "f");
      insert.setBinaryStream(3, new ByteArrayInputStream(new byte[5]));
      insert.executeUpdate();
      assertState("07001", insert::executeUpdate);
      insert.clearParameters();
      assertState("07001", insert::executeUpdate);
    }
  }

  @Test
  void generated_keys_come_in_every_form() throws SQLException {
    String sql =
        "INSERT INTO children(parent, title) VALUES ('" + root + "', 'a'), ('" + root + "', 'b')";
    try (Statement statement = db.createStatement()) {
      statement.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS);
      assertKeys(statement, 2, "child");
      statement.execute(sql, new String[] {"child"});
      assertKeys(statement, 2, "child");
      statement.executeLargeUpdate(sql, new int[] {2});
      assertKeys(statement, 2, "child");
      statement.executeUpdate(sql, Statement.NO_GENERATED_KEYS);
      assertKeys(statement, 0, "child");
      statement.addBatch(sql);
      statement.addBatch(sql);
      assertArrayEquals(new int[] {2, 2}, statement.executeBatch());
      assertKeys(statement, 4, "child");
    }
    try (PreparedStatement batch =
        db.prepareStatement(
            "INSERT INTO events(parent, title) VALUES (?, ?)", new String[] {"id"})) {
      for (int i = 0; i < 3; i++) {
        batch.setString(1, root);
        batch.setString(2, "batch" + i);
        batch.addBatch();
      }
      assertArrayEquals(new int[] {1, 1, 1}, batch.executeBatch());
      List<String> ids = assertKeys(batch, 3, "id");
      assertEquals(
          List.of("batch0", "batch1", "batch2"),
          List.of(
              query("SELECT title FROM events WHERE id = ?", ids.get(0)).get(0),
              query("SELECT title FROM events WHERE id = ?", ids.get(1)).get(0),
              query("SELECT title FROM events WHERE id = ?", ids.get(2)).get(0)));
    }
  }

  private static List<String> assertKeys(Statement statement, int count, String column)
      throws SQLException {
    List<String> ids = new ArrayList<>();
    try (ResultSet keys = statement.getGeneratedKeys()) {
      while (keys.next()) {
        ids.add(keys.getString(column));
      }
    }
    assertEquals(count, ids.size());
    return ids;
  }

  @Test
  void a_batch_is_all_or_nothing() throws SQLException {
    try (PreparedStatement batch =
        db.prepareStatement("INSERT INTO events(parent, title) VALUES (?, 'x')")) {
      batch.setString(1, root);
      batch.addBatch();
      batch.setString(1, "0".repeat(128));
      batch.addBatch();
      BatchUpdateException failure = assertThrows(BatchUpdateException.class, batch::executeBatch);
      assertEquals("23503", failure.getSQLState());
      assertEquals(List.of("1"), query("SELECT COUNT(*) FROM events"));
    }
  }

  @Test
  void errors_carry_their_sqlstate() throws SQLException {
    assertState("42601", () -> query("SELEC 1"));
    assertState("42S02", () -> query("SELECT * FROM nowhere"));
    assertState("42S22", () -> query("SELECT nothing FROM events"));
    assertState("22012", () -> query("SELECT 1 / (seq - seq) FROM events"));
    assertState("23505", () -> insert("INSERT INTO roots(title) VALUES (?)", "root"));
    assertState(
        "23502", () -> insert("INSERT INTO roots(title) VALUES (?)", (@Nullable Object) null));
    assertState("428C9", () -> insert("INSERT INTO roots(id, title) VALUES ('a', ?)", "b"));
    try (Statement statement = db.createStatement()) {
      assertState("25006", () -> statement.executeUpdate("UPDATE events SET title = 'x'"));
      assertState("25006", () -> statement.executeUpdate("DELETE FROM events"));
    }
    assertState("08001", () -> DriverManager.getConnection("jdbc:ouroboros:x;creat=false"));
    assertState("08001", () -> DriverManager.getConnection("jdbc:ouroboros:nowhere;create=false"));
  }

  @Test
  void a_transaction_sees_itself_and_rolls_back() throws SQLException {
    db.setAutoCommit(false);
    String id = insert("INSERT INTO events(parent, title) VALUES (?, 'one')", root);
    assertEquals(1, query("SELECT title FROM events WHERE id = ? AND seq IS NULL", id).size());
    Savepoint savepoint = db.setSavepoint("s");
    insert("INSERT INTO events(parent, title) VALUES (?, 'two')", root);
    db.rollback(savepoint);
    try (Connection other =
        DriverManager.getConnection("jdbc:ouroboros:" + directory.resolve("db"))) {
      try (Statement statement = other.createStatement();
          ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM events")) {
        rows.next();
        assertEquals(1, rows.getInt(1));
      }
    }
    db.commit();
    assertEquals(List.of("2"), query("SELECT COUNT(*) FROM events"));
    insert("INSERT INTO events(parent, title) VALUES (?, 'three')", root);
    db.rollback();
    assertEquals(List.of("2"), query("SELECT COUNT(*) FROM events"));
  }

  @Test
  void what_does_not_fit_is_an_error_never_cut() throws SQLException {
    try (PreparedStatement insert =
        db.prepareStatement("INSERT INTO events(parent, metadata) VALUES (?, ?)")) {
      var text = new javax.sql.rowset.serial.SerialClob(new char[(16 << 20) + 1]);
      assertState("22001", () -> insert.setClob(2, text));
    }
    insert("INSERT INTO events(parent, title) VALUES (?, '1e999999999')", root);
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT title FROM children")) {
      rows.next();
      assertState("22003", () -> rows.getInt(1));
    }
    assertState("08001", () -> DriverManager.getConnection("jdbc:ouroboros:mem:;indexPath=%00"));
  }

  @Test
  void times_are_utc_in_every_zone() throws SQLException {
    TimeZone before = TimeZone.getDefault();
    try {
      for (String zone : List.of("UTC", "America/New_York", "Asia/Kolkata")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try (Statement statement = db.createStatement();
            ResultSet rows = statement.executeQuery("SELECT created_at, level FROM roots")) {
          rows.next();
          Instant instant = Instant.ofEpochMilli(rows.getLong(2) / 1_000_000);
          assertEquals(instant, rows.getObject(1, Instant.class));
          assertEquals(instant, rows.getTimestamp(1).toInstant());
          assertEquals(instant.atOffset(ZoneOffset.UTC), rows.getObject(1, OffsetDateTime.class));
          assertEquals(
              LocalDateTime.ofInstant(instant, ZoneOffset.UTC),
              rows.getObject(1, LocalDateTime.class));
          assertEquals(
              List.of("1"),
              query(
                  "SELECT COUNT(*) FROM roots WHERE created_at BETWEEN ? AND ?",
                  java.sql.Timestamp.from(instant),
                  instant.plusMillis(1)));
        }
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void the_catalogue_lists_tables_columns_and_keys() throws SQLException {
    DatabaseMetaData meta = db.getMetaData();
    assertEquals(
        Set.of(
            "roots",
            "events",
            "children",
            "files",
            "chunks",
            "event_chunks",
            "event_tags",
            "file_versions",
            "conflicts",
            "kv",
            "kv_history"),
        Set.copyOf(names(meta.getTables(null, "ouroboros", "%", null), "TABLE_NAME")));
    assertEquals(
        0, names(meta.getTables(null, null, "%".repeat(500) + "z", null), "TABLE_NAME").size());
    assertEquals(
        List.of("event_chunks", "event_tags"),
        names(meta.getTables(null, null, "%EVENT\\__%", null), "TABLE_NAME"));
    assertEquals(
        List.of("id", "title", "level", "created_at", "metadata"),
        names(meta.getColumns(null, null, "roots", null), "COLUMN_NAME"));
    assertEquals(
        List.of("child", "parent"),
        names(meta.getPrimaryKeys(null, null, "children"), "COLUMN_NAME"));
    assertEquals(
        List.of("parent", "root"),
        names(meta.getImportedKeys(null, null, "events"), "FKCOLUMN_NAME"));
    assertTrue(
        names(meta.getIndexInfo(null, null, "roots", true, false), "COLUMN_NAME")
            .contains("title"));
    try (Statement statement = db.createStatement()) {
      for (String table : names(meta.getTables(null, "ouroboros", null, null), "TABLE_NAME")) {
        List<String> columns = names(meta.getColumns(null, null, table, null), "COLUMN_NAME");
        try (ResultSet rows =
            statement.executeQuery("SELECT " + String.join(", ", columns) + " FROM " + table)) {
          assertEquals(columns.size(), rows.getMetaData().getColumnCount());
        }
      }
    }
  }

  private static List<String> names(ResultSet rows, String column) throws SQLException {
    List<String> names = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        names.add(rows.getString(column));
      }
    }
    return names;
  }

  @Test
  void tags_go_in_as_arrays_and_come_out_as_arrays() throws SQLException {
    String id =
        insert(
            "INSERT INTO events(parent, title, tags) VALUES (?, 't', ?)",
            root,
            new String[] {"b", "a"});
    try (PreparedStatement query = db.prepareStatement("SELECT tags FROM events WHERE id = ?")) {
      query.setString(1, id);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        assertArrayEquals(new String[] {"a", "b"}, (String[]) rows.getArray(1).getArray());
      }
    }
    assertEquals(List.of(id), query("SELECT event FROM event_tags WHERE tag = 'a'"));
  }

  @Test
  void temporary_events_are_deleted_with_their_subtrees() throws SQLException {
    String top = insert("INSERT INTO events(parent, title, temporary) VALUES (?, 't', TRUE)", root);
    insert("INSERT INTO events(parent, title, temporary) VALUES (?, 'u', TRUE)", top);
    try (PreparedStatement delete = db.prepareStatement("DELETE FROM events WHERE id = ?")) {
      delete.setString(1, top);
      assertEquals(2, delete.executeUpdate());
    }
    assertEquals(List.of("1"), query("SELECT COUNT(*) FROM events"));
  }

  @Test
  void a_running_statement_can_be_cancelled_and_used_again() throws Exception {
    try (PreparedStatement batch =
        db.prepareStatement("INSERT INTO events(parent, title) VALUES (?, 'x')")) {
      for (int i = 0; i < 3000; i++) {
        batch.setString(1, root);
        batch.addBatch();
      }
      batch.executeBatch();
    }
    String slow = "SELECT COUNT(*) FROM events a, events b WHERE a.level + b.level = 1";
    try (Statement statement = db.createStatement()) {
      statement.setQueryTimeout(1);
      assertState(
          "57014",
          () -> {
            try (ResultSet rows = statement.executeQuery(slow + " AND a.title <> b.title || 'y'")) {
              while (rows.next()) {
                rows.getLong(1);
              }
              throw new SQLException("finished before its timeout", "57014");
            }
          });
      try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM events")) {
        assertTrue(rows.next());
      }
    }
  }

  @Test
  void connections_share_one_engine_and_the_last_close_releases_the_lock() throws SQLException {
    String url = "jdbc:ouroboros:" + directory.resolve("db");
    try (Connection second = DriverManager.getConnection(url)) {
      assertEquals(db.unwrap(EventStore.class).id(), second.unwrap(EventStore.class).id());
    }
    assertFalse(db.isClosed());
    db.close();
    assertState("08003", () -> db.createStatement());
    try (Connection again = DriverManager.getConnection(url)) {
      assertTrue(again.isValid(1));
    }
    try (Connection memory = DriverManager.getConnection("jdbc:ouroboros:mem:shared");
        Connection same = DriverManager.getConnection("jdbc:ouroboros:mem:shared");
        Connection own = DriverManager.getConnection("jdbc:ouroboros:mem:")) {
      memory.createStatement().executeUpdate("INSERT INTO roots(title) VALUES ('m')");
      try (ResultSet rows = same.createStatement().executeQuery("SELECT COUNT(*) FROM roots")) {
        rows.next();
        assertEquals(1, rows.getInt(1));
      }
      assertNull(own.getCatalog());
    }
  }
}
