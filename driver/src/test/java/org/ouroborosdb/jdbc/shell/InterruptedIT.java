package org.ouroborosdb.jdbc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Ctrl-C for real: the jar gets SIGINT in the middle of a command. */
class InterruptedIT {
  private static final int FILES = 96;
  private static final int FILE_BYTES = 1 << 20;
  private static final int INTERRUPTED = 130;
  private static final int TRIES = 12;
  private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final Path KILL = Path.of("/bin/kill");

  @TempDir private Path directory;

  /** What a command ended with. */
  private record Ended(int status, String errors) {}

  private static Path jar() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("ouroboros-jdbc-[0-9.]+\\.jar"))
          .findFirst()
          .orElseThrow();
    }
  }

  /**
   * What comes before a command so that it takes SIGINT: where this build runs in the background,
   * it is ignored, and children inherit that. Empty where there is no such program.
   */
  private static List<String> takingInterrupts() throws IOException, InterruptedException {
    List<String> env = List.of("/usr/bin/env", "--default-signal=INT");
    if (!Files.isExecutable(Path.of(env.get(0)))) {
      return List.of();
    }
    List<String> trial = List.of(env.get(0), env.get(1), "true");
    ProcessBuilder.Redirect nowhere = ProcessBuilder.Redirect.DISCARD;
    int status = new ProcessBuilder(trial).redirectError(nowhere).start().waitFor();
    return status == 0 ? env : List.of();
  }

  private Process start(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(takingInterrupts());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-jar", jar().toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(directory.resolve("out").toFile())
        .redirectError(directory.resolve("err").toFile())
        .start();
  }

  /** Interrupts a process once a directory holds enough, if it is not over by then. */
  private Ended interruptAt(Process process, Path grows, long bytes)
      throws IOException, InterruptedException {
    while (process.isAlive() && bytesIn(grows) < bytes) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    new ProcessBuilder(KILL.toString(), "-INT", "" + process.pid()).start().waitFor();
    return end(process);
  }

  private Ended end(Process process) throws IOException, InterruptedException {
    int status = process.waitFor();
    return new Ended(status, Files.readString(directory.resolve("err"), StandardCharsets.UTF_8));
  }

  private static long bytesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException e) {
      return 0; // it is not there yet
    }
  }

  private static long verified(Path db) {
    StoreOptions options = StoreOptions.at(db).withCreate(false);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
      return report.events();
    }
  }

  private Path tree() throws IOException {
    Path tree = Files.createDirectories(directory.resolve("tree"));
    Random random = new Random(8);
    byte[] content = new byte[FILE_BYTES];
    for (int i = 0; i < FILES; i++) {
      random.nextBytes(content);
      Files.write(tree.resolve("file" + i), content);
    }
    return tree;
  }

  @Test
  void an_interrupted_import_or_backup_ends_with_130_and_goes_on() throws Exception {
    assumeTrue(Files.isExecutable(KILL), "there is no kill here");
    String tree = tree().toString();
    Path db = directory.resolve("db");
    Ended ended =
        interruptAt(start("import", db.toString(), tree), db, (long) FILES / 3 * FILE_BYTES);
    assertEquals(INTERRUPTED, ended.status(), ended.errors());
    assertTrue(ended.errors().contains("importing again goes on"), ended.errors());
    assertTrue(verified(db) < FILES + 1);
    assertEquals(0, end(start("import", db.toString(), tree)).status());
    assertEquals(FILES + 1, verified(db));

    boolean interrupted = false;
    for (int i = 0; i < TRIES && !interrupted; i++) {
      Path backup = directory.resolve("backup" + i);
      long bytes = (long) FILES / 8 * FILE_BYTES;
      ended = interruptAt(start("backup", db.toString(), "TO", backup.toString()), backup, bytes);
      interrupted = ended.status() == INTERRUPTED;
      assertTrue(interrupted || ended.status() == 0, ended.errors());
      assertTrue(!interrupted || ended.errors().contains("goes on from there"), ended.errors());
      assertEquals(0, end(start("backup", db.toString(), "TO", backup.toString())).status());
      assertEquals(FILES + 1, verified(backup));
    }
    assertTrue(interrupted, "no backup was slow enough to be interrupted");
    assertEquals(FILES + 1, verified(db));
  }

  @Test
  void an_interrupted_sync_ends_with_130_keeps_what_came_and_goes_on() throws Exception {
    assumeTrue(Files.isExecutable(KILL), "there is no kill here");
    String db = directory.resolve("db").toString();
    assertEquals(0, end(start("import", db, tree().toString())).status());
    boolean interrupted = false;
    for (int i = 0; i < TRIES && !interrupted; i++) {
      Path other = directory.resolve("other" + i);
      EmbeddedEventStore.open(StoreOptions.at(other)).close();
      Ended ended =
          interruptAt(start("sync", db, other.toString()), other, (long) FILES / 4 * FILE_BYTES);
      interrupted = ended.status() == INTERRUPTED;
      assertTrue(interrupted || ended.status() == 0, ended.errors());
      assertTrue(!interrupted || verified(other) < FILES + 1);
      assertEquals(0, end(start("sync", db, other.toString())).status());
      assertEquals(FILES + 1, verified(other));
    }
    assertTrue(interrupted, "no sync was slow enough to be interrupted");
    assertEquals(FILES + 1, verified(directory.resolve("db")));
  }
}
