package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/** The statements of the tour over JDBC: each is shown, run, and held against what it must give. */
final class TourSteps {
  private static final int MOST_ROWS = 8;

  private final PrintWriter out;
  private int failures;

  TourSteps(PrintWriter out) {
    this.out = out;
  }

  /** Returns how many steps did not give what they must. */
  int failures() {
    return failures;
  }

  /** Says what must hold, and notes a failure if it does not. */
  void expect(String what, boolean holds) {
    if (!holds) {
      failures++;
      out.println("  NOT AS EXPECTED: " + what);
    }
  }

  /** Runs all the steps over the root with a title, and makes a replica. */
  void run(Connection db, String title, Path replica) throws SQLException {
    String root = readTheTree(db, title);
    askAboutIt(db, root);
    String file = write(db);
    new TourHistory(this, db).run(file);
    new TourReplica(this, db, replica).run(file);
  }

  private String readTheTree(Connection db, String title) throws SQLException {
    List<List<String>> roots =
        show(db, "The roots", "SELECT id, title, created_at FROM roots WHERE title = ?", title);
    expect("one root", roots.size() == 1);
    String root = roots.isEmpty() ? "" : roots.get(0).get(0);
    expect(
        "the top of the tree is listed",
        !show(
                db,
                "What lies at the top: an index look-up by parent",
                "SELECT child_index, title, content_length FROM children"
                    + " WHERE parent = ? ORDER BY title LIMIT 8",
                root)
            .isEmpty());
    expect(
        "the tree has files",
        !show(
                db,
                "The biggest files",
                "SELECT path, length FROM files WHERE root = ? ORDER BY length DESC LIMIT 5",
                root)
            .isEmpty());
    return root;
  }

  private void askAboutIt(Connection db, String root) throws SQLException {
    List<List<String>> types =
        show(
            db,
            "The whole subtree by type",
            "SELECT type, COUNT(*) AS events, SUM(content_length) AS bytes"
                + " FROM TABLE(subtree(?)) GROUP BY type ORDER BY type",
            root);
    expect("a root and what hangs under it", types.size() >= 2);
    expect(
        "directories have children",
        !show(
                db,
                "Directories with the most entries: events joined to children",
                "SELECT e.title, COUNT(*) AS entries FROM events e JOIN children c"
                    + " ON c.parent = e.id WHERE e.root = ? GROUP BY e.id, e.title"
                    + " ORDER BY entries DESC, e.title LIMIT 5",
                root)
            .isEmpty());
    List<List<String>> depths =
        show(
            db,
            "How deep it goes: a recursive query",
            "WITH RECURSIVE below(id, level_below) AS (SELECT id, 0 FROM roots WHERE id = ?"
                + " UNION ALL SELECT c.child, b.level_below + 1 FROM below b"
                + " JOIN children c ON c.parent = b.id)"
                + " SELECT level_below, COUNT(*) AS events FROM below"
                + " GROUP BY level_below ORDER BY level_below",
            root);
    expect("the recursion reaches the children", depths.size() >= 2);
    expect(
        "the last hour holds the import",
        !show(
                db,
                "What came in the last hour: a range over time",
                "SELECT COUNT(*) AS events, MIN(created_at) AS since FROM events"
                    + " WHERE created_at > CURRENT_TIMESTAMP - INTERVAL '1' HOUR")
            .get(0)
            .get(0)
            .equals("0"));
    expect(
        "chunks are stored",
        !show(
                db,
                "How chunks are stored",
                "SELECT codec, COUNT(*) AS chunks, SUM(length) AS bytes,"
                    + " SUM(stored_length) AS stored FROM chunks GROUP BY codec ORDER BY codec")
            .isEmpty());
  }

