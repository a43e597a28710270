package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;

/** Planning stops when it is cancelled, or its time is up. */
class PlanningTest {
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
}
