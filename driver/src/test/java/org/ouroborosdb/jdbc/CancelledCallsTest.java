package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each procedure that may take long stops when another thread cancels its statement. */
class CancelledCallsTest extends WithDatabase {
  private static final int MOST_ATTEMPTS = 50;

  private final ExecutorService threads = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Appends events that have expired, and contents that nothing refers to any more. */
  private void fill(int events) throws SQLException {
    db.setAutoCommit(false);
    byte[] content = new byte[4000];
    Random random = new Random(events);
    String sql =
        "INSERT INTO events(parent, title, content, temporary, expires_at)"
            + " VALUES (?, ?, ?, TRUE, TIMESTAMP '2001-01-01 00:00:00')";
    try (PreparedStatement insert = db.prepareStatement(sql)) {
      for (int i = 0; i < events; i++) {
        random.nextBytes(content);
        insert.setString(1, root);
        insert.setString(2, "e" + i);
        insert.setBytes(3, content);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    db.commit();
    db.setAutoCommit(true);
  }

  /** Runs a call until it was cancelled within the procedure before it ended. */
  private void assertCancelled(String call) throws Exception {
    Thread caller = Thread.currentThread();
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      try (PreparedStatement statement = db.prepareStatement(call)) {
        AtomicBoolean ended = new AtomicBoolean();
        Future<?> canceller =
            threads.submit(
                () -> {
                  boolean runs = false;
                  while (!ended.get()) {
                    runs |= isInProcedure(caller.getStackTrace());
                    if (runs) {
                      statement.cancel();
                    }
                  }
                  return null;
                });
        try {
          statement.execute();
        } catch (SQLException e) {
          assertEquals("57014", e.getSQLState(), e::toString);
          return;
        } finally {
          ended.set(true);
          canceller.get();
        }
      }
    }
    fail(call + " ended before it was cancelled, each time");
  }

  private static boolean isInProcedure(StackTraceElement[] stack) {
    return Arrays.stream(stack)
        .anyMatch(f -> f.getClassName().endsWith("Procedure") && f.getMethodName().equals("run"));
  }

  @Test
  void a_call_is_stopped_from_another_thread_and_leaves_a_sound_database() throws Exception {
    fill(3000);
    String other = directory.resolve("other").toString();
    DriverManager.getConnection("jdbc:ouroboros:" + other).close();
    for (String call :
        List.of(
            "CALL verify()",
            "CALL rebuild_index()",
            "CALL compact()",
            "CALL sync('" + other + "')",
            "CALL expire()")) {
      assertCancelled(call);
    }
    try (Statement statement = db.createStatement()) {
      statement.execute("CALL expire()");
      assertCancelled("CALL reclaim()");
      assertEquals(List.of(), query("CALL verify()"));
      assertEquals(List.of("1"), query("SELECT count(*) FROM events"));
    }
  }
}
