package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.replication.Replicator;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;
import org.ouroborosdb.store.replication.Replicator.SyncReport;
import org.ouroborosdb.store.replication.Replicator.SyncResult;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sync A B}: gives each of two databases what the other has. */
@Command(
    name = "sync",
    description = {
      "Merge two databases: each gets what only the other has, verified.",
      "Only what is new is moved. What was moved is kept when the time is up, after Ctrl-C or a"
          + " failure; run again to go on."
    })
final class SyncCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "A database's directory.")
  private Path first;

  @Parameters(index = "1", paramLabel = "B", description = "Another database's directory.")
  private Path second;

  @Option(names = "--seconds", paramLabel = "N", description = "Stop after so many seconds.")
  private @Nullable Integer seconds;

  @Override
  public Integer call() throws IOException {
    if (seconds != null && seconds < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--seconds is " + seconds + ", and not 0 or more");
    }
    if (isSame(Database.directory(first), Database.directory(second))) {
      throw new IllegalArgumentException(
          first + " and " + second + " are the same database; name another one");
    }
    SyncResult result;
    try (EventStore a = Database.open(first);
        EventStore b = Database.open(second);
        Progress progress = Progress.of("sync", " changes", 1)) {
      Duration budget = seconds == null ? null : Duration.ofSeconds(seconds);
      SyncOptions options = new SyncOptions(budget, Interruption.cancellation(), progress);
      result = Replicator.of(a).sync(b, name(second), name(first), options);
    }
    PrintWriter out = spec.commandLine().getOut();
    print(out, first, result.received());
    print(out, second, result.sent());
    boolean complete = result.received().complete() && result.sent().complete();
    out.println(
        result.equal()
            ? "both show the same"
            : complete
                ? "somebody wrote meanwhile: run again"
                : "the time is up: run again to go on");
    return 0;
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
  }

  private static String name(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  private static void print(PrintWriter out, Path to, SyncReport report) {
    out.printf(
        "%s got %s, %s and %s (%s moved)%n",
        to,
        Sizes.count(report.events(), "event"),
        Sizes.count(report.tombstones(), "removal"),
        Sizes.count(report.chunks(), "chunk"),
        Sizes.text(report.bytes()));
    if (report.ignoredTombstones() > 0) {
      out.printf(
          "  ignored: %s of permanent events%n",
          Sizes.count(report.ignoredTombstones(), "removal"));
    }
  }
}
