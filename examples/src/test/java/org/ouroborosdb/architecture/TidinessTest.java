package org.ouroborosdb.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The size and naming of source files. */
class TidinessTest {
  private static final int MOST_LINES = 600;
  private static final int FEWEST_FILES = 100; // fewer would mean that the wrong place was searched
  private static final Set<String> NAMES_OF_NOTHING =
      Set.of("util", "utils", "common", "helper", "helpers", "impl", "misc");

  @Test
  void no_file_is_longer_than_600_lines() throws IOException {
    List<String> longer = new ArrayList<>();
    for (Path source : sources()) {
      int lines = Files.readAllLines(source).size();
      if (lines > MOST_LINES) {
        longer.add(source + " has " + lines + " lines");
      }
    }
    assertEquals(List.of(), longer);
  }

  @Test
  void no_package_is_named_after_nothing() throws IOException {
    List<Path> vague =
        sources().stream()
            .map(Path::getParent)
            .distinct()
            .filter(folder -> NAMES_OF_NOTHING.contains(folder.getFileName().toString()))
            .toList();
    assertEquals(List.of(), vague);
  }

  @Test
  void nothing_is_left_to_do() throws IOException {
    List<Path> unfinished = new ArrayList<>();
    for (Path source : sources()) {
      String text = Files.readString(source);
      if (Stream.of("TO" + "DO", "FIX" + "ME", "XX" + "X ").anyMatch(text::contains)) {
        unfinished.add(source);
      }
    }
    assertEquals(List.of(), unfinished);
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("store", "calcite-adapter", "sql", "driver", "examples")) {
      try (Stream<Path> files = Files.walk(Path.of("..", module, "src"))) {
        files
            .filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".java"))
            .forEach(sources::add);
      }
    }
    assertTrue(sources.size() >= FEWEST_FILES, "only " + sources.size() + " sources found");
    return sources;
  }
}
