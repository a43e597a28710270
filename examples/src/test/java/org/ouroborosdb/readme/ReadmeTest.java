package org.ouroborosdb.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README as it stands: its SQL through the driver, then its Java program. */
final class ReadmeTest {
  private static final Path PROJECT = Path.of("..");

  @TempDir private Path directory;

  private static List<String> blocks(String language) throws IOException {
    String readme = Files.readString(PROJECT.resolve("README.md"));
    Matcher fences = Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$").matcher(readme);
    List<String> blocks = fences.results().map(fence -> fence.group(1)).toList();
    assertFalse(blocks.isEmpty(), "the README has no block of " + language);
    return blocks;
  }

  @Test
  void its_sql_and_then_its_java_do_what_they_say() throws Exception {
    for (String block : blocks("sql")) {
      runSql(block);
    }
    for (String block : blocks("java")) {
      assertTrue(runJava(block).matches("stored as [0-9a-f]{128}\\R"));
    }
  }

  private void runSql(String block) throws Exception {
    try (Connection db =
            DriverManager.getConnection("jdbc:ouroboros:" + directory.resolve("archive"));
        Statement statement = db.createStatement()) {
      for (String sql : block.strip().split(";(\\n|$)", 0)) {
        if (statement.execute(sql)) {
          try (ResultSet rows = statement.getResultSet()) {
            assertTrue(rows.next(), () -> "no row: " + sql);
          }
        } else {
          assertEquals(1, statement.getUpdateCount(), sql);
        }
      }
    }
  }

  /**
   * Compiles with every warning on, and runs in a JVM whose working directory is the database's.
   */
  private String runJava(String program) throws Exception {
    Path source = Files.writeString(directory.resolve("Report.java"), program);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      List<String> options = List.of("-d", directory.toString(), "-Xlint:all", "-Werror");
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertTrue(compiled, said::toString);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(directory + java.io.File.pathSeparator + System.getProperty("java.class.path"));
    command.add("Report");
    Path output = directory.resolve("output");
    Process java =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    assertTrue(java.waitFor(60, TimeUnit.SECONDS), "the program does not end");
    assertEquals(0, java.exitValue(), Files.readString(directory.resolve("errors")));
    return Files.readString(output);
  }

  /** A link that leads nowhere is a reader lost. */
  @Test
  void each_link_of_a_document_leads_to_a_file() throws IOException {
    List<String> dangling = new ArrayList<>();
    for (String name : List.of("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "STYLE.md")) {
      Matcher links =
          Pattern.compile("\\]\\(([^)#:]+)\\)").matcher(Files.readString(PROJECT.resolve(name)));
      links
          .results()
          .map(link -> link.group(1))
          .filter(link -> !Files.exists(PROJECT.resolve(link)))
          .forEach(link -> dangling.add(name + ": " + link));
    }
    assertEquals(List.of(), dangling);
  }
}
