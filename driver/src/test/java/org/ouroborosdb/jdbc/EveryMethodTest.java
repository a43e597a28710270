package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every method of every {@code java.sql} object, with senseless arguments: only SQLExceptions. */
class EveryMethodTest {
  private static final Set<String> LEFT_OUT = Set.of("wait", "notify", "notifyAll", "getClass");

  private final List<String> escaped = new ArrayList<>();

  private static @Nullable Object[] arguments(Method method, boolean nulls) {
    Class<?>[] types = method.getParameterTypes();
    @Nullable Object[] values = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      values[i] = argument(types[i], nulls);
    }
    return values;
  }

  private static @Nullable Object argument(Class<?> type, boolean nulls) {
    if (type == int.class) {
      return nulls ? -1 : 1;
    }
    if (type == long.class) {
      return nulls ? -1L : 1L;
    }
    if (type == boolean.class) {
      return !nulls;
    }
    if (type == short.class) {
      return (short) 1;
    }
    if (type == byte.class) {
      return (byte) 1;
    }
    if (type == float.class) {
      return 1f;
    }
    if (type == double.class) {
      return 1d;
    }
    if (nulls) {
      return null;
    }
    if (type == String.class) {
      return "SELECT 1";
    }
    if (type == Class.class) {
      return String.class;
    }
    if (type == byte[].class) {
      return new byte[] {1};
    }
    return null;
  }

  private void callAll(Class<?> type, Maker maker) throws SQLException {
    for (Method method : type.getMethods()) {
      if (LEFT_OUT.contains(method.getName()) || method.isSynthetic()) {
        continue;
      }
      for (boolean nulls : new boolean[] {false, true}) {
        call(method, maker.make(), arguments(method, nulls));
      }
    }
  }

  private void call(Method method, Object target, @Nullable Object[] arguments) {
    try {
      method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      boolean proper =
          cause instanceof SQLException failure
              && failure.getSQLState() != null
              && failure.getSQLState().length() == 5
              && !failure.getSQLState().equals("XX000")
              && !failure.getSQLState().equals("0A000");
      // JDBC documents a NullPointerException for these default methods.
      boolean documented =
          cause instanceof NullPointerException
              && (method.getName().startsWith("enquote")
                  || method.getName().equals("isSimpleIdentifier"));
      if (!proper && !documented) {
        escaped.add(method + ": " + cause);
      }
    } catch (IllegalAccessException | IllegalArgumentException e) {
      escaped.add(method + ": " + e);
    }
  }

  private interface Maker {
    Object make() throws SQLException;
  }

  private static Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:ouroboros:mem:every");
  }

  @Test
  void only_sql_exceptions_with_a_state_escape() throws SQLException {
    try (Connection held = connect()) {
      held.createStatement()
          .executeUpdate("INSERT INTO roots(title, tags) VALUES ('r', ARRAY['a'])");
      callAll(Connection.class, EveryMethodTest::connect);
      callAll(Statement.class, () -> connect().createStatement());
      callAll(
          PreparedStatement.class,
          () -> connect().prepareStatement("SELECT id FROM events WHERE title = ?"));
      callAll(CallableStatement.class, () -> connect().prepareCall("{call verify()}"));
      callAll(
          ResultSet.class,
          () -> {
            ResultSet rows = connect().createStatement().executeQuery("SELECT id FROM events");
            rows.next();
            return rows;
          });
      callAll(
          ResultSetMetaData.class,
          () -> connect().createStatement().executeQuery("SELECT id FROM events").getMetaData());
      callAll(
          ParameterMetaData.class,
          () ->
              connect()
                  .prepareStatement("SELECT id FROM events WHERE title = ?")
                  .getParameterMetaData());
      callAll(DatabaseMetaData.class, () -> connect().getMetaData());
      callAll(Blob.class, () -> connect().createBlob());
      callAll(Array.class, () -> connect().createArrayOf("VARCHAR", new Object[] {"a"}));
    }
    assertEquals(List.of(), escaped);
    assertTrue(DriverManager.getDriver("jdbc:ouroboros:mem:") instanceof OuroborosDriver);
  }

  /** What JDBC allows on a closed object, or what says nothing of the database. */
  private static final Set<String> CLOSED_MAY =
      Set.of(
          "close",
          "isClosed",
          "abort",
          "isValid",
          "isWrapperFor",
          "toString",
          "hashCode",
          "equals",
          "wait",
          "notify",
          "notifyAll",
          "getClass",
          "beginRequest",
          "endRequest",
          "enquoteIdentifier",
          "enquoteLiteral",
          "enquoteNCharLiteral",
          "isSimpleIdentifier");

  private void callClosed(Class<?> type, Object closed) {
    for (Method method : type.getMethods()) {
      if (CLOSED_MAY.contains(method.getName()) || method.isSynthetic()) {
        continue;
      }
      try {
        method.invoke(closed, arguments(method, false));
        escaped.add(method + " works on a closed object");
      } catch (InvocationTargetException e) {
        if (!(e.getCause() instanceof SQLException)) {
          escaped.add(method + ": " + e.getCause());
        }
      } catch (IllegalAccessException e) {
        escaped.add(method + ": " + e);
      }
    }
  }

  @Test
  void closed_objects_say_so() throws SQLException {
    Connection connection = connect();
    Statement statement = connection.createStatement();
    PreparedStatement prepared = connection.prepareStatement("SELECT id FROM events WHERE id = ?");
    ResultSet rows = connection.createStatement().executeQuery("SELECT id FROM events");
    CallableStatement call = connection.prepareCall("{call verify()}");
    connection.close();
    callClosed(Connection.class, connection);
    callClosed(Statement.class, statement);
    callClosed(PreparedStatement.class, prepared);
    callClosed(CallableStatement.class, call);
    callClosed(ResultSet.class, rows);
    assertEquals(List.of(), escaped);
  }
}
