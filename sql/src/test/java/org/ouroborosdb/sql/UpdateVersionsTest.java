package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;

/** UPDATE and DELETE of files and keys: each appends a version, and nothing is lost. */
class UpdateVersionsTest {
  private static final String PUT = "INSERT INTO kv(key, content, metadata) VALUES (?, ?, ?)";

  private final Statements db = Statements.inMemory();
  private String root = "";
  private String file = "";

  @BeforeEach
  void make() {
    root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    file = insertFile("a.txt");
    insertFile("b.txt");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private String insertFile(String name) {
    String sql =
        "INSERT INTO files(parent, name, media_type, metadata, content, tags)"
            + " VALUES (?, ?, 'text/plain', '{}', X'01', ARRAY['t'])";
    return db.insert(sql, root, name).toString();
  }

  private List<@Nullable Object> row(String sql, @Nullable Object... parameters) {
    List<List<@Nullable Object>> rows = db.rows(sql, parameters);
    assertEquals(1, rows.size(), sql);
    return rows.get(0);
  }

  @Test
  void an_update_sets_what_it_names_and_keeps_the_rest() {
    UpdateResult result =
        db.update(
            "UPDATE files SET metadata = ? WHERE parent = ? AND name = ?",
            "{\"n\":1}",
            root,
            "a.txt");
    assertEquals(1, result.count());
    assertEquals(
        List.of(file, result.keys().get(0).toString(), "a.txt", "text/plain", "{\"n\":1}", 1L),
        row(
            "SELECT id, version, name, media_type, metadata, length FROM files WHERE id = ?",
            file));
    assertEquals(
        List.of("t"),
        row("SELECT tag FROM event_tags WHERE event = ?", result.keys().get(0).toString()));
    db.update(
        "UPDATE files SET name = name || '.old', media_type = NULL, content = content || X'02' WHERE id = ?",
        file);
    assertEquals(
        List.of("a.txt.old", "a.txt.old", 2L),
        row("SELECT name, path, length FROM files WHERE id = ?", file));
    db.update("UPDATE files AS f SET metadata = NULL WHERE f.id = ?", file);
    assertEquals(
        1L, db.value("SELECT count(*) FROM files WHERE metadata IS NULL AND name = 'a.txt.old'"));
    assertEquals(4L, db.value("SELECT count(*) FROM file_versions WHERE id = ?", file));
    assertEquals(2, db.update("UPDATE files SET metadata = '2'").count());
    assertEquals(0, db.update("UPDATE files SET metadata = '3' WHERE id = 'none'").count());
  }

  @Test
  void a_new_content_streams_and_the_old_one_stays_readable() {
    byte[] big = new byte[400_000];
    new Random(3).nextBytes(big);
    PreparedPlan plan = db.session.prepare("UPDATE files SET content = ? WHERE id = ?");
    assertEquals("version", plan.keyColumn());
    assertEquals(SqlType.BLOB, plan.parameters().get(0).type());
    plan.update(
        List.of(db.session.put(new ByteArrayInputStream(big), Cancellation.create()), file),
        Cancellation.create());
    assertArrayEquals(big, (byte[]) db.value("SELECT content FROM files WHERE id = ?", file));
    assertArrayEquals(
        new byte[] {1},
        (byte[]) db.value("SELECT content FROM file_versions WHERE version = ?", file));
    SessionTest.assertState("23502", () -> db.update("UPDATE files SET content = NULL"));
    SessionTest.assertState("23502", () -> db.update("UPDATE files SET name = NULL"));
  }

  @Test
  void a_deleted_file_is_gone_and_its_history_is_not() {
    assertEquals(1, db.update("DELETE FROM files WHERE id = ?", file).count());
    assertEquals(List.of("b.txt"), row("SELECT name FROM files"));
    assertEquals(
        List.of("REMOVE"), row("SELECT type FROM file_versions WHERE id = ? AND is_winner", file));
    assertEquals(0, db.update("DELETE FROM files WHERE id = ?", file).count());
  }

  @Test
  void of_two_transactions_that_update_one_file_the_second_gets_40001() {
    try (Statements other = db.another()) {
      db.session.setAutoCommit(false);
      String version = String.valueOf(db.value("SELECT version FROM files WHERE id = ?", file));
      String sql = "UPDATE files SET metadata = ? WHERE id = ? AND version = ?";
      assertEquals(1, db.update(sql, "mine", file, version).count());
      assertEquals(1, other.update(sql, "theirs", file, version).count());
      SessionTest.assertState("40001", db.session::commit);
      assertEquals("theirs", db.value("SELECT metadata FROM files WHERE id = ?", file));
      assertEquals(0, db.update(sql, "late", file, version).count());
      db.session.rollback();
    }
    assertEquals(0L, db.value("SELECT count(*) FROM conflicts"));
  }

  @Test
  void updates_of_one_transaction_follow_each_other_and_roll_back_together() {
    db.session.setAutoCommit(false);
    for (int i = 0; i < 3; i++) {
      db.update("UPDATE files SET metadata = ? WHERE id = ?", "m" + i, file);
    }
    assertEquals("m2", db.value("SELECT metadata FROM files WHERE id = ?", file));
    assertEquals(4L, db.value("SELECT count(*) FROM file_versions WHERE id = ?", file));
    db.session.rollback();
    assertEquals("{}", db.value("SELECT metadata FROM files WHERE id = ?", file));
  }

  private String branch(String content) {
    return db.insert(
            "INSERT INTO events(parent, type, content) VALUES (?, 'OVERWRITE', ?)",
            file,
            content.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .toString();
  }

  @Test
  void an_update_that_names_the_heads_joins_a_conflict() {
    String left = branch("left");
    String right = branch("right");
    db.update("UPDATE files SET metadata = 'still apart' WHERE id = ?", file);
    String sql = "UPDATE files SET content = X'aa', replaces = ARRAY[?, ?] WHERE id = ?";
    SessionTest.assertState("40001", () -> db.update(sql, left, right, file));
    String winner = String.valueOf(db.value("SELECT version FROM files WHERE id = ?", file));
    assertEquals(2L, db.value("SELECT count(*) FROM conflicts WHERE base = ?", file));
    assertEquals(1, db.update(sql, left, winner, file).count());
    assertEquals(0L, db.value("SELECT count(*) FROM conflicts"));
    assertArrayEquals(
        new byte[] {(byte) 0xaa},
        (byte[]) db.value("SELECT content FROM files WHERE id = ?", file));
  }

  @Test
  void an_update_joins_all_heads_to_the_winner() {
    branch("left");
    branch("right");
    EventId joined =
        db.update("UPDATE files SET replaces = 'winner' WHERE id = ?", file).keys().get(0);
    assertEquals(
        List.of(joined.toString(), 5L),
        row("SELECT version, length FROM files WHERE id = ?", file));
    assertEquals(0L, db.value("SELECT count(*) FROM conflicts"));
  }

  @Test
  void other_tables_and_columns_take_no_update() {
    SessionTest.assertState("25006", () -> db.update("UPDATE events SET title = 'x'"));
    SessionTest.assertState("25006", () -> db.update("DELETE FROM file_versions"));
    SessionTest.assertState("42S02", () -> db.update("UPDATE nowhere SET title = 'x'"));
    SessionTest.assertState("42S22", () -> db.update("UPDATE files SET nothing = 'x'"));
    SessionTest.assertState("428C9", () -> db.update("UPDATE files SET level = 1"));
    SessionTest.assertState("42701", () -> db.update("UPDATE kv SET metadata = '', metadata = ''"));
    SessionTest.assertState("25006", () -> db.update("UPSERT INTO roots(title) VALUES ('x')"));
  }

  @Test
  void a_key_is_put_updated_and_deleted_and_its_history_stays() {
    String first = db.insert(PUT, "a", new byte[] {1}, null).toString();
    SessionTest.assertState("23505", () -> db.insert(PUT, "a", new byte[] {2}, null));
    assertEquals(1, db.update("UPDATE kv SET content = X'03' WHERE key = 'a'").count());
    db.update("UPSERT INTO kv(key, metadata) VALUES ('a', 'm'), ('b', 'n')");
    assertEquals(
        java.util.Arrays.asList("a", null, "m"),
        row("SELECT key, content, metadata FROM kv WHERE key = ?", "a"));
    assertEquals(1, db.update("DELETE FROM kv WHERE key = 'a'").count());
    assertEquals(List.of("b"), row("SELECT key FROM kv"));
    assertEquals(
        List.of(
            List.of("NORMAL", false),
            List.of("OVERWRITE", false),
            List.of("OVERWRITE", false),
            List.of("REMOVE", false)),
        db.rows("SELECT type, is_current FROM kv_history WHERE key = 'a' ORDER BY level"));
    assertArrayEquals(
        new byte[] {1},
        (byte[]) db.value("SELECT content FROM kv_history WHERE version = ?", first));
    db.insert(PUT, "a", null, "again");
    assertEquals("again", db.value("SELECT metadata FROM kv WHERE key = 'a'"));
    SessionTest.assertState("23502", () -> db.insert(PUT, null, null, "no key"));
    SessionTest.assertState(
        "42S22", () -> db.update("INSERT INTO kv(key, title) VALUES ('x', 'y')"));
  }

  @Test
  void a_key_is_put_only_if_its_version_is_the_expected_one() {
    String first = db.insert(PUT, "a", null, "1").toString();
    String sql = "UPDATE kv SET metadata = ? WHERE key = 'a' AND version = ?";
    try (Statements other = db.another()) {
      db.session.setAutoCommit(false);
      assertEquals(1, db.update(sql, "2", first).count());
      assertEquals(1, other.update(sql, "3", first).count());
      SessionTest.assertState("40001", db.session::commit);
      db.insert(PUT, "new", null, "mine");
      other.insert(PUT, "new", null, "theirs");
      SessionTest.assertState("40001", db.session::commit);
      db.session.setAutoCommit(true);
    }
    assertEquals(0, db.update(sql, "4", first).count());
    assertEquals("theirs", db.value("SELECT metadata FROM kv WHERE key = 'new'"));
  }

  @Test
  void keys_with_a_prefix_are_found_by_the_index_of_titles() {
    for (String key : List.of("p/1", "p/2", "q/1")) {
      db.insert(PUT, key, null, key);
    }
    assertEquals(
        List.of(List.of("p/1"), List.of("p/2")),
        db.rows("SELECT key FROM kv WHERE key LIKE 'p/%' ORDER BY key"));
    for (String condition : List.of("key LIKE 'p/%'", "key = 'p/1'", "key IN ('p/1', 'q/1')")) {
      String plan = db.rows("EXPLAIN SELECT * FROM kv WHERE " + condition).toString();
      assertTrue(plan.contains("TITLE"), plan);
    }
    assertEquals(3L, Objects.requireNonNull(db.value("SELECT count(*) FROM kv")));
  }
}
