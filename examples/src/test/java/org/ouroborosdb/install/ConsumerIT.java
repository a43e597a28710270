package org.ouroborosdb.install;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Builds and tests another project that knows only our coordinates.
 *
 * <p>It resolves against a local repository of its own, which holds what {@code mvn install} would
 * put there; all else comes from this build's repository, so that no network is needed and nothing
 * is installed on the machine.
 */
class ConsumerIT {
  private static final Path WORK = Path.of("target", "consumer").toAbsolutePath();
  private static final Path REPOSITORY = WORK.resolve("repository");
  private static final String VERSION = property("consumer.version");
  private static final long MOST_MINUTES = 5;

  @ParameterizedTest
  @ValueSource(strings = {"jdbc", "store"})
  void a_project_that_names_our_coordinates_builds_and_passes(String kind) throws Exception {
    install("parent", Path.of("..", "pom.xml"));
    install("store", Path.of("..", "store", "pom.xml"));
    install("jdbc", Path.of("..", "driver", "target", "dependency-reduced-pom.xml"));
    Path project = WORK.resolve(kind);
    copy(Path.of("src", "it", "consumer", kind), project);
    Path output = WORK.resolve(kind + ".log");
    Process maven = maven(project, output).start();
    try {
      assertTrue(maven.waitFor(MOST_MINUTES, TimeUnit.MINUTES), "still running: see " + output);
      assertEquals(0, maven.exitValue(), () -> text(output));
    } finally {
      maven.destroyForcibly();
    }
    assertTrue(
        Files.exists(project.resolve("target/surefire-reports")), "no test ran: " + text(output));
  }

  private static ProcessBuilder maven(Path project, Path output) throws IOException {
    Path settings = WORK.resolve("settings.xml");
    String here = Path.of(property("consumer.localRepository")).toUri().toString();
    Files.writeString(
        settings,
        "<settings><mirrors><mirror><id>here</id><mirrorOf>*</mirrorOf><url>"
            + here
            + "</url></mirror></mirrors></settings>");
    boolean windows = property("os.name").startsWith("Windows");
    Path maven = Path.of(property("consumer.mavenHome"), "bin", windows ? "mvn.cmd" : "mvn");
    ProcessBuilder builder =
        new ProcessBuilder(
            maven.toString(),
            "-B",
            "-ntp",
            "-s",
            settings.toString(),
            "-gs",
            settings.toString(),
            "-Dmaven.repo.local=" + REPOSITORY,
            "-Douroboros.version=" + VERSION,
            "-Djunit.version=" + property("consumer.junit"),
            "-f",
            project.resolve("pom.xml").toString(),
            "test");
    builder.environment().put("JAVA_HOME", property("java.home"));
    return builder.redirectErrorStream(true).redirectOutput(output.toFile());
  }

  /** Puts a project's POM, and its jar if it has one, where {@code mvn install} would. */
  private static void install(String name, Path pom) throws IOException {
    String artifact = "ouroboros-" + name;
    String file = artifact + "-" + VERSION;
    Path folder = REPOSITORY.resolve(Path.of("org", "ouroborosdb", artifact, VERSION));
    Files.createDirectories(folder);
    Files.copy(pom, folder.resolve(file + ".pom"), REPLACE_EXISTING);
    if (!name.equals("parent")) {
      String module = name.equals("jdbc") ? "driver" : name;
      Path jar = Path.of("..", module, "target", file + ".jar");
      Files.copy(jar, folder.resolve(file + ".jar"), REPLACE_EXISTING);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, REPLACE_EXISTING);
        }
      }
    }
  }

  private static String text(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      return String.join("\n", lines);
    } catch (IOException e) {
      return "no output: " + e;
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new AssertionError("the build does not set " + name);
    }
    return value;
  }
}
