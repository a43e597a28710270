package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.patch.DeltaMaker;

/** A PATCH that SQL inserts reads as the finished content wherever a file's content is read. */
final class PatchedFilesTest {
  private static final String CURRENT = "SELECT content FROM files";

  @TempDir private Path directory;
  private Path db;
  private byte[] finished;

  @BeforeEach
  void patch() throws Exception {
    db = directory.resolve("db");
    Path tree = Files.createDirectories(directory.resolve("tree"));
    byte[] first = new byte[1_500_000];
    new Random(8).nextBytes(first);
    Files.write(tree.resolve("big"), first);
    run("import", db.toString(), tree.toString());
    finished = Arrays.copyOf(first, first.length + 5);
    finished[700_000]++;
    byte[] delta = delta(version(), finished);
    assertTrue(delta.length < 600_000, "delta of " + delta.length);
    insert(delta);
  }

  private void run(String... arguments) {
    StringWriter out = new StringWriter();
    int status = Main.run(new PrintWriter(out), new PrintWriter(out), arguments);
    assertEquals(0, status, out::toString);
  }

  private Connection connect(Path path) throws SQLException {
    return DriverManager.getConnection("jdbc:ouroboros:" + path);
  }

  private String version() throws SQLException {
    return text(db, "SELECT version FROM files");
  }

  private String text(Path path, String sql) throws SQLException {
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertTrue(rows.next());
      return rows.getString(1);
    }
  }

  /** Makes a delta as a program does that then stores it with SQL. */
  private byte[] delta(String version, byte[] target) throws IOException {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(db));
        Snapshot snapshot = store.snapshot()) {
      EventRow row = snapshot.find(EventId.parse(version));
      Content base = snapshot.content(java.util.Objects.requireNonNull(row)).orElseThrow();
      try (DeltaMaker maker =
          new DeltaMaker(base, new ByteArrayInputStream(target), chunk -> false)) {
        return maker.readAllBytes();
      }
    }
  }

  private void insert(byte[] delta) throws SQLException {
    String sql = "INSERT INTO events(parent, type, content) SELECT version, 'PATCH', ? FROM files";
    try (Connection connection = connect(db);
        PreparedStatement insert = connection.prepareStatement(sql)) {
      insert.setBinaryStream(1, new ByteArrayInputStream(delta));
      assertEquals(1, insert.executeUpdate());
    }
  }

  private void assertFinished(Path path) throws SQLException {
    try (Connection connection = connect(path);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CURRENT)) {
      assertTrue(rows.next());
      assertArrayEquals(finished, rows.getBytes(1));
    }
  }

  @Test
  void it_is_read_whole_in_streams_in_ranges_and_in_expressions() throws Exception {
    assertFinished(db);
    assertEquals("" + finished.length, text(db, "SELECT length FROM files"));
    assertEquals(
        "PATCH", text(db, "SELECT type FROM file_versions WHERE is_winner AND name = 'big'"));
    String middle = "SELECT SUBSTRING(content FROM 700001 FOR 1) FROM files";
    try (Connection connection = connect(db);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows = statement.executeQuery(CURRENT)) {
        rows.next();
        Blob blob = rows.getBlob(1);
        assertEquals(finished.length, blob.length());
        assertArrayEquals(
            Arrays.copyOfRange(finished, 699_990, 700_190), blob.getBytes(699_991, 200));
        assertArrayEquals(
            Arrays.copyOfRange(finished, 1_400_000, finished.length),
            blob.getBinaryStream(1_400_001, finished.length - 1_400_000).readAllBytes());
      }
      try (ResultSet rows = statement.executeQuery(middle)) {
        rows.next();
        assertArrayEquals(new byte[] {finished[700_000]}, rows.getBytes(1));
      }
    }
  }

  @Test
  void an_update_of_something_else_keeps_it_and_the_past_is_as_it_was() throws Exception {
    try (Connection connection = connect(db);
        Statement statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate("UPDATE files SET media_type = 'x/y'"));
    }
    assertFinished(db);
    assertEquals("x/y", text(db, "SELECT media_type FROM files"));
    assertEquals(
        "1500000",
        text(db, "SELECT min(length) FROM history((SELECT id FROM files)) WHERE type = 'NORMAL'"));
    long added =
        Long.parseLong(
            text(
                db,
                "SELECT sum(h.added_bytes) FROM files f, history(f.id) h WHERE h.type <> 'NORMAL'"));
    assertTrue(added < 600_000, "added " + added);
  }

  @Test
  void it_is_exported_verified_copied_and_synced_as_the_finished_content() throws Exception {
    Path out = directory.resolve("out");
    run("export", db.toString(), "tree", out.toString());
    try (java.util.stream.Stream<Path> files = Files.walk(out)) {
      Path big = files.filter(file -> file.endsWith("big")).findFirst().orElseThrow();
      assertArrayEquals(finished, Files.readAllBytes(big));
    }
    run("verify", db.toString());
    Path copy = directory.resolve("copy");
    run("backup", db.toString(), copy.toString());
    Path other = directory.resolve("other");
    connect(other).close();
    run("sync", db.toString(), other.toString());
    assertFinished(other);
    run("verify", other.toString());
    Path restored = directory.resolve("restored");
    run("restore", copy.toString(), restored.toString());
    assertFinished(restored);
  }

  @Test
  void a_delta_that_does_not_apply_is_refused() throws Exception {
    byte[] delta = delta(version(), new byte[] {1, 2, 3});
    delta[delta.length / 2]++;
    assertEquals("23514", assertThrows(SQLException.class, () -> insert(delta)).getSQLState());
    assertEquals(
        "23514", assertThrows(SQLException.class, () -> insert(new byte[40])).getSQLState());
    assertFinished(db);
  }
}
