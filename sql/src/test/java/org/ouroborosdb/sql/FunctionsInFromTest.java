package org.ouroborosdb.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What functions in FROM read, and what parameters of them and of DECIMALs take. */
class FunctionsInFromTest {
  private static final EngineOptions FEW_BYTES =
      new EngineOptions(EngineOptions.DEFAULT.queryMemoryBytes(), 4);

  @Test
  void a_content_that_a_join_with_a_function_passes_on_is_not_read() {
    try (Statements db = Statements.inMemory(FEW_BYTES)) {
      String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
      db.insert("INSERT INTO files(parent, name, content) VALUES (?, 'f', X'0102030405')", root);
      String from = " FROM roots r, subtree(r.id) s WHERE s.depth = 1";
      assertEquals("f", db.value("SELECT s.title" + from));
      assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, (byte[]) db.value("SELECT s.content" + from));
      assertEquals("f", db.value("SELECT s.title FROM subtree(?, 0 + 1) s WHERE depth = 1", root));
      SqlException refused =
          assertThrows(SqlException.class, () -> db.value("SELECT octet_length(s.content)" + from));
      assertEquals("54000", refused.sqlState());
    }
  }

  @Test
  void parameters_of_a_function_over_expressions_keep_their_order() {
    try (Statements db = Statements.inMemory()) {
      String root = db.insert("INSERT INTO roots(title) VALUES ('r')").toString();
      db.insert("INSERT INTO events(parent, title) VALUES (?, 'e')", root);
      assertEquals(
          List.of(List.of("r", 7L)),
          db.rows(
              "SELECT title, CAST(? AS BIGINT) FROM subtree((SELECT id FROM roots WHERE title = ?), ?) WHERE depth < ?",
              7,
              "r",
              5,
              1));
    }
  }

  @Test
  void a_parameter_with_more_digits_than_its_decimal_is_refused() {
    try (Statements db = Statements.inMemory()) {
      String cast = "SELECT CAST(? AS DECIMAL(3, 1))";
      assertEquals(new BigDecimal("10.5"), db.value(cast, new BigDecimal("10.500")));
      assertEquals(new BigDecimal("-99.9"), db.value(cast, "-99.9"));
      for (String number : List.of("10.55", "100", "1e3", "1e999999999")) {
        SqlException refused =
            assertThrows(SqlException.class, () -> db.value(cast, new BigDecimal(number)));
        assertEquals("22003", refused.sqlState(), number);
      }
    }
  }
}
