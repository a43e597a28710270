package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The commands that keep a database: copies, repair, the index, and what takes the space. */
final class ToolsTest extends WithCommandLine {
  private static final int SEGMENT_HEADER_BYTES = 32;

  private String backup = "";

  @BeforeEach
  void fill() throws IOException {
    backup = directory.resolve("backup").toString();
    Path tree = Files.createDirectories(directory.resolve("tree"));
    for (int i = 0; i < 20; i++) {
      Files.writeString(tree.resolve("file" + i), "content " + i);
    }
    succeeds("21 added", "import", db, tree.toString());
  }

  private void damage() throws IOException {
    Path segment = Path.of(db, "segment-00000001.log");
    try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
      file.seek(SEGMENT_HEADER_BYTES + 200);
      file.write(new byte[40]);
    }
  }

  @Test
  void the_tour_joins_a_conflict_of_two_databases() {
    String made = directory.resolve("tour").toString();
    succeeds("== Both are kept", "tour", "--db", made, directory.resolve("tree").toString());
    fails(1, "holds a database already", "tour", "--db", made, db);
  }

  @Test
  void sync_gives_each_database_what_the_other_has() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("other"));
    Files.writeString(tree.resolve("only there"), "there");
    String other = directory.resolve("other-db").toString();
    succeeds("2 added", "import", other, tree.toString());
    succeeds("time is up", "sync", db, other, "--seconds", "0");
    succeeds("both show the same", "sync", db, other);
    assertTrue(out.toString().contains("21 events"), out::toString);
    succeeds("got 0 events", "sync", db, other);
    succeeds("23 events", "verify", db);
    succeeds("23 events", "verify", other);
    fails(1, "there is no database", "sync", db, directory.resolve("none").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TO", "to", ""})
  void a_backup_is_made_brought_up_to_date_and_restored(String to) {
    String[] first = to.isEmpty() ? new String[] {db, backup} : new String[] {db, to, backup};
    String[] command = new String[first.length + 1];
    command[0] = "backup";
    System.arraycopy(first, 0, command, 1, first.length);
    succeeds("1 of 1 segment copied", command);
    assertTrue(out.toString().contains("ouroboros restore " + backup + " TO"), out::toString);
    succeeds("1 added", "import", db, grown().toString());
    succeeds("the backup has 23 events", command);
    succeeds("23 events", "verify", backup);
    String again = directory.resolve("again").toString();
    succeeds("23 events in 1 segment", "restore", backup, "TO", again);
    succeeds("sound", "verify", again);
    fails(1, "holds a database already", "restore", backup, again);
  }

  private Path grown() {
    try {
      Files.writeString(directory.resolve("tree/more"), "more");
      return directory.resolve("tree");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void two_paths_are_needed() {
    fails(2, "with TO between them", "backup", db);
    fails(2, "with TO between them", "backup", db, "INTO", backup);
    fails(2, "with FROM between them", "repair", db, "TO", backup);
    fails(2, "Two paths are needed", "restore", backup, "TO", db, "x");
    fails(1, "there is no database at " + backup, "restore", backup, "TO", db + "2");
    fails(1, "there is no database at " + backup, "backup", backup, "TO", db + "2");
    fails(1, "restore makes one", "repair", backup, "FROM", db);
    assertFalse(Files.exists(Path.of(backup)));
  }

  @Test
  void damage_is_named_and_mended_from_a_backup() throws IOException {
    succeeds("copied", "backup", db, "TO", backup);
    damage();
    fails(1, "", "verify", db);
    assertTrue(out.toString().contains("ouroboros repair " + db + " FROM BACKUP"), out::toString);
    fails(1, "damaged at offset", "backup", db, "TO", db + "2");
    succeeds("put back", "repair", db, "FROM", backup);
    assertTrue(out.toString().contains("ouroboros verify " + db), out::toString);
    succeeds("sound", "verify", db);
    succeeds("0 records (0 B) put back, 0 segments", "repair", db, backup);
  }

  @Test
  void a_backup_with_the_same_damage_mends_nothing() throws IOException {
    succeeds("copied", "backup", db, "TO", backup);
    damage();
    Files.copy(
        Path.of(db, "segment-00000001.log"),
        Path.of(backup, "segment-00000001.log"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    fails(1, "", "repair", db, "FROM", backup);
    assertTrue(out.toString().contains("try another one"), out::toString);
    assertTrue(out.toString().contains("still damaged: "), out::toString);
    fails(1, "no copy of this database", "repair", other(), "FROM", backup);
  }

  private String other() {
    String other = db + "-other";
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(Path.of(other)))) {
      store.append(NewEvent.root("r").build());
    }
    return other;
  }

  @Test
  void the_index_is_compacted_and_rebuilt() {
    succeeds("index compacted to ", "compact", db);
    succeeds("0 B freed", "compact", db);
    succeeds("0 events expired; 0 segments rewritten, 0 B freed", "reclaim", db);
    succeeds("index of 21 events rebuilt", "rebuild-index", db);
    fails(1, "there is no database at " + backup, "compact", backup);
    fails(1, "there is no database at " + backup, "rebuild-index", backup);
    succeeds("sound", "verify", "--quick", db);
  }

  @Test
  void full_statistics_say_what_takes_the_space() {
    succeeds("events       21", "stats", db);
    assertFalse(out.toString().contains("segment header"), out::toString);
    succeeds("segment header", "stats", db, "--full");
    assertTrue(out.toString().matches("(?s).*\n  event +21 .*"), out::toString);
    assertTrue(out.toString().matches("(?s).*\n  index +[0-9,]+ .*"), out::toString);
  }

  @Test
  void contents_that_nothing_refers_to_are_no_share_of_what_is_referred_to() {
    succeeds("unique ", "stats", db);
    assertTrue(
        out.toString().matches("(?s).*unique +[0-9,.]+ [KMGi]*B \\([0-9.]+ %\\).*"), out::toString);
    assertFalse(out.toString().contains("unused"), out::toString);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(Path.of(db)))) {
      byte[] noise = new byte[200_000];
      new java.util.Random(5).nextBytes(noise);
      store.put(noise);
    }
    succeeds("unused       at least 19", "stats", db);
    assertFalse(out.toString().contains("%"), out::toString);
  }

  @Test
  void an_empty_title_is_a_mistake_that_makes_no_database() {
    String none = directory.resolve("none").toString();
    fails(2, "the title is empty", "import", "--title", "", none, directory.toString());
    assertFalse(Files.exists(Path.of(none)));
  }

  @Test
  void a_database_in_use_is_read_and_copied_and_not_changed() {
    try (EventStore writer = EmbeddedEventStore.open(StoreOptions.at(Path.of(db)))) {
      writer.append(NewEvent.root("new").build());
      succeeds("sound", "verify", db);
      succeeds("events       22 (2 roots)", "stats", "--full", db);
      succeeds("the backup has 22 events", "backup", db, "TO", backup);
      fails(1, "[LOCKED]", "compact", db);
      fails(1, "[LOCKED]", "rebuild-index", db);
      fails(1, "[LOCKED]", "repair", db, "FROM", backup);
    }
  }

  @Test
  void help_lists_every_command_and_explains_one() {
    for (String command :
        new String[] {
          "shell",
          "import",
          "export",
          "verify",
          "stats",
          "report",
          "backup",
          "restore",
          "repair",
          "compact",
          "reclaim",
          "rebuild-index",
          "tour"
        }) {
      succeeds("\n  " + command, "help");
      succeeds("Usage: ouroboros " + command, "help", command);
    }
    fails(2, "There is no command 'bogus'", "help", "bogus");
  }
}
