package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Failures say what was asked for, why it failed, and whether time was up or somebody stopped it.
 */
class WhatFailuresSayTest extends WithDatabase {
  private static final String ENDLESS =
      "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000)"
          + " SELECT COUNT(*) FROM n";

  private static void says(String text, Executable call) {
    SQLException failure = assertThrows(SQLException.class, call);
    assertTrue(String.valueOf(failure.getMessage()).contains(text), failure::toString);
  }

  @Test
  void a_cancelled_statement_is_told_from_one_whose_time_is_up() throws Exception {
    try (Statement statement = db.createStatement()) {
      statement.setQueryTimeout(1);
      assertThrows(SQLTimeoutException.class, () -> statement.executeQuery(ENDLESS));
      statement.setQueryTimeout(0);
      ExecutorService threads = Executors.newSingleThreadExecutor();
      AtomicBoolean ended = new AtomicBoolean();
      Future<?> canceller =
          threads.submit(
              () -> {
                while (!ended.get()) {
                  statement.cancel();
                }
                return null;
              });
      SQLException cancelled =
          assertThrows(SQLException.class, () -> statement.executeQuery(ENDLESS));
      ended.set(true);
      canceller.get();
      threads.shutdown();
      assertEquals("57014", cancelled.getSQLState());
      assertFalse(cancelled instanceof SQLTimeoutException, cancelled::toString);
    }
  }

  @Test
  void a_value_that_does_not_fit_is_refused_with_the_class_asked_for() throws Exception {
    onRow(
        "SELECT level, created_at, title FROM roots",
        row -> {
          says("Long cannot be read as Instant", () -> row.getObject(1, Instant.class));
          says("cannot be read as Date", () -> row.getDate(1));
          says("LocalDateTime cannot be read as Long", () -> row.getLong(2));
          says("cannot be read as Integer", () -> row.getInt(3));
          says("cannot be read as Boolean", () -> row.getBoolean(2));
        });
  }

  @Test
  void a_stream_says_why_it_failed() throws Exception {
    String sql = "INSERT INTO files(parent, name, content) SELECT id, ?, ? FROM roots";
    try (PreparedStatement insert = db.prepareStatement(sql)) {
      insert.setString(1, "file");
      insert.setBinaryStream(2, new ByteArrayInputStream(new byte[3]), 5);
      says("after 3 bytes: the stream ended", insert::executeUpdate);
      insert.setBytes(2, new byte[1 << 20]);
      assertEquals(1, insert.executeUpdate());
    }
    List<InputStream> content = new ArrayList<>();
    onRow("SELECT content FROM files", row -> content.add(row.getBinaryStream(1)));
    IOException failure = assertThrows(IOException.class, content.get(0)::readAllBytes);
    assertTrue(String.valueOf(failure.getMessage()).contains("closed"), failure::toString);
  }

  @Test
  void the_catalogue_of_a_closed_connection_is_closed() throws SQLException {
    DatabaseMetaData metaData = db.getMetaData();
    db.close();
    assertState("08003", () -> metaData.getTables(null, null, "%", null));
    assertState("08003", () -> metaData.getImportedKeys(null, null, "files"));
    assertState("08003", metaData::getTypeInfo);
  }
}
