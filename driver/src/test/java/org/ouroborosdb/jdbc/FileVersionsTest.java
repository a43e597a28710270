package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions of files and keys through JDBC: what UPDATE and DELETE append, and who wins. */
class FileVersionsTest extends WithDatabase {
  private static final int THREADS = 4;
  private static final int ROUNDS = 15;

  private String file;

  @BeforeEach
  void insertFile() throws SQLException {
    file =
        insert(
            "INSERT INTO files(parent, name, media_type, metadata, content)"
                + " VALUES (?, 'a', 'text/plain', '{}', ?)",
            root,
            new byte[] {1});
  }

  private int update(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = db.prepareStatement(sql)) {
      set(statement, values);
      return statement.executeUpdate();
    }
  }

  private byte[] bytes(String sql, Object... values) throws SQLException {
    try (PreparedStatement query = db.prepareStatement(sql)) {
      set(query, values);
      try (ResultSet rows = query.executeQuery()) {
        assertTrue(rows.next());
        return rows.getBytes(1);
      }
    }
  }

  @Test
  void each_column_is_set_alone_and_all_are_set_together() throws SQLException {
    String row =
        "SELECT name || ',' || coalesce(media_type, '-') || ',' || coalesce(metadata, '-') || ','"
            + " || length FROM files";
    update("UPDATE files SET content = ? WHERE id = ?", new byte[] {1, 2}, file);
    assertEquals(List.of("a,text/plain,{},2"), query(row));
    update("UPDATE files SET metadata = ? WHERE id = ?", "[1]", file);
    assertEquals(List.of("a,text/plain,[1],2"), query(row));
    update("UPDATE files SET media_type = ? WHERE id = ?", "text/html", file);
    assertEquals(List.of("a,text/html,[1],2"), query(row));
    update("UPDATE files SET name = ? WHERE id = ?", "b", file);
    assertEquals(List.of("b,text/html,[1],2"), query(row));
    update(
        "UPDATE files SET name = ?, content = ?, metadata = ?, media_type = ? WHERE id = ?",
        "c",
        new byte[0],
        null,
        "x/y",
        file);
    assertEquals(List.of("c,x/y,-,0"), query(row));
    assertEquals(1, update("DELETE FROM files WHERE name = 'c'"));
    assertEquals(List.of(), query(row));
    assertEquals(
        Arrays.asList("1", "2", "2", "2", "2", "0", null),
        query("SELECT length FROM file_versions WHERE id = ? ORDER BY level", file));
    assertEquals(List.of("REMOVE"), query("SELECT type FROM history(?) WHERE is_winner", file));
  }

  @Test
  void content_comes_from_streams_blobs_and_other_versions() throws SQLException {
    byte[] big = new byte[700_000];
    new Random(9).nextBytes(big);
    String sql = "UPDATE files SET content = ? WHERE id = ?";
    try (PreparedStatement set = db.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      set.setString(2, file);
      set.setBinaryStream(1, new ByteArrayInputStream(big));
      assertEquals(1, set.executeUpdate());
      assertEquals(query("SELECT version FROM files"), keys(set));
      assertArrayEquals(big, bytes("SELECT content FROM files"));
      set.setBlob(1, new ByteArrayInputStream(big, 1, 300_000), 300_000);
      set.executeUpdate();
      assertArrayEquals(Arrays.copyOfRange(big, 1, 300_001), bytes("SELECT content FROM files"));
      String first = "SELECT content FROM file_versions WHERE length = 700000";
      try (Statement query = db.createStatement();
          ResultSet rows = query.executeQuery(first)) {
        rows.next();
        Blob blob = rows.getBlob(1);
        set.setBlob(1, blob);
        set.executeUpdate();
      }
    }
    assertArrayEquals(big, bytes("SELECT content FROM files"));
    assertEquals(List.of("0"), query("SELECT added_bytes FROM history(?) WHERE is_winner", file));
    update(
        "UPDATE files SET content = (SELECT v.content FROM file_versions v WHERE v.version = ?)",
        file);
    assertArrayEquals(new byte[] {1}, bytes("SELECT content FROM files"));
  }

  @Test
  void a_conflict_is_joined_by_naming_its_heads_in_an_array_parameter() throws SQLException {
    String overwrite = "INSERT INTO events(parent, type, content) VALUES (?, 'OVERWRITE', ?)";
    insert(overwrite, file, new byte[] {2});
    insert(overwrite, file, new byte[] {3});
    List<String> heads = query("SELECT head FROM conflicts WHERE base = ?", file);
    assertEquals(2, heads.size());
    try (PreparedStatement join =
        db.prepareStatement("UPDATE files SET content = ?, replaces = ? WHERE id = ?")) {
      join.setBytes(1, new byte[] {2, 3});
      join.setString(3, file);
      Array named = db.createArrayOf("VARCHAR", new String[] {heads.get(0), file});
      join.setArray(2, named);
      assertState("40001", join::executeUpdate);
      join.setArray(2, db.createArrayOf("VARCHAR", heads.toArray()));
      assertEquals(1, join.executeUpdate());
    }
    assertEquals(List.of(), query("SELECT head FROM conflicts"));
    assertArrayEquals(new byte[] {2, 3}, bytes("SELECT content FROM files"));
    assertEquals(
        List.of("2"),
        query("SELECT cardinality(replaces) FROM file_versions WHERE is_winner AND id = ?", file));
  }

  @Test
  void what_a_history_added_is_what_its_chunks_take() throws SQLException {
    byte[] content = new byte[300_000];
    Random random = new Random(4);
    random.nextBytes(content);
    for (int i = 0; i < 12; i++) {
      content[random.nextInt(content.length)]++;
      byte[] next = i % 3 == 2 ? Arrays.copyOf(content, 50 + i) : content; // grouped, or of its own
      update(
          "UPDATE files SET content = ?, metadata = ? WHERE id = ?",
          next,
          "{\"n\":" + i + "}",
          file);
    }
    assertEquals(
        query(
            "SELECT sum(stored_length) FROM chunks WHERE hash IN (SELECT e.chunk FROM event_chunks e"
                + " JOIN file_versions v ON v.version = e.event WHERE v.id = ?)",
            file),
        query("SELECT sum(added_bytes) FROM history(?)", file));
    assertEquals(
        query("SELECT count(DISTINCT chunk) FROM event_chunks"),
        query("SELECT sum(added_chunks) FROM history(?)", file));
    long all = Long.parseLong(query("SELECT sum(stored_length) FROM chunks").get(0));
    long log =
        Long.parseLong(query("SELECT sum(bytes) FROM sys.storage WHERE kind LIKE 'chunk%'").get(0));
    assertTrue(all <= log && log <= all + 30_000, all + " of " + log);
  }

  @Test
  void of_many_connections_that_put_over_one_version_exactly_one_wins() throws Exception {
    insert("INSERT INTO kv(key, metadata) VALUES ('k', '0')");
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    List<Connection> connections = new ArrayList<>();
    try {
      for (int i = 0; i < THREADS; i++) {
        connections.add(DriverManager.getConnection(url()));
      }
      for (int round = 1; round <= ROUNDS; round++) {
        for (String table : List.of("kv", "files")) {
          boolean batched = round % 2 == 0;
          String version = query("SELECT version FROM " + table).get(0);
          CyclicBarrier start = new CyclicBarrier(THREADS);
          List<Future<Boolean>> all = new ArrayList<>();
          for (Connection connection : connections) {
            all.add(pool.submit(() -> puts(connection, table, version, start, batched)));
          }
          int winners = 0;
          for (Future<Boolean> each : all) {
            winners += each.get() ? 1 : 0;
          }
          assertEquals(1, winners, "round " + round + " over " + table);
        }
      }
    } finally {
      pool.shutdown();
      for (Connection connection : connections) {
        connection.close();
      }
    }
    assertEquals(List.of("0"), query("SELECT count(*) FROM conflicts"));
    assertEquals(List.of("" + (ROUNDS + 1)), query("SELECT count(*) FROM kv_history"));
  }

  /** Puts over a version when all are ready; returns whether it did. */
  private static boolean puts(
      Connection connection, String table, String version, CyclicBarrier start, boolean transaction)
      throws Exception {
    String sql = "UPDATE " + table + " SET metadata = ? WHERE version = ?";
    connection.setAutoCommit(!transaction);
    try (PreparedStatement put = connection.prepareStatement(sql)) {
      put.setString(1, "{\"by\":" + System.identityHashCode(connection) + "}");
      put.setString(2, version);
      start.await(1, TimeUnit.MINUTES);
      int count = put.executeUpdate();
      if (transaction) {
        start.await(1, TimeUnit.MINUTES); // each has seen the version
        connection.commit();
      }
      return count == 1;
    } catch (SQLException e) {
      assertEquals("40001", e.getSQLState(), e::toString);
      return false;
    }
  }
}
