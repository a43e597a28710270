package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.EventStore;

/** The driver under HikariCP, which checks, resets, evicts and shares connections. */
class ConnectionPoolTest extends WithDatabase {
  private HikariDataSource pool;

  private HikariConfig config() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url());
    config.setMaximumPoolSize(3);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(250);
    config.setUsername("anybody");
    config.setPassword("ignored");
    config.addDataSourceProperty("queryTimeout", 60);
    return config;
  }

  @BeforeEach
  void open() {
    pool = new HikariDataSource(config());
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private static int count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      assertTrue(rows.next());
      return rows.getInt(1);
    }
  }

  /** Returns the connection of ours that a proxy stands for. */
  private static Connection own(Connection proxy) throws SQLException {
    return proxy.unwrap(OuroborosConnection.class);
  }

  @Test
  void a_pool_hands_out_as_many_as_it_may_and_shares_one_store() throws SQLException {
    try (Connection a = pool.getConnection();
        Connection b = pool.getConnection();
        Connection c = pool.getConnection()) {
      assertSame(a.unwrap(EventStore.class), b.unwrap(EventStore.class));
      assertTrue(c.isValid(1));
      assertThrows(SQLTransientConnectionException.class, pool::getConnection);
    }
    assertEquals(3, pool.getHikariPoolMXBean().getTotalConnections());
  }

  @Test
  void what_was_not_committed_is_gone_when_a_connection_returns() throws SQLException {
    Connection first;
    try (Connection connection = pool.getConnection()) {
      first = own(connection);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("INSERT INTO roots(title) VALUES ('lost')");
      }
      assertEquals(2, count(connection, "roots"));
    }
    try (Connection connection = pool.getConnection()) {
      assertSame(first, own(connection));
      assertTrue(connection.getAutoCommit());
      assertEquals(1, count(connection, "roots"));
    }
  }

  @Test
  void settings_are_those_of_the_pool_again_when_a_connection_returns() throws SQLException {
    try (Connection connection = pool.getConnection()) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setCatalog("any");
      connection.setSchema("ouroboros");
      connection.setNetworkTimeout(Runnable::run, 1000);
      assertState("25006", () -> insertInto(connection));
    }
    try (Connection connection = pool.getConnection()) {
      assertFalse(connection.isReadOnly());
      assertEquals(Connection.TRANSACTION_REPEATABLE_READ, connection.getTransactionIsolation());
      assertNull(connection.getCatalog());
      assertEquals("ouroboros", connection.getSchema());
      insertInto(connection);
    }
  }

  private void insertInto(Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO events(parent) VALUES (?)")) {
      insert.setString(1, root);
      insert.executeUpdate();
    }
  }

  @Test
  void pools_for_reading_with_a_schema_and_a_test_query_start() throws SQLException {
    HikariConfig config = config();
    config.setReadOnly(true);
    config.setAutoCommit(false);
    config.setSchema("ouroboros");
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setConnectionTestQuery("SELECT 1");
    config.setConnectionInitSql("VALUES 1");
    config.setIsolateInternalQueries(true);
    config.setLeakDetectionThreshold(2000);
    try (HikariDataSource readers = new HikariDataSource(config);
        Connection connection = readers.getConnection()) {
      assertTrue(connection.isReadOnly());
      assertFalse(connection.getAutoCommit());
      assertEquals(1, count(connection, "events"));
    }
  }

  /** HikariCP drops a connection on 08... and 0A000; no failure of a statement is one. */
  @Test
  void failures_of_statements_keep_the_connection_in_the_pool() throws SQLException {
    Connection first;
    try (Connection connection = pool.getConnection()) {
      first = own(connection);
      List<String> wrong =
          List.of(
              "SELEC 1",
              "SELECT * FROM nowhere",
              "UPDATE events SET title = 'x'",
              "CREATE TABLE t(a INT)",
              "CALL x()",
              "INSERT INTO roots(title) VALUES ('root')",
              "INSERT INTO events(parent) VALUES ('nobody')");
      for (String sql : wrong) {
        try (Statement statement = connection.createStatement()) {
          assertThrows(SQLException.class, () -> statement.execute(sql));
        }
      }
      assertThrows(SQLException.class, () -> connection.prepareCall("CALL x()"));
      assertThrows(SQLException.class, connection::createSQLXML);
      assertThrows(SQLException.class, () -> connection.setTransactionIsolation(8));
      assertTrue(connection.isValid(0));
    }
    try (Connection connection = pool.getConnection()) {
      assertSame(first, own(connection));
    }
  }

  @Test
  void a_connection_that_died_is_replaced() throws SQLException {
    Connection first;
    try (Connection connection = pool.getConnection()) {
      first = own(connection);
      pool.evictConnection(connection);
    }
    try (Connection connection = pool.getConnection()) {
      Connection second = own(connection);
      assertNotSame(first, second);
      second.abort(Runnable::run);
      assertFalse(connection.isValid(1));
      assertState("08003", connection::createStatement);
    }
    try (Connection connection = pool.getConnection()) {
      assertEquals(1, count(connection, "roots"));
    }
  }

  @Test
  void statements_and_rows_that_are_left_open_are_closed_with_their_connection()
      throws SQLException {
    Statement statement;
    ResultSet rows;
    try (Connection connection = pool.getConnection()) {
      statement = own(connection).createStatement();
      connection.createStatement().executeQuery("SELECT id FROM events").next();
      rows = statement.executeQuery("SELECT id FROM events");
      assertTrue(rows.next());
    }
    pool.close();
    assertTrue(statement.isClosed());
    assertTrue(rows.isClosed());
    db.close();
    try (Connection again = java.sql.DriverManager.getConnection(url())) {
      assertNotNull(again.getMetaData());
    }
  }

  @Test
  void writers_and_readers_share_a_pool() throws Exception {
    pool.getHikariConfigMXBean().setConnectionTimeout(30_000);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        boolean writes = i % 2 == 0;
        all.add(threads.submit(() -> writes ? writeMany() : readMany()));
      }
      int written = 0;
      for (Future<Integer> each : all) {
        written += each.get();
      }
      assertEquals(60, written);
      try (Connection connection = pool.getConnection()) {
        assertEquals(61, count(connection, "events"));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private int writeMany() throws SQLException {
    for (int i = 0; i < 20; i++) {
      try (Connection connection = pool.getConnection()) {
        insertInto(connection);
      }
    }
    return 20;
  }

  private int readMany() throws SQLException {
    int last = 0;
    for (int i = 0; i < 20; i++) {
      try (Connection connection = pool.getConnection()) {
        int now = count(connection, "events");
        assertTrue(now >= last);
        last = now;
      }
    }
    return 0;
  }
}
