package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.CallableStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conflicts that no UPDATE of files reaches are joined by a CALL. */
class JoinHeadsTest extends WithDatabase {
  private static final String CONFLICTS = "SELECT head FROM conflicts ORDER BY level DESC";
  private static final String PUT =
      "INSERT INTO events(parent, type, content) VALUES (?, 'OVERWRITE', ?)";

  private String file;

  @BeforeEach
  void insertFile() throws SQLException {
    file = insert("INSERT INTO files(parent, name, content) VALUES (?, 'f', X'00')", root);
  }

  private int join(String id, String head) throws SQLException {
    try (CallableStatement call = db.prepareCall("{call join_heads(?, ?)}")) {
      call.setString(1, id);
      call.setString(2, head);
      return call.executeUpdate();
    }
  }

  private int join(@Nullable String id) throws SQLException {
    try (CallableStatement call = db.prepareCall("CALL join_heads(?)")) {
      call.setString(1, id);
      return call.executeUpdate();
    }
  }

  @Test
  void a_file_removed_here_and_changed_there_becomes_either() throws SQLException {
    String changed = insert(PUT, file, new byte[] {1});
    String removed = insert("INSERT INTO events(parent, type) VALUES (?, 'REMOVE')", file);
    assertEquals(List.of(removed, changed), query(CONFLICTS));
    assertEquals(List.of(), query("SELECT id FROM files"), "the winner removes it");
    assertEquals(1, join(file, changed));
    assertEquals(List.of("1"), query("SELECT length FROM files WHERE content = X'01'"));
    assertEquals(List.of(), query(CONFLICTS));

    String now = query("SELECT version FROM files").get(0);
    insert(PUT, now, new byte[] {2});
    insert("INSERT INTO events(parent, type) VALUES (?, 'REMOVE')", now);
    assertEquals(1, join(now));
    assertEquals(List.of(), query("SELECT id FROM files"));
    assertEquals(List.of(), query(CONFLICTS));
    assertEquals(
        List.of("REMOVE"), query("SELECT type FROM file_versions WHERE is_head AND is_winner"));
    assertEquals(0, join(file), "there is nothing to join any more");
    assertEquals(List.of(), query("CALL verify()"));
  }

  @Test
  void three_heads_of_an_event_that_is_no_file_become_one() throws SQLException {
    String event = insert("INSERT INTO events(parent, metadata) VALUES (?, '0')", root);
    String second = "";
    for (int i = 1; i <= 3; i++) {
      String put = "INSERT INTO events(parent, type, metadata) VALUES (?, 'OVERWRITE', ?)";
      String version = insert(put, event, "" + i);
      second = i == 2 ? version : second;
    }
    assertEquals(3, query(CONFLICTS).size());
    assertEquals(1, join(event, second));
    assertEquals(List.of(), query(CONFLICTS));
    assertEquals(
        List.of("2"),
        query("SELECT h.metadata FROM history(CAST(? AS VARCHAR)) h WHERE h.is_winner", event));
  }

  @Test
  void what_is_no_event_or_no_head_is_refused() throws SQLException {
    assertState("22018", () -> join("no id"));
    assertState("23503", () -> join("0".repeat(128)));
    insert(PUT, file, new byte[] {1});
    insert(PUT, file, new byte[] {2});
    assertState("40001", () -> join(file, file));
    assertState("22004", () -> join(null));
    db.setReadOnly(true);
    assertState("25006", () -> join(file));
    db.setReadOnly(false);
    assertEquals(2, query(CONFLICTS).size());
  }
}
