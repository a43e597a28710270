package org.ouroborosdb.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** Stores the files of one folder through JDBC, streaming, and asks which were stored twice. */
public final class StoreAFolder {
  private StoreAFolder() {}

  /** Takes the database's directory and the folder. */
  public static void main(String[] arguments) throws IOException, SQLException {
    String url = "jdbc:ouroboros:" + arguments[0];
    try (Connection connection = DriverManager.getConnection(url)) {
      connection.setAutoCommit(false);
      String root = insertRoot(connection, "folder");
      try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          insertFile(connection, root, file);
        }
      }
      connection.commit();
      printShared(connection, root);
    }
  }

  private static String insertRoot(Connection connection, String title) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO roots(title) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, title);
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return keys.getString(1);
      }
    }
  }

  private static void insertFile(Connection connection, String root, Path file)
      throws IOException, SQLException {
    try (PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO files(parent, name, content) VALUES (?, ?, ?)");
        InputStream content = Files.newInputStream(file)) {
      insert.setString(1, root);
      insert.setString(2, String.valueOf(file.getFileName()));
      insert.setBinaryStream(3, content);
      insert.executeUpdate();
    }
  }

  private static void printShared(Connection connection, String root) throws SQLException {
    String sql =
        "SELECT c.chunk, COUNT(*) AS uses, MIN(f.name) AS one_of FROM files f"
            + " JOIN event_chunks c ON c.event = f.version"
            + " WHERE f.root = ? AND c.part = 'CONTENT'"
            + " GROUP BY c.chunk HAVING COUNT(*) > 1 ORDER BY uses DESC";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, root);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          System.out.println(
              List.of(rows.getLong("uses"), rows.getString("one_of")) + " share a chunk");
        }
      }
    }
  }
}
