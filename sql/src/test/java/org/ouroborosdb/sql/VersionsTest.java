package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Versions of files as SQL shows them. */
class VersionsTest {
  private final Statements db = Statements.inMemory();
  private String root = "";
  private String file = "";

  @BeforeEach
  void make() {
    root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    file = insertFile("a.txt", new byte[] {1});
    insertFile("other.txt", new byte[] {9});
    db.insert("INSERT INTO events(parent, title) VALUES (?, 'a directory')", root);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private String insertFile(String name, byte[] content) {
    String sql = "INSERT INTO files(parent, name, content) VALUES (?, ?, ?)";
    return db.insert(sql, root, name, content).toString();
  }

  private String version(String parent, String type, byte @Nullable [] content) {
    String sql = "INSERT INTO events(parent, type, content) VALUES (?, ?, ?)";
    return db.insert(sql, parent, type, content).toString();
  }

  @Test
  void every_version_of_a_file_is_shown_and_the_newest_is_current() {
    String second = version(file, "OVERWRITE", new byte[] {1, 2});
    String third = version(second, "REMOVE", null);
    List<List<@Nullable Object>> rows =
        db.rows(
            "SELECT version, type, length, replaces, is_head, is_winner, name, content"
                + " FROM file_versions WHERE id = ? ORDER BY level",
            file);
    assertEquals(3, rows.size());
    assertEquals(List.of(file, "NORMAL", 1L, List.of(), false, false), rows.get(0).subList(0, 6));
    assertEquals(
        List.of(second, "OVERWRITE", 2L, List.of(file), false, false), rows.get(1).subList(0, 6));
    assertEquals(third, rows.get(2).get(0));
    assertEquals(List.of(List.of(second), true, true, "a.txt"), rows.get(2).subList(3, 7));
    assertArrayEquals(new byte[] {1, 2}, (byte[]) rows.get(1).get(7));
    assertEquals(1L, db.value("SELECT count(*) FROM files"));
    assertEquals(4L, db.value("SELECT count(*) FROM file_versions"));
    assertEquals(file, db.value("SELECT id FROM file_versions WHERE version = ?", third));
    assertEquals(0L, db.value("SELECT count(*) FROM file_versions WHERE id = ?", third));
    assertEquals(4L, db.value("SELECT count(*) FROM file_versions WHERE root = ?", root));
  }

  @Test
  void several_heads_are_a_conflict_until_one_version_replaces_them() {
    assertEquals(0L, db.value("SELECT count(*) FROM conflicts"));
    String left = version(file, "OVERWRITE", new byte[] {2});
    String right = version(file, "OVERWRITE", new byte[] {3});
    assertEquals(
        List.of(List.of(file, left, false, 2L), List.of(file, right, true, 2L)),
        db.rows("SELECT base, head, is_winner, heads FROM conflicts ORDER BY level"));
    assertEquals(2L, db.value("SELECT count(*) FROM conflicts WHERE base = ?", file));
    assertEquals(file, db.value("SELECT base FROM conflicts WHERE head = ?", left));
    assertEquals(right, db.value("SELECT version FROM files WHERE id = ?", file));
  }

  @Test
  void history_tells_what_each_version_added_on_disk() {
    byte[] bytes = new byte[300_000];
    new Random(7).nextBytes(bytes);
    String big = insertFile("big", bytes);
    byte[] changed = bytes.clone();
    changed[299_999]++;
    String second = version(big, "OVERWRITE", changed);
    version(second, "OVERWRITE", bytes);
    List<List<@Nullable Object>> rows =
        db.rows("SELECT length, added_bytes, added_chunks, is_winner FROM history(?)", second);
    assertEquals(3, rows.size());
    long first = (Long) rows.get(0).get(1);
    long added = (Long) rows.get(1).get(1);
    assertTrue(first > 200_000, "stored " + first);
    assertTrue(added > 0 && added < first, "added " + added);
    assertEquals(List.of(300_000L, 0L, 0L, true), rows.get(2));
    assertEquals(
        3L,
        db.value("SELECT count(*) FROM files f, history(f.id || '') h WHERE f.name = 'big'"),
        "as generated code calls it");
  }

  @Test
  void versions_of_an_open_transaction_are_seen_by_it_alone() {
    db.session.setAutoCommit(false);
    String second = version(file, "OVERWRITE", new byte[] {2});
    assertEquals(
        List.of(true),
        db.rows("SELECT is_winner FROM file_versions WHERE version = ? AND seq IS NULL", second)
            .get(0));
    db.session.rollback();
    assertEquals(2L, db.value("SELECT count(*) FROM file_versions"));
  }

  @Test
  void a_file_is_as_temporary_as_its_current_version() {
    String sql =
        "INSERT INTO events(parent, type, temporary, content) VALUES (?, 'OVERWRITE', TRUE, ?)";
    String trial = db.insert(sql, file, new byte[] {1, 2}).toString();
    String current = "SELECT version, temporary FROM files WHERE id = ?";
    assertEquals(List.of(List.of(trial, true)), db.rows(current, file));
    assertEquals(1L, db.value("SELECT count(*) FROM files WHERE temporary"));
    db.update("DELETE FROM events WHERE id = ?", trial);
    assertEquals(List.of(List.of(file, false)), db.rows(current, file));
  }
}
