package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The one jar, as an application meets it: nothing else beside it, in a class loader of its own.
 */
class JdbcJarIT {
  @TempDir Path directory;

  @Test
  void the_jar_alone_stores_compresses_and_joins() throws Exception {
    byte[] content = "all work and no play\n".repeat(40_000).getBytes(StandardCharsets.UTF_8);
    Path database = directory.resolve("db");
    try (URLClassLoader loader = alone();
        Connection connection =
            driver(loader).connect("jdbc:ouroboros:" + database, new Properties())) {
      String root = insert(connection, "INSERT INTO roots(title) VALUES (?)", "Papers", null);
      String file =
          insert(
              connection,
              "INSERT INTO files(parent, name, content) VALUES ('" + root + "', ?, ?)",
              "play.txt",
              content);
      String sql =
          "SELECT f.id, f.content, r.title FROM files f JOIN roots r ON f.parent = r.id"
              + " WHERE f.length > 1000 ORDER BY r.title";
      try (PreparedStatement statement = connection.prepareStatement(sql);
          ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(file, rows.getString(1));
        assertArrayEquals(content, rows.getBytes(2));
        assertEquals("Papers", rows.getString(3));
        assertFalse(rows.next());
      }
      assertTrue(
          one(connection, "SELECT SUM(stored_length) FROM chunks") < content.length / 10,
          "the content is not compressed");
    }
  }

  private static String insert(
      Connection connection, String sql, String name, byte @Nullable [] content)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql, new String[] {"id"})) {
      statement.setString(1, name);
      if (content != null) {
        statement.setBytes(2, content);
      }
      assertEquals(1, statement.executeUpdate());
      try (ResultSet keys = statement.getGeneratedKeys()) {
        assertTrue(keys.next());
        return keys.getString(1);
      }
    }
  }

  private static long one(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      assertTrue(rows.next());
      return rows.getLong(1);
    }
  }

  private static Driver driver(ClassLoader loader) {
    return ServiceLoader.load(Driver.class, loader).stream()
        .filter(found -> found.type().getClassLoader() == loader)
        .map(ServiceLoader.Provider::get)
        .findFirst()
        .orElseThrow();
  }

  private static URLClassLoader alone() throws IOException {
    return new URLClassLoader(
        new URL[] {jar().toUri().toURL()}, ClassLoader.getPlatformClassLoader());
  }

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("ouroboros-jdbc-[0-9.]+\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }
}
