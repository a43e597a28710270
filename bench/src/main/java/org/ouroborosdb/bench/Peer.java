package org.ouroborosdb.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A database under test: how it is opened, filled and asked. */
enum Peer {
  /** This project's driver. */
  OUROBOROS("jdbc:ouroboros:%s/ouroboros;durability=none"),
  /** H2 embedded, its result cache off, so that each call is work. */
  H2("jdbc:h2:file:%s/h2;OPTIMIZE_REUSE_RESULTS=0"),
  /** SQLite with a write-ahead log. */
  SQLITE("jdbc:sqlite:%s/sqlite.db?journal_mode=WAL&synchronous=NORMAL");

  private static final int CHILDREN = 8;

  private final String url;

  Peer(String url) {
    this.url = url;
  }

  Connection open(Path directory) throws SQLException {
    return DriverManager.getConnection(String.format(url, directory));
  }

  String pointQuery() {
    return "SELECT title FROM events WHERE id = ?";
  }

  String childrenQuery() {
    return this == OUROBOROS
        ? "SELECT child, title FROM children WHERE parent = ?"
        : "SELECT id, title FROM events WHERE parent = ?";
  }

  String subtreeQuery() {
    return this == OUROBOROS
        ? "SELECT COUNT(*) FROM TABLE(subtree(?))"
        : "WITH RECURSIVE t(id) AS (SELECT id FROM events WHERE id = ? UNION ALL"
            + " SELECT e.id FROM events e JOIN t ON e.parent = t.id) SELECT COUNT(*) FROM t";
  }

  /** Fills trees of 5,001 events: a root, and families of eight; returns parents, roots first. */
  Filled fill(Connection db, int events, int treeEvents) throws SQLException {
    db.setAutoCommit(false);
    if (this != OUROBOROS) {
      try (Statement statement = db.createStatement()) {
        statement.execute(
            "CREATE TABLE events(id VARCHAR(128) PRIMARY KEY, parent VARCHAR(128),"
                + " root VARCHAR(128), title VARCHAR(200), created_at BIGINT)");
        for (String column : List.of("parent", "root", "title", "created_at")) {
          statement.execute("CREATE INDEX i_" + column + " ON events(" + column + ")");
        }
      }
    }
    Filled filled = new Filled(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    while (filled.all().size() < events) {
      fillTree(db, treeEvents, filled);
    }
    db.commit();
    db.setAutoCommit(true);
    return filled;
  }

  private void fillTree(Connection db, int treeEvents, Filled filled) throws SQLException {
    String root = insert(db, List.of(), "root " + filled.roots().size(), "").get(0);
    filled.roots().add(root);
    filled.all().add(root);
    List<String> open = new ArrayList<>(List.of(root));
    for (int at = 0, made = 0; made < treeEvents; at++) {
      List<String> parents = new ArrayList<>();
      for (int i = 0; i < CHILDREN && made < treeEvents; i++, made++) {
        parents.add(open.get(at));
      }
      List<String> children = insert(db, parents, "event " + filled.all().size(), root);
      if (children.size() == CHILDREN) {
        filled.families().add(open.get(at));
      }
      filled.all().addAll(children);
      open.addAll(children);
    }
    db.commit();
  }

  /** Inserts a child for each parent as one batch, or a root for none; returns the ids. */
  private List<String> insert(Connection db, List<String> parents, String title, String root)
      throws SQLException {
    boolean isRoot = parents.isEmpty();
    if (this == OUROBOROS) {
      String sql =
          isRoot
              ? "INSERT INTO roots(title) VALUES (?)"
              : "INSERT INTO events(title, parent) VALUES (?, ?)";
      try (PreparedStatement insert = db.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
        for (int i = 0; i < Math.max(1, parents.size()); i++) {
          insert.setString(1, title + "." + i);
          if (!isRoot) {
            insert.setString(2, parents.get(i));
          }
          insert.addBatch();
        }
        insert.executeBatch();
        List<String> ids = new ArrayList<>();
        try (ResultSet keys = insert.getGeneratedKeys()) {
          while (keys.next()) {
            ids.add(keys.getString(1));
          }
        }
        return ids;
      }
    }
    return insertRows(db, parents, title, root);
  }

  private static List<String> insertRows(
      Connection db, List<String> parents, String title, String root) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (PreparedStatement insert =
        db.prepareStatement("INSERT INTO events VALUES (?, ?, ?, ?, ?)")) {
      for (int i = 0; i < Math.max(1, parents.size()); i++) {
        String id =
            (UUID.randomUUID().toString()
                    + UUID.randomUUID()
                    + UUID.randomUUID()
                    + UUID.randomUUID())
                .replace("-", "");
        insert.setString(1, id);
        insert.setString(2, parents.isEmpty() ? null : parents.get(i));
        insert.setString(3, root.isEmpty() ? id : root);
        insert.setString(4, title + "." + i);
        insert.setLong(5, System.nanoTime());
        insert.addBatch();
        ids.add(id);
      }
      insert.executeBatch();
    }
    return ids;
  }

  /** The ids of what was filled in. */
  record Filled(List<String> all, List<String> roots, List<String> families) {}
}
