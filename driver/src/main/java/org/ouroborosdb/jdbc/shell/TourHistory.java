package org.ouroborosdb.jdbc.shell;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** The tour's steps through time: files and keys as they were. */
final class TourHistory {
  private final TourSteps steps;
  private final Connection db;

  TourHistory(TourSteps steps, Connection db) {
    this.steps = steps;
    this.db = db;
  }

  /** Changes a file of one version, and a key; then looks back. */
  void run(String file) throws SQLException {
    readAsOfBefore(file);
    keyWithHistory();
  }

  private void readAsOfBefore(String file) throws SQLException {
    String first = level(file);
    change(file, "Nothing here is ever lost.\n");
    String second = level(file);
    change(file, "Each change appends a version.\n");
    List<List<String>> versions =
        steps.show(
            db,
            "Its versions: an UPDATE appends one",
            "SELECT version, type, length, is_winner FROM file_versions WHERE id = ? ORDER BY level",
            file);
    steps.expect("three versions, the last is current", versions.size() == 3);
    steps.expect("the last is current", "true".equals(versions.get(2).get(3)));
    String asOf = "SELECT length, version FROM files FOR SYSTEM_TIME AS OF level(?) WHERE id = ?";
    List<List<String>> before =
        steps.show(db, "The file as it was", asOf, Long.valueOf(second), file);
    steps.expect("the second version then", before.equals(row(versions.get(1), 2, 0)));
    List<List<String>> both =
        steps.show(
            db,
            "Then and now, joined",
            "SELECT past.length AS length_then, cur.length AS length_now FROM files AS cur"
                + " JOIN files FOR SYSTEM_TIME AS OF level(?) AS past ON past.id = cur.id"
                + " WHERE cur.id = ?",
            Long.valueOf(first),
            file);
    steps.expect(
        "the first length and the last",
        both.equals(List.of(List.of(versions.get(0).get(2), versions.get(2).get(2)))));
  }

  private static List<List<String>> row(List<String> from, int first, int second) {
    return List.of(List.of(from.get(first), from.get(second)));
  }

  private String level(String file) throws SQLException {
    return steps.value(db, "SELECT level FROM files WHERE id = ?", file);
  }

  private void change(String file, String text) throws SQLException {
    steps.update(
        db,
        "The file is changed",
        "UPDATE files SET content = ? WHERE id = ?",
        text.getBytes(StandardCharsets.UTF_8),
        file);
  }

  private void keyWithHistory() throws SQLException {
    String put = "UPSERT INTO kv(key, metadata) VALUES (?, ?)";
    steps.update(db, "A key gets a value", put, "tour/colour", "\"red\"");
    steps.update(db, "And another", put, "tour/colour", "\"green\"");
    steps.update(db, "And is removed", "DELETE FROM kv WHERE key = ?", "tour/colour");
    steps.expect(
        "the key has no value",
        steps
            .show(
                db,
                "It has no value now",
                "SELECT key, metadata FROM kv WHERE key = ?",
                "tour/colour")
            .isEmpty());
    List<List<String>> history =
        steps.show(
            db,
            "But its history",
            "SELECT type, metadata, is_current FROM kv_history WHERE key = ? ORDER BY level",
            "tour/colour");
    steps.expect(
        "two values and a removal",
        history.equals(
            List.of(
                List.of("NORMAL", "\"red\"", "false"),
                List.of("OVERWRITE", "\"green\"", "false"),
                List.of("REMOVE", "null", "false"))));
  }
}