  private String write(Connection db) throws SQLException {
    String root =
        insert(
            db,
            "A new root; its id comes back as a generated key",
            "INSERT INTO roots(title, metadata) VALUES (?, ?)",
            "notes",
            "{\"kind\":\"notes\"}");
    String event =
        insert(
            db,
            "An event with tags under it",
            "INSERT INTO events(parent, title, tags) VALUES (?, ?, ARRAY['first', 'tour'])",
            root,
            "monday");
    byte[] text = "Nothing here is ever overwritten.\n".getBytes(StandardCharsets.UTF_8);
    String file =
        insert(
            db,
            "A file under the event",
            "INSERT INTO files(parent, name, media_type, content) VALUES (?, ?, ?, ?)",
            event,
            "note.txt",
            "text/plain",
            text);
    expect(
        "the tag finds the event",
        show(db, "Found by its tag", "SELECT event, tag FROM event_tags WHERE tag = ?", "tour")
            .stream()
            .anyMatch(row -> row.get(0).equals(event)));
    List<List<String>> paths =
        show(
            db,
            "The file as a row",
            "SELECT path, length, media_type FROM files WHERE id = ?",
            file);
    expect(
        "the file's path",
        paths.equals(List.of(List.of("monday/note.txt", text.length + "", "text/plain"))));
    expect("the file's bytes", Arrays.equals(text, content(db, file)));
    refused(db, event);
    return file;
  }

  /** Runs a statement that must change one row. */
  void update(Connection db, String heading, String sql, Object... values) throws SQLException {
    heading(heading, sql);
    try (PreparedStatement update = db.prepareStatement(sql)) {
      bind(update, values);
      int count = update.executeUpdate();
      expect("one row", count == 1);
      out.println("  " + count + " row");
    }
  }

  /** Returns the only value of a query that is not shown; empty if there is none. */
  String value(Connection db, String sql, Object... values) throws SQLException {
    try (PreparedStatement query = db.prepareStatement(sql)) {
      bind(query, values);
      try (ResultSet rows = query.executeQuery()) {
        boolean found = rows.next();
        expect("one row", found);
        return found ? rows.getString(1) : "";
      }
    }
  }

  private String insert(Connection db, String heading, String sql, Object... values)
      throws SQLException {
    heading(heading, sql);
    try (PreparedStatement insert = db.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
      bind(insert, values);
      int count = insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        expect("one row with a key", count == 1 && keys.next());
        String id = keys.getString(1);
        out.println("  " + count + " row, generated key " + shortened(id));
        return id;
      }
    }
  }

  private byte[] content(Connection db, String file) throws SQLException {
    String sql = "SELECT content FROM files WHERE id = ?";
    heading("And its bytes, verified as they are read", sql);
    try (PreparedStatement query = db.prepareStatement(sql)) {
      query.setString(1, file);
      try (ResultSet rows = query.executeQuery()) {
        expect("one row", rows.next());
        byte[] bytes = rows.getBytes(1);
        out.println("  " + new String(bytes, StandardCharsets.UTF_8).strip());
        return bytes;
      }
    }
  }

  private void refused(Connection db, String event) {
    String sql = "UPDATE events SET title = 'tuesday' WHERE id = '" + event + "'";
    heading("What is written stays as it is", "UPDATE events SET title = 'tuesday' WHERE id = ...");
    try (Statement statement = db.createStatement()) {
      statement.executeUpdate(sql);
      expect("the UPDATE is refused", false);
    } catch (SQLException e) {
      out.println("  refused [" + e.getSQLState() + "]: " + e.getMessage());
      expect("SQLSTATE 25006", "25006".equals(e.getSQLState()));
    }
  }

  List<List<String>> show(Connection db, String heading, String sql, Object... values)
      throws SQLException {
    heading(heading, sql);
    try (PreparedStatement query = db.prepareStatement(sql)) {
      bind(query, values);
      try (ResultSet rows = query.executeQuery()) {
        return TourTable.print(rows, MOST_ROWS, out);
      }
    }
  }

  private static void bind(PreparedStatement statement, Object... values) throws SQLException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else {
        statement.setObject(i + 1, values[i]);
      }
    }
  }

  private void heading(String heading, String sql) {
    out.println();
    out.println("== " + heading);
    out.println("  " + sql + ";");
  }

  /** Returns the start of an id, which is enough for the eye. */
  static String shortened(String text) {
    return text.matches("[0-9a-f]{128}") ? text.substring(0, 12) + "..." : text;
  }
}
