package org.ouroborosdb.bench;

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

/** Prints the greatest resident memory of this process while a store is used with SQL (Linux). */
public final class MemorySql {
  private static final int EVENTS = 100_000;
  private static final int BATCH = 1_000;
  private static final int QUERIES = 300;

  private MemorySql() {}

  /** Takes the database, then fill and a directory of files, or read. */
  public static void main(String[] arguments) throws SQLException, IOException {
    String url = "jdbc:ouroboros:" + arguments[0] + ";profile=small;durability=none";
    try (Connection db = DriverManager.getConnection(url)) {
      if (arguments[1].equals("read")) {
        read(db);
        Memory.print("after queries");
        return;
      }
      String root = root(db);
      events(db, root);
      Memory.print("after " + EVENTS + " events");
      if (arguments.length > 2) {
        files(db, root, Path.of(arguments[2]));
        Memory.print("after the files");
      }
    }
  }

  private static String root(Connection db) throws SQLException {
    try (Statement statement = db.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO roots(title) VALUES ('memory')", Statement.RETURN_GENERATED_KEYS);
      try (ResultSet keys = statement.getGeneratedKeys()) {
        keys.next();
        return keys.getString(1);
      }
    }
  }

  private static void events(Connection db, String root) throws SQLException {
    try (PreparedStatement insert =
        db.prepareStatement("INSERT INTO events(parent, title) VALUES (?, ?)")) {
      for (int i = 1; i <= EVENTS; i++) {
        insert.setString(1, root);
        insert.setString(2, "event " + i);
        insert.addBatch();
        if (i % BATCH == 0) {
          insert.executeBatch();
        }
      }
    }
  }

  private static void files(Connection db, String root, Path directory)
      throws SQLException, IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    try (PreparedStatement insert =
        db.prepareStatement("INSERT INTO events(parent, title, content) VALUES (?, ?, ?)")) {
      for (Path file : files) {
        try (InputStream content = Files.newInputStream(file)) {
          insert.setString(1, root);
          insert.setString(2, String.valueOf(file.getFileName()));
          insert.setBinaryStream(3, content);
          insert.executeUpdate();
        }
      }
    }
  }

  private static void read(Connection db) throws SQLException {
    try (PreparedStatement point =
            db.prepareStatement("SELECT id, title, content_length FROM events WHERE seq = ?");
        PreparedStatement contents =
            db.prepareStatement("SELECT title, content FROM events WHERE seq > ? LIMIT 5");
        PreparedStatement groups =
            db.prepareStatement("SELECT type, COUNT(*), MAX(level) FROM events GROUP BY type")) {
      for (int i = 0; i < QUERIES; i++) {
        point.setLong(1, 1 + i * 331L);
        rows(point);
        contents.setLong(1, EVENTS + i * 40L);
        rows(contents);
        if (i % (QUERIES / 10) == 0) {
          rows(groups);
        }
      }
    }
  }

  private static void rows(PreparedStatement query) throws SQLException {
    try (ResultSet rows = query.executeQuery()) {
      int last = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        rows.getObject(last);
      }
    }
  }
}
