package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoredContent;

class SessionTest {
  private final Statements db = Statements.inMemory();

  @AfterEach
  void close() {
    db.close();
  }

  static void assertState(String sqlState, Executable call) {
    SqlException e = assertThrows(SqlException.class, call);
    assertEquals(sqlState, e.sqlState(), e.getMessage());
  }

  @Test
  void generated_keys_come_in_insertion_order_under_the_tables_key_column() {
    EventId root = db.insert("INSERT INTO roots(title) VALUES (?)", "r");
    PreparedPlan plan =
        db.session.prepare("INSERT INTO children(title, parent) VALUES (?, ?), ('b', ?)");
    assertEquals("child", plan.keyColumn());
    UpdateResult result =
        plan.update(List.of("a", root.toString(), root.toString()), Cancellation.create());
    assertEquals(2, result.count());
    for (int i = 0; i < 2; i++) {
      assertEquals(
          i == 0 ? "a" : "b",
          db.value("SELECT title FROM events WHERE id = ?", result.keys().get(i).toString()));
    }
  }

  @Test
  void uncommitted_rows_are_seen_by_their_session_only_and_have_no_seq() {
    try (Statements other = db.another()) {
      db.session.setAutoCommit(false);
      EventId root = db.insert("INSERT INTO roots(title) VALUES ('mine')");
      assertNull(db.value("SELECT seq FROM events WHERE id = ?", root.toString()));
      db.update("INSERT INTO events(parent, title) VALUES (?, 'below')", root.toString());
      assertEquals(2L, db.value("SELECT count(*) FROM events"));
      assertEquals(0L, other.value("SELECT count(*) FROM events"));
      db.session.commit();
      assertEquals(2L, other.value("SELECT count(*) FROM events"));
      assertEquals(1L, other.value("SELECT seq FROM events WHERE title = 'mine'"));
    }
  }

  @Test
  void a_transaction_keeps_the_snapshot_of_its_first_statement() {
    try (Statements other = db.another()) {
      db.session.setAutoCommit(false);
      assertEquals(0L, db.value("SELECT count(*) FROM roots"));
      other.update("INSERT INTO roots(title) VALUES ('later')");
      assertEquals(0L, db.value("SELECT count(*) FROM roots"));
      db.session.commit();
      assertEquals(1L, db.value("SELECT count(*) FROM roots"));
    }
  }

  @Test
  void a_failed_statement_leaves_the_transaction_as_before_it() {
    db.session.setAutoCommit(false);
    db.update("INSERT INTO roots(title) VALUES ('a')");
    assertState("23505", () -> db.update("INSERT INTO roots(title) VALUES ('b'), ('a'), ('c')"));
    assertEquals(1L, db.value("SELECT count(*) FROM roots"));
    db.update("INSERT INTO roots(title) VALUES ('b')");
    db.session.commit();
    assertEquals(2L, db.value("SELECT count(*) FROM roots"));
  }

  @Test
  void rollback_to_a_mark_takes_back_what_came_after_it() {
    db.session.setAutoCommit(false);
    db.update("INSERT INTO roots(title) VALUES ('a')");
    int mark = db.session.mark();
    db.update("INSERT INTO roots(title) VALUES ('b')");
    db.session.rollbackTo(mark);
    assertEquals(1L, db.value("SELECT count(*) FROM roots"));
    db.session.rollback();
    assertEquals(0L, db.value("SELECT count(*) FROM roots"));
    db.session.setAutoCommit(true);
    assertState("25P01", () -> db.session.mark());
  }

  @Test
  void a_batch_is_all_or_nothing_and_names_the_statement_that_failed() {
    PreparedPlan plan = db.session.prepare("INSERT INTO roots(title) VALUES (?)");
    List<List<String>> batch = List.of(List.of("a"), List.of("b"), List.of("a"));
    SqlException e =
        assertThrows(SqlException.class, () -> plan.updateBatch(batch, Cancellation.create()));
    assertEquals("23505", e.sqlState());
    assertTrue(String.valueOf(e.getMessage()).contains("statement 3"), e.getMessage());
    assertEquals(0L, db.value("SELECT count(*) FROM roots"));
    assertEquals(2, plan.updateBatch(batch.subList(0, 2), Cancellation.create()).size());
  }

  @Test
  void closing_or_committing_ends_the_rows_of_the_transaction() {
    db.update("INSERT INTO roots(title) VALUES ('a')");
    db.session.setAutoCommit(false);
    ResultRows rows = open("SELECT title FROM roots");
    db.session.commit();
    assertState("24000", rows::next);
    rows.close();
    db.session.close();
    assertTrue(db.session.isClosed());
    assertState("08003", () -> db.session.prepare("SELECT 1"));
  }

