package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** What a newcomer may get wrong is told in the words of the command line, and changes nothing. */
final class MistakesTest extends WithCommandLine {
  @BeforeEach
  void make() {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(Path.of(db)))) {
      store.append(NewEvent.root("r").build());
    }
  }

  private void onlyTheDatabaseIsThere() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals("[db]", files.map(Path::getFileName).toList().toString());
    }
  }

  @Test
  void an_empty_path_is_not_the_directory_where_the_user_is() throws IOException {
    for (String command : List.of("import", "backup", "restore", "repair", "sync", "report")) {
      fails(2, "the path is empty", command, db, "");
    }
    fails(2, "the path is empty", "import", "", directory.toString());
    fails(2, "the path is empty", "export", db, "r", "");
    fails(2, "the path is empty", "shell", "");
    fails(2, "indexPath takes a directory, and not ''", "stats", db + ";indexPath=");
    onlyTheDatabaseIsThere();
  }

  @Test
  void a_report_replaces_pages_only_and_no_file_of_the_database() throws IOException {
    Path file = Files.writeString(directory.resolve("precious.txt"), "hello");
    fails(1, "is no page", "report", db, file.toString());
    assertEquals("hello", Files.readString(file));
    byte[] format = Files.readAllBytes(Path.of(db, "FORMAT"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of(db));
    for (Path inside : List.of(Path.of(db, "FORMAT"), link.resolve("new.html"))) {
      fails(1, "would lie in the database", "report", db, inside.toString());
    }
    assertEquals(0, Arrays.compare(format, Files.readAllBytes(Path.of(db, "FORMAT"))));
    String page = Files.createFile(directory.resolve("page.html")).toString();
    succeeds("report written", "report", db, page);
    succeeds("report written", "report", db, page);
  }

  @Test
  void a_database_is_no_backup_of_itself() throws IOException {
    fails(1, "is no copy of itself", "backup", db, "TO", db);
    fails(1, "would be lost with", "backup", db, "TO", db + "/backup");
    fails(1, "cannot mend itself", "repair", db, "FROM", db);
    fails(2, "a directory alone", "backup", db, "TO", directory + "/backup;profile=small");
    fails(2, "not its URL", "backup", db, "TO", "jdbc:ouroboros:" + directory + "/backup");
    Path other = Files.createDirectories(directory.resolve("other"));
    Files.createFile(other.resolve("readme"));
    fails(1, "holds other files (readme)", "repair", other.toString(), "FROM", db);
    try (Stream<Path> files = Files.list(other)) {
      assertEquals(List.of(other.resolve("readme")), files.toList());
    }
    Files.delete(other.resolve("readme"));
    Files.delete(other);
    onlyTheDatabaseIsThere();
  }

  @Test
  void the_shell_opens_a_directory_whose_name_looks_like_a_setting() {
    String odd = directory.resolve("odd ?create=no&readonly=true ").toString();
    succeeds("1 row", "shell", odd, "-e", "INSERT INTO roots(title) VALUES ('here')");
    succeeds("events       1", "stats", odd);
  }

  @Test
  void a_database_is_read_by_the_shell_beside_its_writer() throws IOException {
    String reading = db + ";readonly=true";
    try (EventStore writer = EmbeddedEventStore.open(StoreOptions.at(Path.of(db)))) {
      writer.append(NewEvent.root("new").build());
      fails(1, "readonly=true", "shell", db, "-e", "SELECT 1");
      fails(1, "give a lockTimeout to wait", "compact", db + ";lockTimeout=1");
      succeeds(
          "\nnew\nr\n",
          "shell",
          reading,
          "--format",
          "csv",
          "-e",
          "SELECT title FROM roots ORDER BY 1");
      fails(1, "25006", "shell", reading, "-e", "INSERT INTO roots(title) VALUES ('x')");
      succeeds("0 files", "export", db, "r", directory.resolve("out").toString());
    }
    Files.delete(directory.resolve("out"));
    onlyTheDatabaseIsThere();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shell", "import", "stats", "verify"})
  void a_setting_that_commands_do_not_take_makes_no_directory(String command) throws IOException {
    String[] rest = command.equals("import") ? new String[] {"import", "", db} : new String[2];
    rest[0] = command;
    rest[1] = db + ";nonsense=1";
    fails(2, "'nonsense' is no setting of a command; there are indexPath, lockTimeout", rest);
    rest[1] = db + ";profile=small;readonly=perhaps";
    fails(2, "readonly takes true or false, and not 'perhaps'", rest);
    rest[1] = db + ";lockTimeout=-1";
    fails(2, "lockTimeout takes a whole number from 0, and not '-1'", rest);
    rest[1] = "jdbc:ouroboros:" + db;
    fails(2, "commands take the database's directory, and not its URL", rest);
    onlyTheDatabaseIsThere();
  }

  @Test
  void names_that_would_steer_a_terminal_are_shown_without_what_steers() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    String title = "a\u001b[31m\nroot b\u202e";
    succeeds("'a?[31m?root b?'", "import", db, tree.toString(), "--title", title);
    String out = directory.resolve("out").toString();
    fails(1, "the title, 'x?[31m'", "export", db, "x\u001b[31m", out);
    succeeds("0 files, 1 directory, 0 links", "export", db, title, out);
    succeeds("a?[31m?root b?", "shell", db, "-e", "SELECT title FROM roots");
    Files.delete(tree);
    Files.delete(Path.of(out));
    onlyTheDatabaseIsThere();
  }

  @Test
  void a_directory_with_such_a_name_is_taken_as_it_is() throws IOException {
    Path odd = Files.move(Path.of(db), directory.resolve("a;nonsense=1"));
    succeeds("events       1 (1 root)", "stats", odd.toString());
  }

  @Test
  void what_is_no_place_for_a_report_is_named() throws IOException {
    Path page = directory.resolve("none/page.html");
    fails(1, "there is no directory " + page.getParent(), "report", db, page.toString());
    fails(1, db + " is a directory; name a file", "report", db, db);
    String none = directory.resolve("none").toString();
    fails(1, "there is no database at " + none + "; import and shell make one", "report", none);
    onlyTheDatabaseIsThere();
  }

  @Test
  void numbers_out_of_range_are_named_with_their_option() {
    fails(2, "--dead is 500, and not 0 to 100", "reclaim", "--dead=500", db);
    fails(2, "--rate is -1, and not 0 or more", "reclaim", "--rate=-1", db);
    fails(2, "--seconds is -1, and not 0 or more", "sync", "--seconds=-1", db, db + "2");
  }

  @Test
  void a_database_is_not_merged_with_itself() {
    fails(1, "are the same database", "sync", db, directory.resolve("./db").toString());
  }

  @Test
  void a_root_that_was_not_there_yet_is_not_called_unknown() {
    String target = directory.resolve("out").toString();
    String then = "--as-of=2020-01-01T00:00:00Z";
    fails(
        1, "no root the title, 'r', as of then; it is there now", "export", db, "r", target, then);
    fails(1, "no root the title, 'x'", "export", db, "x", target, then);
  }

  @Test
  void a_directory_is_no_script() {
    fails(1, db + " is a directory; --run takes a file", "shell", db, "--run", db);
  }

  @Test
  void the_list_of_commands_says_whole_sentences() {
    assertEquals(0, run("--help"));
    String commands = out.toString().substring(out.toString().indexOf("Commands:\n") + 10);
    for (String command : commands.split("\n  (?=[a-z])", -1)) {
      assertTrue(command.strip().endsWith("."), command);
    }
    assertFalse(commands.isEmpty());
  }
}
