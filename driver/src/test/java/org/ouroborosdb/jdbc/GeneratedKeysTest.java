package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Generated keys, in every form that JDBC has of asking for them. */
class GeneratedKeysTest extends WithDatabase {
  private static final String ONE = "INSERT INTO events(parent, title) VALUES (?, ?)";
  private static final String TWO = "INSERT INTO events(parent, title) VALUES (?, 'a'), (?, 'b')";

  /** One way of preparing. */
  private interface Way {
    PreparedStatement prepare(String sql) throws SQLException;
  }

  private List<Way> ways() {
    return List.of(
        sql -> db.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS),
        sql -> db.prepareStatement(sql, new int[] {1}),
        sql -> db.prepareStatement(sql, new String[] {"id"}),
        sql -> db.prepareStatement(sql, new String[] {"ID"}));
  }

  @Test
  void prepared_statements_give_a_key_for_each_row_in_order() throws SQLException {
    for (Way way : ways()) {
      try (PreparedStatement insert = way.prepare(TWO)) {
        set(insert, root, root);
        assertEquals(2, insert.executeUpdate());
        List<String> ids = keys(insert);
        assertEquals(List.of("a"), query("SELECT title FROM events WHERE id = ?", ids.get(0)));
        assertEquals(List.of("b"), query("SELECT title FROM events WHERE id = ?", ids.get(1)));
        assertFalse(insert.execute());
        assertEquals(2, keys(insert).size());
        assertEquals(2, insert.executeLargeUpdate());
        assertEquals(2, keys(insert).size());
      }
      try (PreparedStatement batch = way.prepare(ONE)) {
        for (String title : List.of("x", "y", "z")) {
          set(batch, root, title);
          batch.addBatch();
        }
        assertArrayEquals(new long[] {1, 1, 1}, batch.executeLargeBatch());
        List<String> ids = keys(batch);
        assertEquals(List.of("z"), query("SELECT title FROM events WHERE id = ?", ids.get(2)));
      }
    }
  }

  @Test
  void statements_give_them_for_a_flag_numbers_or_names() throws SQLException {
    String sql = "INSERT INTO events(parent, title) VALUES ('" + root + "', 't')";
    try (Statement statement = db.createStatement()) {
      statement.executeUpdate(sql, new int[] {1});
      assertEquals(1, keys(statement).size());
      statement.executeUpdate(sql, new String[] {"id"});
      assertEquals(1, keys(statement).size());
      statement.execute(sql, Statement.RETURN_GENERATED_KEYS);
      assertEquals(1, keys(statement).size());
      statement.execute(sql);
      assertEquals(0, keys(statement).size());
      statement.executeLargeUpdate(sql, new String[0]);
      assertEquals(0, keys(statement).size());
      statement.executeQuery("SELECT 1").close();
      assertEquals(0, keys(statement).size());
    }
  }

  @Test
  void the_rows_of_keys_belong_to_their_statement() throws SQLException {
    try (PreparedStatement insert = ways().get(0).prepare(ONE)) {
      set(insert, root, "t");
      insert.executeUpdate();
      ResultSet keys = insert.getGeneratedKeys();
      assertSame(insert, keys.getStatement());
      assertEquals("id", keys.getMetaData().getColumnLabel(1));
      assertTrue(keys.next());
      insert.executeUpdate();
      assertTrue(keys.isClosed());
    }
  }

  @Test
  void a_column_that_is_no_key_is_refused_before_anything_is_written() throws SQLException {
    assertState("42S22", () -> db.prepareStatement(ONE, new String[] {"title"}));
    assertState("42S22", () -> db.prepareStatement(ONE, new int[] {2}));
    String child = "INSERT INTO children(parent, title) VALUES ('" + root + "', 't')";
    try (Statement statement = db.createStatement()) {
      assertState("42S22", () -> statement.executeUpdate(child, new int[] {1}));
      assertState("42S22", () -> statement.execute(child, new String[] {"id", "child"}));
      assertEquals(List.of("1"), query("SELECT COUNT(*) FROM events"));
      statement.executeUpdate(child, new int[] {2});
      assertEquals(1, keys(statement).size());
    }
  }

  @Test
  void a_select_gives_a_key_for_each_row_it_inserts() throws SQLException {
    try (PreparedStatement insert =
        db.prepareStatement(
            "INSERT INTO children(parent, title)"
                + " SELECT id, t FROM roots, (VALUES ('a'), ('b')) AS v(t)",
            Statement.RETURN_GENERATED_KEYS)) {
      assertEquals(2, insert.executeUpdate());
      assertEquals(2, keys(insert).size());
      assertEquals("child", insert.getGeneratedKeys().getMetaData().getColumnName(1));
    }
  }
}
