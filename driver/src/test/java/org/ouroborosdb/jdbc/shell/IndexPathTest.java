package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command takes a database whose index lies in another directory. */
final class IndexPathTest extends WithCommandLine {
  private String db(String name) {
    return directory.resolve(name) + ";indexPath=" + directory.resolve(name + " index");
  }

  /** The index lies where it was told to, and nowhere else. */
  private void assertApart(String name) throws IOException {
    assertTrue(hasIndex(directory.resolve(name + " index")), name);
    assertFalse(hasIndex(directory.resolve(name)), name);
  }

  private static boolean hasIndex(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.getFileName().toString().startsWith("index"));
    }
  }

  @Test
  void a_database_with_an_index_path_is_used_by_every_command() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    for (int i = 0; i < 9; i++) {
      Files.writeString(tree.resolve("file " + i), "text " + i);
    }
    String db = db("db");
    String backup = directory.resolve("backup").toString();
    succeeds("10 added", "import", db, tree.toString());
    assertApart("db");
    succeeds("9", "shell", db, "--format", "csv", "-e", "SELECT COUNT(*) FROM files;");
    succeeds("sound", "verify", db);
    succeeds("events", "stats", db);
    succeeds("", "report", db, directory.resolve("report.html").toString());
    succeeds("", "export", db, "tree", directory.resolve("exported").toString());
    assertEquals("text 3", Files.readString(directory.resolve("exported").resolve("file 3")));
    succeeds("", "compact", db);
    succeeds("", "reclaim", db);
    succeeds("", "rebuild-index", db);
    succeeds("copied (", "backup", db, "TO", backup);
    succeeds("", "restore", backup, "TO", db("restored"));
    succeeds("sound", "verify", db("restored"));
    succeeds("", "sync", db, db("restored"));
    Path segment = directory.resolve("db").resolve("segment-00000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);
    succeeds("", "repair", db, "FROM", backup);
    succeeds("sound", "verify", db);
    assertApart("db");
    assertApart("restored");
  }

  @Test
  void an_index_path_that_is_not_there_is_made_by_no_command_that_reads() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Files.writeString(tree.resolve("file"), "text");
    succeeds("2 added", "import", db("db"), tree.toString());
    Path typo = directory.resolve("typo");
    String mistyped = directory.resolve("db") + ";indexPath=" + typo.resolve("x");
    succeeds("events", "stats", mistyped);
    succeeds("events", "stats", "--full", mistyped);
    succeeds("sound", "verify", mistyped);
    succeeds("", "export", mistyped, "tree", directory.resolve("exported").toString());
    succeeds("", "report", mistyped, directory.resolve("report.html").toString());
    Path backup = directory.resolve("backup");
    succeeds("copied (", "backup", mistyped, "TO", backup.toString());
    assertFalse(Files.exists(typo));
    String missing = directory.resolve("nowhere") + ";indexPath=" + typo.resolve("x");
    for (String command : new String[] {"stats", "verify", "compact", "reclaim", "rebuild-index"}) {
      fails(1, "there is no database at", command, missing);
    }
    assertFalse(Files.exists(typo));
    succeeds("", "rebuild-index", mistyped);
    assertTrue(hasIndex(typo.resolve("x")));
  }

  @Test
  void a_repair_of_a_damaged_segment_needs_no_index_path_that_is_there() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Files.writeString(tree.resolve("file"), "text");
    succeeds("2 added", "import", db("db"), tree.toString());
    Files.writeString(tree.resolve("more"), "more");
    succeeds("1 added", "import", db("db"), tree.toString()); // its COMMIT says the rest is forced
    String backup = directory.resolve("backup").toString();
    succeeds("copied (", "backup", db("db"), "TO", backup);
    Path segment = directory.resolve("db").resolve("segment-00000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[60] ^= 1;
    Files.write(segment, bytes);
    Path typo = directory.resolve("typo");
    String mistyped = directory.resolve("db") + ";indexPath=" + typo;
    fails(1, "segment 1 is damaged at offset", "compact", mistyped);
    fails(1, "", "repair", mistyped, "FROM", directory.resolve("nowhere").toString());
    assertFalse(Files.exists(typo));
    succeeds("", "repair", mistyped, "FROM", backup);
    assertTrue(hasIndex(typo));
    succeeds("sound", "verify", db("db"));
  }

  @Test
  void an_index_inside_the_imported_tree_is_left_out() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Files.writeString(tree.resolve("file"), "text");
    String db = tree.resolve("db") + ";indexPath=" + tree.resolve("index");
    succeeds("2 added", "import", db, tree.toString());
    succeeds("0 added, 0 changed", "import", db, tree.toString());
  }

  @Test
  void a_profile_and_a_floor_of_free_space_are_taken_too() {
    String db = directory.resolve("db") + ";profile=small;minFreeBytes=" + Long.MAX_VALUE;
    fails(1, "minFreeBytes asks", "import", db, directory.toString());
    fails(2, "server or small", "verify", directory.resolve("db") + ";profile=large");
    fails(2, "whole number", "verify", directory.resolve("db") + ";minFreeBytes=-1");
    succeeds("", "shell", directory.resolve("db") + ";profile=small", "-e", "VALUES (1);");
  }

  @Test
  void a_directory_whose_name_looks_like_that_is_taken_as_it_is() throws IOException {
    Path strange = directory.resolve("a;indexPath=b");
    Files.createDirectory(strange);
    succeeds("", "shell", strange.toString(), "-e", "INSERT INTO roots(title) VALUES ('a');");
    assertTrue(Files.exists(strange.resolve("FORMAT")));
    assertFalse(Files.exists(directory.resolve("a")));
  }
}
