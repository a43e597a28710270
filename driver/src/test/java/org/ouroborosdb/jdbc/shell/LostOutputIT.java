package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a command prints may find no room, or nobody who reads it. */
class LostOutputIT {
  private static final Path FULL = Path.of("/dev/full");
  private static final String MANY =
      "SELECT a.column_name FROM information_schema.columns a, information_schema.columns b";

  @TempDir private Path directory;

  private ProcessBuilder command(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      Path jar =
          files
              .filter(file -> file.getFileName().toString().matches("ouroboros-jdbc-[0-9.]+\\.jar"))
              .findFirst()
              .orElseThrow();
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
    }
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(errors());
  }

  private File errors() {
    return directory.resolve("err").toFile();
  }

  private String[] shell(String sql) {
    return new String[] {"shell", directory.resolve("db").toString(), "--format", "csv", "-e", sql};
  }

  @Test
  void a_command_whose_output_finds_no_room_fails_and_says_so() throws Exception {
    assumeTrue(Files.exists(FULL), "there is no full device here");
    for (String[] arguments : List.of(shell("SELECT 1"), shell(MANY), new String[] {"help"})) {
      Process process = command(arguments).redirectOutput(FULL.toFile()).start();
      assertEquals(Main.FAILED, process.waitFor());
      String said = Files.readString(errors().toPath(), StandardCharsets.UTF_8);
      assertTrue(said.startsWith("the output could not be written"), said);
      assertEquals(1, said.lines().count(), said);
    }
  }

  @Test
  void a_reader_that_has_read_enough_is_no_failure() throws Exception {
    Process process = command(shell(MANY)).start();
    try (InputStream out = process.getInputStream()) {
      assertEquals("column_name\n", new String(out.readNBytes(12), StandardCharsets.UTF_8));
    }
    assertEquals(0, process.waitFor());
    assertEquals("", Files.readString(errors().toPath(), StandardCharsets.UTF_8));
  }
}