  @Test
  void several_results_of_one_plan_are_independent() {
    db.update("INSERT INTO roots(title) VALUES ('a'), ('b')");
    for (String sql :
        List.of(
            "SELECT title FROM roots ORDER BY title",
            "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 3)"
                + " SELECT n FROM t")) {
      PreparedPlan plan = db.session.prepare(sql);
      try (ResultRows one = plan.query(List.of(), 0, Cancellation.create());
          ResultRows two = plan.query(List.of(), 0, Cancellation.create())) {
        while (one.next()) {
          assertTrue(two.next());
          assertEquals(one.value(0), two.value(0));
        }
        assertFalse(two.next());
      }
    }
  }

  @Test
  void recursive_queries_insert_and_delete_again_and_again() {
    db.update("INSERT INTO roots(title) VALUES ('r')");
    PreparedPlan insert =
        db.session.prepare(
            "INSERT INTO events(parent, title, temporary) SELECT r.id, 't' || CAST(t.n AS VARCHAR),"
                + " TRUE FROM (WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t"
                + " WHERE n < 3) SELECT n FROM t) t, roots r");
    for (int i = 1; i <= 3; i++) {
      assertEquals(3, insert.update(List.of(), Cancellation.create()).count());
      assertEquals(3L * i, db.value("SELECT count(*) FROM events WHERE temporary"));
    }
    assertEquals(
        0, db.rows("SELECT * FROM information_schema.tables WHERE table_name = 't'").size());
    assertState("42S02", () -> db.rows("SELECT * FROM t"));
  }

  @Test
  void rows_being_read_are_not_disturbed_by_the_transactions_own_inserts() {
    db.session.setAutoCommit(false);
    db.update("INSERT INTO roots(title) VALUES ('a'), ('b'), ('c')");
    PreparedPlan insert = db.session.prepare("INSERT INTO events(parent, title) VALUES (?, 'x')");
    int read = 0;
    try (ResultRows rows = open("SELECT id FROM roots")) {
      while (rows.next()) {
        insert.update(java.util.Arrays.asList(rows.value(0)), Cancellation.create());
        read++;
      }
    }
    assertEquals(3, read);
    assertEquals(3L, db.value("SELECT count(*) FROM children"));
  }

  @Test
  void max_rows_and_values_beyond_int_bound_the_rows() {
    db.update("INSERT INTO roots(title) VALUES ('a'), ('b'), ('c')");
    PreparedPlan plan = db.session.prepare("SELECT title FROM roots LIMIT ? OFFSET ?");
    assertEquals(2, count(plan, 2, Long.MAX_VALUE, 0));
    assertEquals(1, count(plan, 0, 1L, (short) 1));
    assertEquals(0, count(plan, 0, 1, Long.MAX_VALUE));
    assertState("2201W", () -> count(plan, 0, -1, 0));
    assertState("2201X", () -> count(plan, 0, 1, -1L));
    assertState("2201W", () -> count(plan, 0, null, 0));
    assertState("07001", () -> count(plan, 0, 1));
  }

  @Test
  void read_only_sessions_refuse_to_write() {
    db.session.setReadOnly(true);
    assertState("25006", () -> db.update("INSERT INTO roots(title) VALUES ('a')"));
    assertState("25006", () -> db.update("DELETE FROM events"));
    db.session.setReadOnly(false);
    db.update("INSERT INTO roots(title) VALUES ('a')");
  }

  @Test
  void contents_go_in_as_bytes_or_stored_and_come_out_whole() {
    byte[] gzip = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    StoredContent stored = db.session.put(new ByteArrayInputStream(gzip), Cancellation.create());
    String insert = "INSERT INTO files(parent, name, content) VALUES (?, ?, ?)";
    assertEquals(SqlType.BLOB, db.session.prepare(insert).parameters().get(2).type());
    db.update(insert, root, "bytes", gzip);
    db.update(insert, root, "stored", stored);
    for (List<@Nullable Object> row : db.rows("SELECT content FROM files ORDER BY name")) {
      assertArrayEquals(gzip, assertInstanceOf(byte[].class, row.get(0)));
    }
    assertEquals(2L, db.value("SELECT count(*) FROM files WHERE content = ?", (Object) gzip));
  }

