package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Transactions, savepoints, and connections in several hands. */
class TransactionsTest extends WithDatabase {
  private void add(String title) throws SQLException {
    insert("INSERT INTO events(parent, title) VALUES (?, ?)", root, title);
  }

  private List<String> titles() throws SQLException {
    return query("SELECT title FROM events WHERE title <> 'root' ORDER BY level");
  }

  @Test
  void savepoints_end_with_what_they_mark() throws SQLException {
    db.setAutoCommit(false);
    add("a");
    Savepoint first = db.setSavepoint();
    add("b");
    Savepoint second = db.setSavepoint("second");
    add("c");
    db.rollback(first);
    assertEquals(List.of("a"), titles());
    assertState("3B001", () -> db.rollback(second));
    add("d");
    db.rollback(first);
    assertEquals(List.of("a"), titles());
    db.releaseSavepoint(first);
    assertState("3B001", () -> db.rollback(first));
    assertState("3B001", () -> db.rollback((Savepoint) null));
  }

  @Test
  void a_savepoint_of_an_ended_transaction_takes_nothing_back() throws SQLException {
    db.setAutoCommit(false);
    for (Ending ending :
        List.<Ending>of(
            db::commit,
            db::rollback,
            () -> db.createStatement().execute("COMMIT"),
            () -> db.createStatement().executeUpdate("ROLLBACK"),
            () -> {
              db.setAutoCommit(true);
              db.setAutoCommit(false);
            })) {
      Savepoint stale = db.setSavepoint();
      ending.end();
      add("kept");
      assertState("3B001", () -> db.rollback(stale));
      assertState("3B001", () -> db.releaseSavepoint(stale));
      assertTrue(titles().contains("kept"));
      db.rollback();
    }
  }

  private interface Ending {
    void end() throws SQLException;
  }

  @Test
  void cursors_close_with_their_transaction_as_the_holdability_says() throws SQLException {
    assertEquals(ResultSet.CLOSE_CURSORS_AT_COMMIT, db.getHoldability());
    assertState("0A001", () -> db.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT));
    db.setAutoCommit(false);
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT title FROM events")) {
      db.commit();
      assertState("24000", rows::next);
    }
  }

  @Test
  void threads_that_share_a_connection_take_turns() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      CountDownLatch start = new CountDownLatch(1);
      List<Callable<Integer>> works = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int number = i;
        works.add(() -> number % 2 == 0 ? writes(start, number) : reads(start));
      }
      List<Future<Integer>> done = new ArrayList<>();
      works.forEach(work -> done.add(threads.submit(work)));
      start.countDown();
      int written = done.get(0).get() + done.get(2).get();
      assertTrue(done.get(1).get() + done.get(3).get() > 0);
      assertEquals(List.of(String.valueOf(written)), query("SELECT COUNT(*) FROM children"));
    } finally {
      threads.shutdownNow();
    }
  }

  private int writes(CountDownLatch start, int number) throws Exception {
    start.await();
    for (int i = 0; i < 50; i++) {
      try (PreparedStatement insert =
          db.prepareStatement("INSERT INTO events(parent, title) VALUES (?, ?)")) {
        set(insert, root, number + "/" + i);
        insert.executeUpdate();
      }
    }
    return 50;
  }

  private int reads(CountDownLatch start) throws Exception {
    start.await();
    int rows = 0;
    for (int i = 0; i < 50; i++) {
      rows += query("SELECT title FROM events").size();
    }
    return rows;
  }

  @Test
  void another_thread_can_cancel_rows_that_are_being_read() throws SQLException {
    add("a");
    add("b");
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT title FROM events")) {
      assertTrue(rows.next());
      statement.cancel();
      assertState("57014", rows::next);
      assertEquals(3, column(statement.executeQuery("SELECT title FROM events"), 1).size());
    }
  }

  @Test
  void abort_and_close_stop_what_runs() throws Exception {
    try (PreparedStatement batch =
        db.prepareStatement("INSERT INTO events(parent, title) VALUES (?, 'x')")) {
      for (int i = 0; i < 2000; i++) {
        batch.setString(1, root);
        batch.addBatch();
      }
      batch.executeBatch();
    }
    String slow =
        "SELECT COUNT(*) FROM events a, events b, events c WHERE a.level + b.level = c.level";
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      for (boolean abort : new boolean[] {true, false}) {
        Connection doomed = DriverManager.getConnection(url());
        Statement statement = doomed.createStatement();
        CountDownLatch begun = new CountDownLatch(1);
        Future<String> state =
            threads.submit(
                () -> {
                  begun.countDown();
                  try (ResultSet rows = statement.executeQuery(slow)) {
                    rows.next();
                    return "finished";
                  } catch (SQLException e) {
                    return e.getSQLState();
                  }
                });
        begun.await();
        if (abort) {
          doomed.abort(Runnable::run);
        } else {
          doomed.close();
        }
        assertTrue(List.of("57014", "08003", "24000").contains(state.get()), state.get());
        assertTrue(doomed.isClosed());
        assertFalse(doomed.isValid(0));
        doomed.abort(Runnable::run);
        doomed.close();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
