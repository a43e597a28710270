package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** BLOBs and CLOBs by the letter of JDBC. */
class LargeObjectsTest extends WithDatabase {
  private static final String FILE = "INSERT INTO files(parent, name, content) VALUES (?, ?, ?)";

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private void ranges(Blob blob, byte[] bytes) throws Exception {
    int n = bytes.length;
    assertEquals(n, blob.length());
    assertArrayEquals(bytes, blob.getBytes(1, n + 10));
    assertArrayEquals(Arrays.copyOfRange(bytes, n - 1, n), blob.getBytes(n, 5));
    assertArrayEquals(new byte[0], blob.getBytes(n + 1L, 5));
    assertState("22003", () -> blob.getBytes(0, 1));
    assertState("22003", () -> blob.getBytes(1, -1));
    assertState("22003", () -> blob.getBytes(n + 2L, 1));
    try (InputStream stream = blob.getBinaryStream(2, n - 1L)) {
      assertArrayEquals(Arrays.copyOfRange(bytes, 1, n), stream.readAllBytes());
    }
    assertState("22003", () -> blob.getBinaryStream(2, n));
    assertState("22003", () -> blob.getBinaryStream(0, 1));
    assertState("22003", () -> blob.getBinaryStream(1, Long.MAX_VALUE));
    byte[] part = Arrays.copyOfRange(bytes, n - 9, n);
    assertEquals(n - 8, blob.position(part, 1));
    assertEquals(n - 8, blob.position(part, n - 8));
    assertEquals(-1, blob.position(part, n - 7));
    assertEquals(-1, blob.position(new byte[n + 1], 1));
    assertEquals(n - 8, blob.position(new javax.sql.rowset.serial.SerialBlob(part), 1));
    assertState("22003", () -> blob.position(part, 0));
    blob.free();
    blob.free();
    assertThrows(SQLException.class, blob::length);
    assertThrows(SQLException.class, () -> blob.position(part, 1));
  }

  @Test
  void ranges_of_a_blob_count_from_one_and_stop_at_its_end() throws Exception {
    byte[] bytes = random(300_000);
    insert(FILE, root, "f", bytes);
    onRow("SELECT content FROM files", row -> ranges(row.getBlob(1), bytes));
    onRow("SELECT content FROM files", row -> ranges((Blob) row.getObject(1), bytes));
    onRow("SELECT content || X'00' FROM files", row -> row.getBlob(1).free());
    Blob filled = db.createBlob();
    filled.setBytes(1, bytes);
    ranges(filled, bytes);
  }

  @Test
  void a_created_blob_is_filled_and_stored_as_often_as_its_statement_runs() throws Exception {
    Blob blob = db.createBlob();
    try (OutputStream out = blob.setBinaryStream(1)) {
      for (int i = 0; i < 100_000; i++) {
        out.write(i);
      }
    }
    assertEquals(3, blob.setBytes(2, new byte[] {9, 8, 7, 6}, 1, 3));
    blob.truncate(50_000);
    assertState("22003", () -> blob.setBytes(50_002, new byte[1]));
    assertState("22003", () -> blob.truncate(50_001));
    try (PreparedStatement insert = db.prepareStatement(FILE)) {
      set(insert, root, "f", blob);
      insert.executeUpdate();
      insert.executeUpdate();
    }
    assertEquals(List.of("50000", "50000"), query("SELECT length FROM files"));
    onRow("SELECT content FROM files", row -> assertEquals(8, row.getBytes(1)[1]));
  }

  @Test
  void a_stream_longer_than_an_expression_can_be_is_the_content_of_a_selected_row()
      throws Exception {
    int length = (16 << 20) + 1;
    try (PreparedStatement insert =
        db.prepareStatement(
            "INSERT INTO files(name, content, parent, media_type)"
                + " SELECT ? || 'x', ? AS content, id, CAST(? AS VARCHAR) FROM roots"
                + " WHERE title = ?")) {
      insert.setString(1, "f");
      insert.setBinaryStream(2, InputStream.nullInputStream());
      insert.setString(3, "text/plain");
      insert.setString(4, "root");
      assertEquals(1, insert.executeUpdate());
      insert.setBinaryStream(2, new java.io.ByteArrayInputStream(new byte[length]), length);
      assertEquals(1, insert.executeUpdate());
      assertEquals(java.sql.Types.BLOB, insert.getParameterMetaData().getParameterType(2));
      insert.setNull(2, java.sql.Types.BLOB);
      assertState("23502", insert::executeUpdate);
      insert.setString(2, "text");
      assertState("22018", insert::executeUpdate);
    }
    assertEquals(
        List.of("fx 0 text/plain", "fx " + length + " text/plain"),
        query("SELECT name || ' ' || length || ' ' || media_type FROM files ORDER BY length"));
  }