  @Test
  void tags_are_arrays_in_and_out() {
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    String insert = "INSERT INTO events(parent, tags) VALUES (?, ?)";
    assertEquals(SqlType.ARRAY, db.session.prepare(insert).parameters().get(1).type());
    db.update(insert, root, List.of("b", "a"));
    db.update("INSERT INTO events(parent, tags) VALUES (?, ARRAY[?, 'c'])", root, "x");
    assertEquals(
        List.of(List.of("a", "b"), List.of("c", "x")),
        db.rows("SELECT tags FROM events WHERE depth = 1 ORDER BY level").stream()
            .map(row -> row.get(0))
            .toList());
  }

  @Test
  void a_cancelled_or_late_statement_stops_with_57014() {
    db.update("INSERT INTO roots(title) VALUES ('a')");
    Cancellation cancelled = Cancellation.create();
    cancelled.cancel();
    assertState("57014", () -> db.rows(cancelled, "SELECT title FROM roots"));
    String endless =
        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n FROM t) SELECT count(*) FROM t";
    assertState("57014", () -> db.rows(Cancellation.after(50), endless));
    StringBuilder product = new StringBuilder("SELECT count(*) FROM ");
    String ten = "(VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)) AS t";
    for (int i = 0; i < 12; i++) {
      product.append(i == 0 ? "" : ", ").append(ten).append(i);
    }
    assertState("57014", () -> db.rows(Cancellation.after(50), product.toString()));
    assertEquals(1, db.rows("SELECT title FROM roots").size());
  }

  @Test
  void a_query_that_would_buffer_too_much_says_54000() {
    try (Statements small = Statements.inMemory(new EngineOptions(20_000, 1_000))) {
      String root = small.insert("INSERT INTO roots(title) VALUES ('r')").toString();
      List<List<String>> batch = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        batch.add(List.of(root, "a title of some length " + i));
      }
      small
          .session
          .prepare("INSERT INTO events(parent, title) VALUES (?, ?)")
          .updateBatch(batch, Cancellation.create());
      assertEquals(501L, small.value("SELECT count(*) FROM events"));
      assertState("54000", () -> small.rows("SELECT upper(title) FROM events ORDER BY 1"));
      String first = "SELECT upper(title) FROM events ORDER BY 1 LIMIT ";
      assertEquals(2, small.rows(first + "2 OFFSET 1").size()); // no more than three are kept
      assertEquals(2, small.rows(first + "?", 2).size());
      assertState("54000", () -> small.rows(first + "1000"));
      assertState(
          "54000",
          () -> small.rows("SELECT a.id FROM events a JOIN events b ON a.title < b.title"));
    }
  }

  @Test
  void the_groups_of_a_query_are_bounded_but_not_its_rows() {
    try (Statements small = Statements.inMemory(new EngineOptions(20_000, 1_000))) {
      String ten = "(VALUES (1),(2),(3),(4),(5),(6),(7),(8),(9),(10))";
      String numbers =
          " FROM "
              + ten
              + " AS a(x), "
              + ten
              + " AS b(y), "
              + ten
              + " AS c(z), "
              + ten
              + " AS d(w)";
      assertEquals(10, small.rows("SELECT x, count(*)" + numbers + " GROUP BY x").size());
      String some = "SELECT x + 10 * y + 100 * z, count(*)" + numbers + " WHERE z <= 3 GROUP BY 1";
      assertState("54000", () -> small.rows(some)); // 300 groups take more than their numbers do
      assertState(
          "54000",
          () ->
              small.rows(
                  "SELECT x + 10 * y + 100 * z + 1000 * w, count(*)" + numbers + " GROUP BY 1"));
      assertState(
          "54000", () -> small.rows("SELECT DISTINCT x + 10 * y + 100 * z + 1000 * w" + numbers));
      assertEquals(10, small.rows("SELECT x" + numbers + " UNION SELECT 1").size());
    }
  }

  @Test
  void parameters_are_converted_whole_or_refused() {
    assertEquals("12.50", db.value("SELECT CAST(? AS VARCHAR)", new java.math.BigDecimal("12.50")));
    assertEquals(7L, db.value("SELECT CAST(? AS BIGINT)", "7"));
    assertState("22018", () -> db.value("SELECT CAST(? AS BIGINT)", "x"));
    assertState("22003", () -> db.value("SELECT CAST(? AS SMALLINT)", 70_000));
    assertState("22003", () -> db.value("SELECT CAST(? AS INTEGER)", 1.5));
    assertState("22001", () -> db.value("SELECT CAST(? AS VARCHAR(3))", "four"));
  }

  @Test
  void a_parameter_whose_type_nothing_tells_is_a_varchar() {
    assertEquals("a", db.value("SELECT ?", "a"));
    assertEquals("5", db.value("SELECT COALESCE(?, ?)", null, 5));
    assertNull(db.value("SELECT ?", (Object) null));
    db.update("INSERT INTO roots(title) VALUES (COALESCE(?, 'none'))", (Object) null);
    assertEquals("none", db.value("SELECT title FROM roots WHERE ? IS NULL", (Object) null));
  }

  @Test
  void moments_are_utc_in_both_directions() {
    java.time.LocalDateTime moment =
        java.time.LocalDateTime.of(2024, 2, 29, 12, 30, 15, 123_000_000);
    assertEquals(moment, db.value("SELECT CAST(? AS TIMESTAMP(3))", moment));
    assertEquals(
        moment,
        db.value("SELECT CAST(? AS TIMESTAMP(3))", moment.toInstant(java.time.ZoneOffset.UTC)));
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    db.update(
        "INSERT INTO events(parent, temporary, expires_at) VALUES (?, TRUE, ?)", root, moment);
    assertEquals(moment, db.value("SELECT expires_at FROM events WHERE temporary"));
  }

  @Test
  void columns_tell_their_label_table_and_type() {
    List<ColumnInfo> columns =
        db.session.prepare("SELECT title AS t, tags, level + 1 FROM events").columns();
    assertEquals("t", columns.get(0).label());
    assertEquals("title", columns.get(0).name());
    assertEquals("events", columns.get(0).table());
    assertEquals("ouroboros", columns.get(0).schema());
    assertEquals("VARCHAR ARRAY", columns.get(1).typeName());
    assertEquals(SqlType.VARCHAR, columns.get(1).elementType());
    assertNull(columns.get(2).table());
    assertEquals(SqlType.BIGINT, columns.get(2).type());
  }

  @Test
  void literals_share_a_plan_without_changing_what_is_found() {
    db.update("INSERT INTO roots(title) VALUES ('a'), ('it''s'), ('1')");
    for (String title : List.of("a", "it's", "1", "none")) {
      int found = title.equals("none") ? 0 : 1;
      String literal = title.replace("'", "''");
      assertEquals(
          found, db.rows("SELECT id FROM roots WHERE title = '" + literal + "'").size(), title);
    }
    assertEquals(3, db.rows("SELECT id FROM events WHERE depth = 0").size());
    assertEquals(0, db.rows("SELECT id FROM events WHERE depth = 4294967296").size());
    assertEquals(1, db.rows("SELECT id FROM roots WHERE title = ? AND title <> 'b'", "a").size());
    assertEquals(
        1,
        db.session
            .prepare("SELECT id FROM roots WHERE title = ? AND level > 5")
            .parameters()
            .size());
  }

  private int count(PreparedPlan plan, long maxRows, @Nullable Object... parameters) {
    int count = 0;
    try (ResultRows rows = plan.query(Arrays.asList(parameters), maxRows, Cancellation.create())) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }

  private ResultRows open(String sql) {
    return db.session.prepare(sql).query(List.of(), 0, Cancellation.create());
  }

  @Test
  void many_threads_share_one_engine() throws Exception {
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int t = 0; t < 4; t++) {
      int number = t;
      Thread thread =
          new Thread(
              () -> {
                try (Statements mine = db.another()) {
                  for (int i = 0; i < 50; i++) {
                    String title = "t" + number + "-" + i;
                    mine.update("INSERT INTO events(parent, title) VALUES (?, ?)", root, title);
                    mine.value("SELECT title FROM events WHERE title = '" + title + "'");
                    mine.value(
                        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n <"
                            + " 4) SELECT sum(n) FROM t");
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
    assertEquals(201L, db.value("SELECT count(*) FROM events"));
  }

  @Test
  void contents_stay_locators_until_they_are_read() {
    String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
    db.update("INSERT INTO files(parent, name, content) VALUES (?, 'f', X'0102')", root);
    PreparedPlan plan = db.session.prepare("SELECT content, content AS c2 FROM files LIMIT 1");
    assertEquals(SqlType.BLOB, plan.columns().get(0).type());
    try (ResultRows rows = plan.query(List.of(), 0, Cancellation.create())) {
      assertTrue(rows.next());
      assertEquals(2, assertInstanceOf(Content.class, rows.value(0)).length());
    }
  }
}
