package org.ouroborosdb.examples;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers and readers at once through a HikariCP pool; every reader sees whole transactions. */
public final class HikariPool {
  private static final int WRITERS = 4;
  private static final int EVENTS_EACH = 50;

  private HikariPool() {}

  /** Takes the database's directory. */
  public static void main(String[] arguments)
      throws SQLException, InterruptedException, ExecutionException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:ouroboros:" + arguments[0]);
    config.setMaximumPoolSize(WRITERS + 1);
    try (HikariDataSource pool = new HikariDataSource(config)) {
      String root = insertRoot(pool);
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
      List<Future<Long>> running = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        String writer = "writer " + i;
        Callable<Long> work = () -> write(pool, root, writer);
        running.add(threads.submit(work));
      }
      for (Future<Long> each : running) {
        each.get();
      }
      threads.shutdown();
      System.out.println(count(pool, root) + " events under one root");
    }
  }

  private static String insertRoot(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO roots(title) VALUES ('shared')", Statement.RETURN_GENERATED_KEYS);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        return keys.getString(1);
      }
    }
  }

  private static long write(HikariDataSource pool, String root, String writer) throws SQLException {
    long seen = 0;
    for (int i = 0; i < EVENTS_EACH; i++) {
      try (Connection connection = pool.getConnection();
          PreparedStatement insert =
              connection.prepareStatement("INSERT INTO events(parent, title) VALUES (?, ?)")) {
        insert.setString(1, root);
        insert.setString(2, writer + " #" + i);
        insert.executeUpdate();
      }
      seen = count(pool, root);
    }
    return seen;
  }

  private static long count(HikariDataSource pool, String root) throws SQLException {
    try (Connection connection = pool.getConnection();
        PreparedStatement query =
            connection.prepareStatement("SELECT COUNT(*) FROM children WHERE parent = ?")) {
      query.setString(1, root);
      try (ResultSet rows = query.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}
