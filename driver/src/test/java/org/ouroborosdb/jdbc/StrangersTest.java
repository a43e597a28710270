package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.sql.Types;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import javax.sql.rowset.CachedRowSet;
import javax.sql.rowset.JdbcRowSet;
import javax.sql.rowset.RowSetProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What programs of others were seen to do, and what their objects may throw. */
class StrangersTest extends WithDatabase {
  private static final String FILE = "INSERT INTO files(parent, name, content) VALUES (?, 'f', ?)";

  /** An object whose every method throws. */
  private static <T> T broken(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            StrangersTest.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  @Test
  void what_is_refused_says_what_there_is_instead() throws SQLException {
    assertSays(
        "SERIALIZABLE is not supported: transactions are REPEATABLE READ, by snapshot",
        () -> db.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT 1")) {
      assertSays("scrolling is not supported: result sets are forward-only", rows::last);
    }
  }

  private static void assertSays(String message, Executable call) {
    assertEquals(message, assertThrows(SQLFeatureNotSupportedException.class, call).getMessage());
  }

  @Test
  void what_the_objects_of_a_caller_throw_leaves_as_an_sql_exception() throws SQLException {
    List<Object> endless = new ArrayList<>();
    endless.add(endless);
    Reader reader =
        new Reader() {
          @Override
          public int read(char[] target, int offset, int length) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void close() {}
        };
    List<Object> list =
        new AbstractList<>() {
          @Override
          public Object get(int index) {
            throw new IllegalStateException("broken");
          }

          @Override
          public int size() {
            return 1;
          }
        };
    try (PreparedStatement query = db.prepareStatement("SELECT ?")) {
      assertState("38000", () -> query.setClob(1, broken(Clob.class)));
      assertState("38000", () -> query.setObject(1, broken(Clob.class), Types.CLOB));
      assertState("38000", () -> query.setArray(1, broken(Array.class)));
      assertState("38000", () -> query.setObject(1, broken(CharSequence.class)));
      assertState("38000", () -> query.setObject(1, list));
      assertState("38000", () -> query.setCharacterStream(1, reader));
      assertState("54000", () -> query.setObject(1, endless));
    }
    try (PreparedStatement insert = db.prepareStatement(FILE)) {
      insert.setString(1, root);
      insert.setBlob(2, broken(Blob.class));
      assertState("38000", insert::executeUpdate);
      for (Throwable thrown :
          List.of(new IllegalStateException("x"), new IOException("x"), new AssertionError("x"))) {
        insert.setBinaryStream(2, failing(thrown));
        assertState("58030", insert::executeUpdate);
        assertState("07001", insert::executeUpdate);
      }
    }
    assertEquals(List.of("1"), query("SELECT COUNT(*) FROM events"));
  }

  private static InputStream failing(Throwable thrown) {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        if (thrown instanceof IOException io) {
          throw io;
        }
        if (thrown instanceof RuntimeException unchecked) {
          throw unchecked;
        }
        throw new AssertionError(thrown);
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return read();
      }
    };
  }

  @Test
  void numbers_that_no_memory_can_write_down_are_refused() throws SQLException {
    try (PreparedStatement query = db.prepareStatement("SELECT ?")) {
      for (String number : List.of("1e999999999", "1e-999999999")) {
        assertState("22003", () -> query.setBigDecimal(1, new BigDecimal(number)));
        assertState("22003", () -> query.setObject(1, new BigDecimal(number), Types.VARCHAR));
        assertState("22003", () -> query.setObject(1, number, Types.DECIMAL, 2));
      }
    }
  }

  /** HikariCP drops a connection that says 08..., so nothing else may. */
  @Test
  void only_a_closed_connection_says_that_the_connection_is_closed() throws SQLException {
    PreparedStatement statement = db.prepareStatement("SELECT id FROM events");
    ResultSet first = statement.executeQuery();
    ResultSet second = statement.executeQuery();
    assertTrue(second.next());
    assertState("24000", first::next);
    statement.close();
    assertState("24000", second::next);
    assertState("HY010", statement::executeQuery);
    assertState("HY010", statement::cancel);
    db.close();
    assertState("08003", statement::executeQuery);
    assertState("08003", db::createStatement);
  }

  /** JDBC 4.3, 15.2.5.1: another kind of result than asked for comes with a warning. */
  @Test
  void results_of_another_kind_come_with_a_warning() throws SQLException {
    assertNull(db.getWarnings());
    db.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY).close();
    assertNull(db.getWarnings());
    try (Statement statement =
        db.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
      assertEquals("01S02", db.getWarnings().getSQLState());
      assertEquals(ResultSet.TYPE_FORWARD_ONLY, statement.getResultSetType());
      assertEquals(ResultSet.CONCUR_READ_ONLY, statement.getResultSetConcurrency());
      try (ResultSet rows = statement.executeQuery("SELECT id FROM events")) {
        assertTrue(rows.next());
        assertState("0A001", () -> rows.updateString(1, "x"));
        assertState("0A001", rows::first);
      }
    }
    db.clearWarnings();
    assertNull(db.getWarnings());
    assertState("HY024", () -> db.createStatement(1, 2));
  }

  @Test
  void row_sets_of_the_jdk_are_filled() throws SQLException {
    insert("INSERT INTO events(parent, title, tags) VALUES (?, 'a', ARRAY['x'])", root);
    try (CachedRowSet rows = RowSetProvider.newFactory().createCachedRowSet();
        Statement statement = db.createStatement()) {
      rows.populate(
          statement.executeQuery(
              "SELECT title, level, created_at, temporary, metadata, tags FROM events"));
      assertEquals(2, rows.size());
    }
    try (JdbcRowSet rows = RowSetProvider.newFactory().createJdbcRowSet()) {
      rows.setUrl(url());
      rows.setCommand("SELECT title FROM events WHERE title = ?");
      rows.setString(1, "a");
      rows.execute();
      assertTrue(rows.next());
      assertEquals("a", rows.getString(1));
      assertFalse(rows.next());
    }
  }

  @Test
  void client_info_is_kept_and_given_back() throws SQLException {
    db.setClientInfo("ApplicationName", "tests");
    assertEquals("tests", db.getClientInfo("ApplicationName"));
    db.setClientInfo("ApplicationName", null);
    assertNull(db.getClientInfo("ApplicationName"));
    assertNotNull(db.getClientInfo());
    assertState("HY009", () -> db.setClientInfo(null, "x"));
  }
}
