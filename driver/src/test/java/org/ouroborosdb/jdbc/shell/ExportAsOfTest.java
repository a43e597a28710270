package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export --as-of} writes a tree as it was. */
final class ExportAsOfTest {
  @TempDir private Path directory;
  private Path db;
  private long seq;
  private long level;
  private final StringWriter said = new StringWriter();

  /** Imports a tree, and again when a file was changed, one removed and one added. */
  @BeforeEach
  void importTwice() throws Exception {
    db = directory.resolve("db");
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Files.writeString(tree.resolve("changed"), "before");
    Files.writeString(tree.resolve("removed"), "was here");
    assertEquals(0, run("import", db.toString(), tree.toString()));
    seq = number("SELECT MAX(seq) FROM events");
    level = number("SELECT MAX(level) FROM events");
    Files.writeString(tree.resolve("changed"), "afterwards");
    Files.delete(tree.resolve("removed"));
    Files.writeString(tree.resolve("added"), "is here");
    assertEquals(0, run("import", db.toString(), tree.toString()));
  }

  private long number(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:ouroboros:" + db);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      assertTrue(result.next());
      return result.getLong(1);
    }
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(said), new PrintWriter(said), arguments);
  }

  private Path exported(String moment) {
    Path target = directory.resolve(moment.replaceAll("\\W", "-"));
    int status = run("export", "--as-of", moment, db.toString(), "tree", target.toString());
    assertEquals(0, status, said::toString);
    return target;
  }

  @Test
  void a_seq_and_a_level_give_the_tree_as_it_was() throws IOException {
    for (String moment : new String[] {"seq(" + seq + ")", "level(" + level + ")"}) {
      Path then = exported(moment);
      assertEquals("before", Files.readString(then.resolve("changed")));
      assertEquals("was here", Files.readString(then.resolve("removed")));
      assertFalse(Files.exists(then.resolve("added")));
    }
  }

  @Test
  void a_time_to_come_gives_the_tree_as_it_is() throws IOException {
    Path now = exported("2200-01-01T00:00:00+02:00");
    assertEquals("afterwards", Files.readString(now.resolve("changed")));
    assertFalse(Files.exists(now.resolve("removed")));
    assertEquals("is here", Files.readString(now.resolve("added")));
  }

  @Test
  void before_everything_there_is_no_tree() {
    String target = directory.resolve("none").toString();
    String longAgo = "1999-12-31T23:59:59.5Z";
    assertEquals(1, run("export", "--as-of", longAgo, db.toString(), "tree", target));
    assertTrue(said.toString().contains("no root the title"), said::toString);
  }

  @Test
  void what_is_no_moment_is_refused() {
    String target = directory.resolve("none").toString();
    for (String text : new String[] {"yesterday", "seq(-1)", "level(99999999999999999999)", "9"}) {
      assertEquals(2, run("export", "--as-of", text, db.toString(), "tree", target));
      assertTrue(said.toString().contains("'" + text + "' is no moment"), said::toString);
    }
    assertFalse(Files.exists(Path.of(target)));
  }
}
