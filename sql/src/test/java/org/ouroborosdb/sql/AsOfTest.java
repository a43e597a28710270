package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.EventId;

/** FOR SYSTEM_TIME AS OF shows each table as a query of that moment did. */
class AsOfTest {
  private final Statements db = Statements.inMemory();

  @AfterEach
  void close() {
    db.close();
  }

  /** Every table, and the look-ups whose answers depend on what came later; @ is the moment. */
  private static final List<String> QUERIES =
      List.of(
          "SELECT id, parent, root, type, title, level, created_at, depth, seq, tags, metadata,"
              + " content_length FROM events @ ORDER BY seq",
          "SELECT id, content FROM events @ WHERE content IS NOT NULL ORDER BY level DESC LIMIT 3",
          "SELECT count(*) FROM events @",
          "SELECT * FROM roots @ ORDER BY level",
          "SELECT parent, child, child_index, title, level FROM children @ ORDER BY level",
          "SELECT c.child FROM roots @ AS r JOIN children @ AS c ON c.parent = r.id ORDER BY c.level",
          "SELECT id, version, name, path, length, level, metadata, content FROM files @ ORDER BY id",
          "SELECT version, name FROM files @ WHERE name = 'f1' ORDER BY id",
          "SELECT version FROM files @ WHERE name LIKE 'f%' ORDER BY id",
          "SELECT id, version, type, name, length, replaces, is_head, is_winner, content"
              + " FROM file_versions @ ORDER BY level",
          "SELECT base, head, is_winner, heads FROM conflicts @ ORDER BY level",
          "SELECT key, content, metadata, version, level FROM kv @ ORDER BY key",
          "SELECT version FROM kv @ WHERE key = 'k1'",
          "SELECT key, version, type, is_current, metadata FROM kv_history @ ORDER BY level",
          "SELECT event, tag FROM event_tags @ ORDER BY event, tag",
          "SELECT event FROM event_tags @ WHERE tag = 't1' ORDER BY event",
          "SELECT event, part, chunk_index, chunk FROM event_chunks @ ORDER BY 1, 2, 3",
          "SELECT hash, length FROM chunks @ ORDER BY hash",
          "SELECT count(*) FROM chunks @",
          "SELECT s.id FROM roots @ AS r, subtree(r.id) @ AS s ORDER BY s.seq",
          "SELECT s.id FROM roots @ AS r, subtree(r.id || '', 1) @ AS s ORDER BY s.seq",
          "SELECT a.id FROM files @ AS f, ancestors(f.id) @ AS a ORDER BY a.seq, f.id",
          "SELECT id FROM TABLE(tagged('t1', 't2')) @ ORDER BY seq",
          "SELECT id FROM tagged('t1') @ AS t ORDER BY t.seq",
          "SELECT h.version, h.is_winner FROM files @ f, history(f.id) @ h ORDER BY h.level",
          "SELECT h.version, h.is_winner, h.added_chunks FROM kv @ AS k,"
              + " history(k.version || '') @ AS h ORDER BY h.level");

  private long number(String sql, @Nullable Object... parameters) {
    return (Long) Objects.requireNonNull(db.value(sql, parameters));
  }

  /** What was answered at a moment. */
  private record Copy(long seq, long level, LocalDateTime time, Map<String, String> answers) {}

  private Copy copy() {
    Map<String, String> answers = new LinkedHashMap<>();
    for (String query : QUERIES) {
      answers.put(query, shown(query.replace("@", "")));
    }
    List<@Nullable Object> last =
        db.rows("SELECT seq, level, created_at FROM events ORDER BY seq DESC LIMIT 1").get(0);
    return new Copy((Long) last.get(0), (Long) last.get(1), (LocalDateTime) last.get(2), answers);
  }

  private String shown(String sql, @Nullable Object... parameters) {
    StringBuilder out = new StringBuilder();
    for (List<@Nullable Object> row : db.rows(sql, parameters)) {
      for (Object value : row) {
        out.append(value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : value);
        out.append('|');
      }
      out.append('\n');
    }
    return out.toString();
  }

