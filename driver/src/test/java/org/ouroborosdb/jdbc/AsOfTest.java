package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** FOR SYSTEM_TIME AS OF through prepared statements, for every table. */
class AsOfTest extends WithDatabase {
  /** What every table showed at a moment. */
  private record Copy(long seq, long level, Instant time, Map<String, List<String>> tables) {}

  private List<String> tables() throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = db.getMetaData().getTables(null, "ouroboros", "%", null)) {
      while (rows.next()) {
        names.add(rows.getString("TABLE_NAME"));
      }
    }
    assertTrue(
        names.containsAll(List.of("kv", "kv_history", "chunks", "conflicts")), names::toString);
    return names;
  }

  /** Returns the rows, sorted, with their contents read. */
  private static List<String> rows(PreparedStatement query) throws SQLException {
    List<String> all = new ArrayList<>();
    try (ResultSet rows = query.executeQuery()) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          boolean bytes = rows.getMetaData().getColumnName(i).equals("content");
          row.append(bytes ? Arrays.toString(rows.getBytes(i)) : rows.getString(i)).append('|');
        }
        all.add(row.toString());
      }
    }
    Collections.sort(all);
    return all;
  }

  private Copy copy() throws SQLException {
    Map<String, List<String>> shown = new LinkedHashMap<>();
    for (String table : tables()) {
      try (PreparedStatement query = db.prepareStatement("SELECT * FROM " + table)) {
        shown.put(table, rows(query));
      }
    }
    String last = " FROM events ORDER BY seq DESC LIMIT 1";
    long level = Long.parseLong(query("SELECT level" + last).get(0));
    // the next event gets a later millisecond
    while (System.currentTimeMillis() <= level / 1_000_000 + 1) {
      Thread.onSpinWait();
    }
    return new Copy(
        Long.parseLong(query("SELECT seq" + last).get(0)),
        level,
        Instant.ofEpochMilli(level / 1_000_000),
        shown);
  }

  private void change(int step) throws SQLException {
    byte[] content = ("content " + step).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    String file =
        insert(
            "INSERT INTO files(parent, name, content, tags) VALUES (?, ?, ?, ARRAY['t'])",
            root,
            "f" + step,
            content);
    String second = "INSERT INTO events(parent, type, content) VALUES (?, 'OVERWRITE', X'0a')";
    insert(second, file);
    if (step == 1) {
      insert(second, file); // a conflict
    }
    insert("UPSERT INTO kv(key, content) VALUES ('k', ?)", content);
    insert("INSERT INTO roots(title) VALUES (?)", "root " + step);
  }

  @Test
  void every_table_shows_each_moment_whatever_way_it_is_given() throws Exception {
    List<Copy> copies = new ArrayList<>(List.of(copy()));
    for (int step = 0; step < 3; step++) {
      change(step);
      copies.add(copy());
    }
    for (String table : tables()) {
      assertNotEquals(copies.get(0).tables().get(table), copies.get(3).tables().get(table), table);
      String sql = "SELECT * FROM " + table + " FOR SYSTEM_TIME AS OF ";
      try (PreparedStatement time = db.prepareStatement(sql + "?");
          PreparedStatement level = db.prepareStatement(sql + "level(?)");
          PreparedStatement seq = db.prepareStatement(sql + "seq(?)")) {
        for (Copy copy : copies) {
          List<String> then = copy.tables().get(table);
          time.setTimestamp(1, Timestamp.from(copy.time()));
          assertEquals(then, rows(time), table);
          Calendar tokyo = Calendar.getInstance(TimeZone.getTimeZone("Asia/Tokyo"));
          time.setTimestamp(1, Timestamp.from(copy.time()), tokyo);
          assertEquals(then, rows(time), table);
          for (Object moment : times(copy.time())) {
            time.setObject(1, moment);
            assertEquals(then, rows(time), table + " as of " + moment.getClass());
          }
          level.setLong(1, copy.level());
          assertEquals(then, rows(level), table);
          level.setObject(1, copy.level());
          assertEquals(then, rows(level), table);
          seq.setLong(1, copy.seq());
          assertEquals(then, rows(seq), table);
          seq.setInt(1, (int) copy.seq());
          assertEquals(then, rows(seq), table);
          seq.setString(1, String.valueOf(copy.seq()));
          assertEquals(then, rows(seq), table);
          try (PreparedStatement literal = db.prepareStatement(sql + "seq(" + copy.seq() + ")")) {
            assertEquals(then, rows(literal), table);
          }
          String text = copy.time().atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
          try (PreparedStatement literal =
              db.prepareStatement(sql + "TIMESTAMP '" + text.replace('T', ' ') + "'")) {
            assertEquals(then, rows(literal), table);
          }
        }
      }
    }
  }

  private static List<Object> times(Instant time) {
    return List.of(
        time,
        LocalDateTime.ofInstant(time, ZoneOffset.UTC),
        time.atOffset(ZoneOffset.ofHours(3)),
        time.atZone(java.time.ZoneId.of("Asia/Tokyo")),
        Timestamp.from(time),
        LocalDateTime.ofInstant(time, ZoneOffset.UTC).toString().replace('T', ' '));
  }

  @Test
  void then_and_now_meet_in_joins_sub_queries_and_functions() throws Exception {
    Copy before = copy();
    String file = insert("INSERT INTO files(parent, name, content) VALUES (?, 'a', X'01')", root);
    Copy first = copy();
    assertEquals(1, update("UPDATE files SET content = X'0203' WHERE id = ?", file));
    String join =
        "SELECT past.length || '-' || cur.length FROM files AS cur"
            + " LEFT JOIN files FOR SYSTEM_TIME AS OF ? AS past ON past.id = cur.id";
    assertEquals(List.of("1-2"), query(join, Timestamp.from(first.time())));
    assertEquals(Collections.singletonList(null), query(join, Timestamp.from(before.time())));
    String sub =
        "SELECT name FROM files WHERE length > (SELECT max(length) FROM (SELECT length FROM files"
            + " FOR SYSTEM_TIME AS OF seq(?)) AS f)";
    assertEquals(List.of("a"), query(sub, first.seq()));
    assertEquals(List.of(), query(sub, first.seq() + 1));
    String function =
        "SELECT h.length FROM files f, history(f.id) FOR SYSTEM_TIME AS OF level(?) AS h";
    assertEquals(List.of("1"), query(function, first.level()));
    assertEquals(List.of("1", "2"), query(function, Long.MAX_VALUE));
    assertEquals(
        List.of("1"),
        query("SELECT count(*) FROM subtree(?) FOR SYSTEM_TIME AS OF ?", root, before.time()));
    assertState("22004", () -> query(join, (Object) null));
    assertState("22018", () -> query(join, "yesterday"));
  }

  @Test
  void in_a_transaction_the_past_is_what_was_committed() throws Exception {
    String file = insert("INSERT INTO files(parent, name, content) VALUES (?, 'a', X'01')", root);
    for (int i = 2; i < 20; i++) {
      assertEquals(1, update("UPDATE files SET content = ? WHERE id = ?", new byte[i], file));
    }
    long last = Long.parseLong(query("SELECT max(seq) FROM events").get(0));
    db.setAutoCommit(false);
    update("UPDATE files SET content = X'' WHERE id = ?", file);
    assertEquals(List.of("0"), query("SELECT length FROM files"));
    String past = "SELECT length FROM files FOR SYSTEM_TIME AS OF seq(?) WHERE id = ?";
    for (long seq = 1; seq <= last + 2; seq++) {
      List<String> then = seq < 2 ? List.of() : List.of(String.valueOf(Math.min(seq, last) - 1));
      assertEquals(then, query(past, seq, file));
    }
    db.rollback();
  }

  private int update(String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = db.prepareStatement(sql)) {
      set(statement, values);
      return statement.executeUpdate();
    }
  }
}
