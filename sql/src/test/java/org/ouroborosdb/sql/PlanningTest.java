package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;

/** Planning stops when it is cancelled, or its time is up. */
class PlanningTest {
  private static final int TRIES = 300;

  /** About the time that planning takes here, so that each of its phases is met. */
  private static final int MOST_MILLIS = 40;

  @Test
  void planning_a_huge_statement_ends_at_its_timeout() {
    String conditions = String.join(" OR ", Collections.nCopies(3000, "depth + 1 = level"));
    String sql = "SELECT id FROM events WHERE " + conditions;
    try (Statements db = Statements.inMemory()) {
      SqlException late =
          assertThrows(SqlException.class, () -> db.session.prepare(sql, Cancellation.after(1)));
      assertEquals("57014", late.sqlState());
      Cancellation cancelled = Cancellation.create();
      cancelled.cancel();
      SqlException told =
          assertThrows(SqlException.class, () -> db.session.prepare("SELECT 1", cancelled));
      assertEquals("57014", told.sqlState());
      assertEquals(1, db.value("SELECT 1"));
    }
  }

  @Test
  void planning_that_is_cancelled_at_any_moment_says_so() {
    try (Statements db = Statements.inMemory()) {
      Random random = new Random(5);
      for (int i = 0; i < TRIES; i++) {
        // Another text each time, which no cache has planned.
        String sql =
            "SELECT a.id AS c%d FROM events a JOIN children c ON c.parent = a.id WHERE a.depth IN"
                    .formatted(i)
                + " (SELECT depth FROM files) AND a.title || c.title LIKE 'x%' ORDER BY 1";
        Cancellation cancellation = Cancellation.after(random.nextInt(MOST_MILLIS));
        try {
          db.session.prepare(sql, cancellation);
        } catch (SqlException e) {
          assertEquals("57014", e.sqlState(), e::toString);
        }
      }
    }
  }
}