  @Test
  void an_answer_as_of_a_moment_is_the_answer_of_that_moment() {
    long seed = System.nanoTime();
    System.out.println("AsOfTest seed " + seed);
    Random random = new Random(seed);
    List<String> bases = new ArrayList<>();
    List<String> versions = new ArrayList<>();
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    bases.add(root);
    List<Copy> copies = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      step(random, root, bases, versions);
      if (i % 9 == 8) {
        copies.add(copy());
      }
    }
    for (Copy copy : copies) {
      long later =
          number(
              "SELECT count(*) FROM events WHERE created_at = ? AND seq > ?",
              copy.time(),
              copy.seq());
      for (String query : QUERIES) {
        String then = String.valueOf(copy.answers().get(query));
        assertAsOf(then, query, "seq(?)", copy.seq());
        assertAsOf(then, query, "level(?)", copy.level());
        if (copy.equals(copies.get(copies.size() / 2))) {
          assertAsOf(then, query, "seq(" + copy.seq() + ")");
          assertAsOf(then, query, "level(" + copy.level() + " - 1 + 1)");
        }
        if (later == 0) {
          assertAsOf(then, query, "?", copy.time());
        }
      }
    }
  }

  private void assertAsOf(String then, String query, String moment, @Nullable Object... parameter) {
    String sql = query.replace("@", "FOR SYSTEM_TIME AS OF " + moment);
    int moments = query.length() - query.replace("@", "").length();
    @Nullable Object[] parameters =
        parameter.length == 0
            ? parameter
            : java.util.Collections.nCopies(moments, parameter[0]).toArray();
    assertEquals(then, shown(sql, parameters), sql);
  }

  private void step(Random random, String root, List<String> bases, List<String> versions) {
    byte[] content = new byte[random.nextInt(4)];
    random.nextBytes(content);
    switch (random.nextInt(8)) {
      case 0 ->
          bases.add(
              db.insert(
                      "INSERT INTO events(parent, title, metadata, tags) VALUES (?, ?, '{}', ARRAY['t1', 't2'])",
                      bases.get(random.nextInt(bases.size())),
                      "d" + random.nextInt(3))
                  .toString());
      case 1, 2 -> {
        String file =
            db.insert(
                    "INSERT INTO files(parent, name, content) VALUES (?, ?, ?)",
                    bases.get(random.nextInt(bases.size())),
                    "f" + random.nextInt(3),
                    content)
                .toString();
        bases.add(file);
        versions.add(file);
      }
      case 3 -> db.update("UPDATE files SET content = ?, name = name WHERE name = 'f1'", content);
      case 4 -> {
        if (!versions.isEmpty()) { // a fork, where it is no head
          String at = versions.get(random.nextInt(versions.size()));
          versions.add(
              db.insert(
                      "INSERT INTO events(parent, type, title, content) VALUES (?, ?, ?, ?)",
                      at,
                      "OVERWRITE",
                      "f" + random.nextInt(3),
                      content)
                  .toString());
        }
      }
      case 5 -> db.update("DELETE FROM files WHERE name = 'f2' AND root = ?", root);
      case 6 -> {
        String key = "k" + random.nextInt(3);
        db.update("UPSERT INTO kv(key, content, metadata) VALUES (?, ?, '1')", key, content);
      }
      default -> db.update("DELETE FROM kv WHERE key = ?", "k" + random.nextInt(3));
    }
  }

  @Test
  void then_and_now_are_joined_in_one_statement() {
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    String file =
        db.insert("INSERT INTO files(parent, name, content) VALUES (?, 'a', X'01')", root)
            .toString();
    long then = number("SELECT max(seq) FROM events");
    db.update("UPDATE files SET content = X'0203' WHERE id = ?", file);
    String join =
        "SELECT past.length, cur.length FROM files FOR SYSTEM_TIME AS OF seq(?) AS past"
            + " JOIN files AS cur ON cur.id = past.id WHERE past.root = ?";
    assertEquals(List.of(List.of(1L, 2L)), db.rows(join, then, root));
    assertEquals(List.of(), db.rows(join, then - 1, root));
    assertEquals(List.of(List.of(2L, 2L)), db.rows(join, then + 1, root));
    assertEquals(
        1L,
        db.value(
            "SELECT count(*) FROM files WHERE length <> (SELECT max(f.length) FROM files"
                + " FOR SYSTEM_TIME AS OF seq("
                + then
                + ") f WHERE f.id = files.id)"));
  }

  /** A file had one byte, and has two: each statement shows the one, wherever it stands. */
  @Test
  void a_moment_stands_wherever_a_table_does() {
    db.insert("INSERT INTO roots(title) VALUES ('r')");
    db.update("INSERT INTO files(parent, name, content) SELECT id, 'a', X'01' FROM roots");
    long seq = number("SELECT max(seq) FROM events");
    long level = number("SELECT max(level) FROM events");
    db.update("UPDATE files SET content = X'0203'");
    for (String sql :
        List.of(
            "WITH w AS (SELECT length FROM files @) SELECT length FROM w",
            "WITH RECURSIVE w(i, l) AS (SELECT id, CAST(0 AS BIGINT) FROM roots UNION ALL"
                + " SELECT f.id, f.length FROM w JOIN files @ AS f ON f.parent = w.i)"
                + " SELECT max(l) FROM w",
            "SELECT (SELECT length FROM files @) FROM roots",
            "SELECT length FROM (SELECT * FROM files @) AS s",
            "SELECT o.length FROM files c, LATERAL (SELECT * FROM files @ f WHERE f.id = c.id) o",
            "SELECT length - 1 FROM files c WHERE EXISTS"
                + " (SELECT 1 FROM files @ AS f WHERE f.length < c.length)",
            "SELECT length - 1 FROM files WHERE version NOT IN (SELECT version FROM files @)",
            "SELECT length FROM files @ UNION SELECT length FROM files @",
            "SELECT length - 1 FROM files EXCEPT SELECT length + 1 FROM files @",
            "SELECT past.length FROM files LEFT JOIN files @ AS past ON past.id = files.id")) {
      assertEquals(List.of(List.of(1L)), at(sql, "seq(" + seq + ")"), sql);
      assertEquals(List.of(List.of(1L)), at(sql, "level(" + level + ")"), sql);
      assertEquals(List.of(List.of(1L)), at(sql, "seq(?)", seq), sql);
      assertEquals(List.of(List.of(1L)), at(sql, "level(?)", level), sql);
    }
    String moment = " FOR SYSTEM_TIME AS OF seq(?)";
    db.update("INSERT INTO kv(key, content) SELECT name, content FROM files" + moment, seq);
    db.update("UPSERT INTO kv(key, content) SELECT 'b', content FROM files" + moment, seq);
    db.update(
        "UPDATE files SET content = (SELECT f.content FROM files"
            + moment
            + " AS f) WHERE name = 'a'",
        seq);
    assertEquals(
        3L, db.value("SELECT count(*) FROM file_versions WHERE is_head AND content = X'01'"));
  }

  private List<List<@Nullable Object>> at(String sql, String moment, Object... value) {
    int places = sql.split("@", -1).length - 1;
    Object[] values = value.length == 0 ? value : Collections.nCopies(places, value[0]).toArray();
    return db.rows(sql.replace("@", "FOR SYSTEM_TIME AS OF " + moment), values);
  }

  @Test
  void what_is_not_committed_or_was_cleaned_is_not_shown() {
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    String gone =
        db.insert("INSERT INTO events(parent, title, temporary) VALUES (?, 't', TRUE)", root)
            .toString();
    long then = number("SELECT max(seq) FROM events");
    db.session.setAutoCommit(false);
    db.insert("INSERT INTO events(parent, title) VALUES (?, 'mine')", root);
    assertEquals(3L, db.value("SELECT count(*) FROM events"));
    assertEquals(
        2L,
        db.value("SELECT count(*) FROM events FOR SYSTEM_TIME AS OF seq(" + Long.MAX_VALUE + ")"));
    assertEquals(
        2L, db.value("SELECT count(*) FROM events FOR SYSTEM_TIME AS OF level(?)", Long.MAX_VALUE));
    db.session.commit();
    db.session.setAutoCommit(true);
    String before = "SELECT count(*) FROM events FOR SYSTEM_TIME AS OF seq(?) WHERE id = ?";
    assertEquals(1L, db.value(before, then, gone));
    db.update("DELETE FROM events WHERE id = ?", gone);
    assertEquals(0L, db.value(before, then, gone));
  }

  @Test
  void a_moment_is_any_expression_of_constants() {
    EventId root = db.insert("INSERT INTO roots(title) VALUES ('r')");
    String find = "SELECT count(*) FROM events FOR SYSTEM_TIME AS OF ";
    assertEquals(1L, db.value(find + "CURRENT_TIMESTAMP + INTERVAL '1' DAY"));
    assertEquals(
        0L, db.value(find + "CURRENT_TIMESTAMP - INTERVAL '1' DAY WHERE id = ?", root.toString()));
    assertEquals(0L, db.value(find + "TIMESTAMP '2001-02-03 04:05:06'"));
    assertEquals(1L, db.value(find + "TIMESTAMP '2201-02-03 04:05:06.789' e WHERE e.title = 'r'"));
    assertEquals(1L, db.value(find + "CAST(? AS TIMESTAMP)", "2201-02-03 04:05:06"));
    assertEquals(1L, db.value(find + "?", "2201-02-03 04:05:06"));
    assertEquals(0L, db.value(find + "level(? + 1)", -2L));
    assertEquals(0L, db.value(find + "seq(0)"));
    assertEquals(1L, db.value("SELECT count(*) FROM events WHERE created_at = level(level)"));
  }

  @Test
  void a_function_takes_any_moment_behind_it_or_as_its_last_argument() {
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    db.insert("INSERT INTO events(parent, title) VALUES (?, 'e')", root);
    String find = "SELECT count(*) FROM subtree(?) FOR SYSTEM_TIME AS OF ";
    assertEquals(2L, db.value(find + "CURRENT_TIMESTAMP + INTERVAL '1' DAY", root));
    assertEquals(
        2L,
        db.value(
            find + "CURRENT_TIMESTAMP + INTERVAL -'1' DAY(2) + INTERVAL '2 3' DAY TO HOUR s",
            root));
    assertEquals(0L, db.value(find + "TIMESTAMP '2001-02-03 04:05:06' WHERE depth = 0", root));
    assertEquals(0L, db.value(find + "{ts '2001-02-03 04:05:06'} AS s WHERE s.depth = 0", root));
    assertEquals(2L, db.value(find + "(TIMESTAMP '2201-02-03 04:05:06')", root));
    assertEquals(2L, db.value(find + "?", root, "2201-02-03 04:05:06"));
    assertEquals(1L, db.value(find + "seq(? - 1)", root, 2L));
    assertEquals(0L, db.value(find + "seq(-1 + 1), roots", root));
    String past = " FROM TABLE(subtree(id => ?, as_of => seq(1)))";
    assertEquals(1L, db.value("SELECT count(*)" + past, root));
    assertEquals(
        1L, db.value("SELECT count(*) FROM subtree(id => ?) FOR SYSTEM_TIME AS OF seq(1)", root));
    assertEquals(
        List.of(List.of(1L, 0L), List.of(2L, 1L)),
        db.rows(
            "SELECT e.seq, (SELECT count(*) FROM subtree(?, 9, seq(e.seq)) WHERE depth > 0)"
                + " FROM events e ORDER BY e.seq",
            root));
    assertEquals(
        List.of(List.of(1L, 1L), List.of(2L, 2L)),
        db.rows(
            "SELECT e.seq, count(*) FROM events e, subtree(e.root || '', 3 - 2, level(e.level)) s"
                + " GROUP BY e.seq ORDER BY e.seq"));
    assertPlan("asOf=[SEQ(", "SELECT * FROM subtree('a') FOR SYSTEM_TIME AS OF seq(5)");
  }

  @Test
  void chunks_as_of_then_are_those_that_events_of_then_refer_to() {
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    String insert = "INSERT INTO files(parent, name, content) VALUES (?, 'a', ?)";
    db.insert(insert, root, "one".repeat(9).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Object first = db.value("SELECT hash FROM chunks");
    db.insert(insert, root, "two".repeat(9).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    String find = "SELECT count(*) FROM chunks FOR SYSTEM_TIME AS OF seq(?)";
    assertEquals(0L, db.value(find, 1));
    assertEquals(1L, db.value(find, 2));
    assertEquals(2L, db.value(find, 3));
    assertEquals(1L, db.value(find + " WHERE hash = ?", 2, first));
    assertEquals(0L, db.value(find + " WHERE hash = ?", 1, first));
  }

  @Test
  void what_names_no_moment_is_refused() {
    String find = "SELECT count(*) FROM events FOR SYSTEM_TIME AS OF ";
    assertState("42804", find + "5");
    assertState("42804", find + "DATE '2026-01-01'");
    assertState("22004", find + "seq(NULL)");
    assertState("22004", find + "CAST(NULL AS TIMESTAMP)");
    assertState("22004", "SELECT * FROM subtree('x') FOR SYSTEM_TIME AS OF seq(NULL)");
    assertState("22004", "SELECT * FROM subtree('x' || '') FOR SYSTEM_TIME AS OF seq(NULL)");
    assertState("0A001", find + "seq((SELECT max(seq) FROM events))");
    assertState("42601", find + "(SELECT max(created_at) FROM events)");
    assertState("42601", "SELECT * FROM subtree('x') FOR SYSTEM_TIME AS OF");
    assertState("0A001", "SELECT * FROM sys.segments FOR SYSTEM_TIME AS OF seq(1)");
    assertState(
        "0A001",
        "WITH c AS (SELECT id FROM events) SELECT * FROM c FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01 00:00:00'");
  }

  private void assertState(String state, String sql) {
    SqlException failure = assertThrows(SqlException.class, () -> db.rows(sql), sql);
    assertEquals(state, failure.sqlState(), sql + ": " + failure.getMessage());
  }

  @Test
  void look_ups_stay_look_ups() {
    db.insert("INSERT INTO roots(title) VALUES ('r')");
    String moment = " FOR SYSTEM_TIME AS OF level(?) AS f";
    assertPlan("path=[BY_ID[?1]]", "SELECT * FROM files" + moment + " WHERE id = ?");
    assertPlan("path=[BY_TITLE[?1]]", "SELECT * FROM kv" + moment + " WHERE key = ?");
    assertPlan("asOf=[LEVEL(", "SELECT * FROM kv" + moment + " WHERE key = ?");
    assertPlan("count=[true]", "SELECT count(*) FROM events" + moment);
    String join =
        "SELECT f.name FROM events e JOIN files" + moment + " ON f.id = e.id WHERE e.id = ?";
    assertPlan("path=[BY_ID[$cor0.id]]", join);
  }

  private void assertPlan(String part, String sql) {
    String plan = shown("EXPLAIN " + sql, new Object[0]);
    assertTrue(plan.contains(part), plan);
  }

  @Test
  void the_time_of_a_level_or_number_takes_any_whole_number() {
    String millis = "SELECT %s = TIMESTAMP '1970-01-01 00:00:00'";
    for (String zero : List.of("0", "CAST(0 AS SMALLINT)", "CAST(0 AS BIGINT)", "5 - 5")) {
      assertEquals(true, db.value(millis.formatted("level(" + zero + ")")), zero);
    }
    db.insert("INSERT INTO roots(title) VALUES ('r')");
    String first = "SELECT created_at = seq(%s) FROM events WHERE seq = 1";
    for (String one : List.of("1", "CAST(1 AS INTEGER)", "seq", "CAST(seq AS INTEGER)")) {
      assertEquals(true, db.value(first.formatted(one)), one);
    }
    assertEquals(null, db.value("SELECT seq(CAST(NULL AS INTEGER))"));
  }
}
