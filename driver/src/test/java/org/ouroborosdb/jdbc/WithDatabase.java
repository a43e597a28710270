package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A database in a directory with one root, a connection, and short ways to use it. */
abstract class WithDatabase {
  @TempDir Path directory;
  Connection db;
  String root;

  @BeforeEach
  void connect() throws SQLException {
    db = DriverManager.getConnection(url());
    root = insert("INSERT INTO roots(title) VALUES (?)", "root");
  }

  @AfterEach
  void disconnect() throws SQLException {
    db.close();
  }

  final String url() {
    return "jdbc:ouroboros:" + directory.resolve("db");
  }

  final String insert(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement insert = db.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      set(insert, values);
      assertEquals(1, insert.executeUpdate());
      return keys(insert).get(0);
    }
  }

  static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
  }

  static List<String> keys(Statement statement) throws SQLException {
    return column(statement.getGeneratedKeys(), 1);
  }

  static List<String> column(ResultSet rows, int column) throws SQLException {
    List<String> values = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        values.add(rows.getString(column));
      }
    }
    return values;
  }

  /** Returns the first column of a query's rows. */
  final List<String> query(String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement query = db.prepareStatement(sql)) {
      set(query, values);
      return column(query.executeQuery(), 1);
    }
  }

  static void assertState(String state, Executable call) {
    SQLException failure = assertThrows(SQLException.class, call);
    assertEquals(state, failure.getSQLState(), failure::toString);
  }

  /** Runs a query of one row and hands it over. */
  final void onRow(String sql, RowCheck check) throws Exception {
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertTrue(rows.next());
      check.on(rows);
    }
  }

  /** What looks at a row. */
  interface RowCheck {
    void on(ResultSet row) throws Exception;
  }
}
