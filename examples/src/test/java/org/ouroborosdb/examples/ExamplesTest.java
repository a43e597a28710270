package org.ouroborosdb.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example runs and prints what it says. */
class ExamplesTest {
  @TempDir private Path directory;

  /** A program with a main method. */
  @FunctionalInterface
  private interface Program {
    void run(String[] arguments) throws Exception;
  }

  private static String output(Program program, Path... arguments) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      String[] texts = new String[arguments.length];
      for (int i = 0; i < texts.length; i++) {
        texts[i] = arguments[i].toString();
      }
      program.run(texts);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void the_quickstart_prints_both_versions() throws Exception {
    assertEquals(
        "NORMAL: Dear all,\nOVERWRITE: Dear all, hello!\n",
        output(Quickstart::main, directory.resolve("db")).replace("\r", ""));
  }

  @Test
  void keys_keep_their_values_and_the_second_of_two_puts_is_told() throws Exception {
    assertEquals(
        "another put came first\nlamp/door = off\nlamp/hall = on\nlamp/hall had 2 values\n",
        output(KeysAndValues::main, directory.resolve("db")).replace("\r", ""));
  }

  @Test
  void files_with_the_same_bytes_share_a_chunk() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Files.writeString(folder.resolve("a.txt"), "the same");
    Files.writeString(folder.resolve("b.txt"), "the same");
    Files.writeString(folder.resolve("c.txt"), "another");
    assertEquals(
        "[2, a.txt] share a chunk\n",
        output(StoreAFolder::main, directory.resolve("db"), folder).replace("\r", ""));
  }

  @Test
  void writers_and_readers_share_a_pool() throws Exception {
    assertEquals(
        "200 events under one root\n",
        output(HikariPool::main, directory.resolve("db")).replace("\r", ""));
  }

  @Test
  void nothing_acknowledged_is_lost_in_a_crash() throws Exception {
    for (int run = 1; run <= 2; run++) { // the second finds the first one's database
      String output = output(SurviveACrash::main, directory.resolve("db"));
      assertTrue(output.contains("before the kill, 0 lost"), output);
      assertFalse(output.startsWith("0 "), output);
    }
  }
}
