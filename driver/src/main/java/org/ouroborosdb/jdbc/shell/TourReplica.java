package org.ouroborosdb.jdbc.shell;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** The tour's steps with a second database: one file changed in both, and the conflict joined. */
final class TourReplica {
  private static final String CHANGE = "UPDATE files SET content = ? WHERE id = ?";
  private static final String HEADS =
      "SELECT head, is_winner, heads, content_length FROM conflicts WHERE base = ? ORDER BY level";

  private final TourSteps steps;
  private final Connection db;
  private final Path replica;

  /** Takes the database, and where the other one is to be made. */
  TourReplica(TourSteps steps, Connection db, Path replica) {
    this.steps = steps;
    this.db = db;
    this.replica = replica;
  }

  /** Lets both go apart at a file, merges them, and joins what they say of it. */
  void run(String file) throws SQLException {
    open().close(); // which makes it
    sync("A second, empty database takes everything: a replica");
    update(db, "The file is changed here", "Changed in the first database.\n", file);
    try (Connection other = open()) {
      update(other, "And in the other one, which does not know", "Changed in the other.\n", file);
    }
    List<List<String>> merged = sync("Merged again: only what is new moves");
    steps.expect("one event each way", merged.stream().allMatch(row -> row.get(1).equals("1")));
    List<List<String>> heads =
        steps.show(db, "Both are kept: a conflict that anybody can see", HEADS, file);
    steps.expect("two heads", heads.size() == 2);
    steps.update(
        db,
        "An UPDATE that names the heads joins them",
        "UPDATE files SET replaces = 'winner' WHERE id = ?",
        file);
    sync("The other one gets that too");
    try (Connection other = open()) {
      steps.expect(
          "no conflict is left",
          steps.show(other, "No conflict is left there", "SELECT head FROM conflicts").isEmpty());
      String current = "SELECT version FROM files WHERE id = ?";
      steps.expect(
          "both have one current version",
          steps.value(other, current, file).equals(steps.value(db, current, file)));
    }
    steps.expect(
        "all is sound", steps.show(db, "A procedure reads all", "CALL verify()").isEmpty());
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(Database.url(replica));
  }

  private void update(Connection in, String heading, String text, String file) throws SQLException {
    steps.update(in, heading, CHANGE, text.getBytes(StandardCharsets.UTF_8), file);
  }

  private List<List<String>> sync(String heading) throws SQLException {
    List<List<String>> rows = steps.show(db, heading, "CALL sync(?)", replica.toString());
    steps.expect(
        "both show the same",
        rows.size() == 2 && rows.stream().allMatch(r -> r.get(6).equals("true")));
    return rows;
  }
}