  @Test
  void a_condition_reads_only_contents_of_rows_that_its_rest_leaves_open() throws Exception {
    insert(FILE, root, "small", new byte[] {1});
    insert(FILE, root, "larger than an expression can be", new byte[(16 << 20) + 1]);
    String digest = "sha512(content) <> 'x'";
    for (String condition :
        List.of(
            digest + " AND length < 9",
            "length < 9 AND " + digest,
            "NOT temporary AND " + digest + " AND (length < 9 AND content_text(id) <> 'x')",
            "length < 9 AND (length > 9 OR " + digest + ")")) {
      assertEquals(List.of("small"), query("SELECT name FROM files WHERE " + condition), condition);
    }
    String either = "SELECT name FROM files WHERE " + digest + " OR length > 9 ORDER BY length";
    assertEquals(List.of("small", "larger than an expression can be"), query(either));
    assertState("54000", () -> query("SELECT name FROM files WHERE " + digest));
  }

  @Test
  void a_blob_of_one_database_is_stored_in_another() throws Exception {
    byte[] bytes = random(100_000);
    insert(FILE, root, "f", bytes);
    try (Connection other = DriverManager.getConnection("jdbc:ouroboros:mem:");
        Statement statement = other.createStatement()) {
      statement.executeUpdate("INSERT INTO roots(title) VALUES ('r')");
      onRow(
          "SELECT content FROM files",
          row -> {
            try (PreparedStatement insert =
                other.prepareStatement(
                    "INSERT INTO files(parent, name, content)"
                        + " VALUES ((SELECT id FROM roots), 'g', ?)")) {
              insert.setBlob(1, row.getBlob(1));
              insert.executeUpdate();
            }
          });
      try (ResultSet rows = statement.executeQuery("SELECT content FROM files")) {
        rows.next();
        assertArrayEquals(bytes, rows.getBytes(1));
      }
    }
  }

  @Test
  void a_stream_whose_rows_are_closed_fails_with_an_io_exception() throws Exception {
    insert(FILE, root, "f", random(600_000));
    InputStream[] kept = new InputStream[2];
    onRow(
        "SELECT content FROM files",
        row -> {
          kept[0] = row.getBinaryStream(1);
          kept[1] = row.getBlob(1).getBinaryStream(5, 500_000);
        });
    for (InputStream stream : kept) {
      assertThrows(IOException.class, stream::readAllBytes);
    }
  }

  @Test
  void clobs_carry_text_in_and_out() throws Exception {
    Clob clob = db.createClob();
    try (Writer writer = clob.setCharacterStream(1)) {
      writer.write("Grüße, Welt");
    }
    assertEquals(2, clob.setString(1, "gr"));
    insert("INSERT INTO events(parent, title, metadata) VALUES (?, 't', ?)", root, clob);
    insert("INSERT INTO events(parent, title, metadata) VALUES (?, 'u', ?)", root, db.createClob());
    assertEquals(List.of(""), query("SELECT metadata FROM events WHERE title = 'u'"));
    onRow(
        "SELECT metadata FROM events WHERE title = 't'",
        row -> {
          for (Clob read : List.of(row.getClob(1), row.getNClob(1), row.getObject(1, Clob.class))) {
            assertEquals("grüße, Welt", read.getSubString(1, 100));
            assertEquals("Welt", read.getSubString(8, 4));
            assertEquals(8, read.position("Welt", 1));
            assertEquals(-1, read.position(read, 2));
            assertState("22003", () -> read.getSubString(0, 1));
            assertState("22003", () -> read.getCharacterStream(1, 100));
            assertState("22021", read::getAsciiStream);
            read.free();
            assertThrows(SQLException.class, read::length);
          }
        });
  }
}
