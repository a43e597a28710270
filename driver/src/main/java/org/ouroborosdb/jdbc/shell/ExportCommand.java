package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.jdbc.tree.ExportReport;
import org.ouroborosdb.jdbc.tree.TreeExport;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Snapshot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code export DB ID DIR}: an event tree as a directory tree. */
@Command(
    name = "export",
    description = {
      "Write an event tree, as it is or as it was, into a new or empty directory.",
      "Names that a file system cannot take go under an escaped name and are listed."
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Parameters(index = "1", paramLabel = "ID", description = "An event's id, or a root's title.")
  private String id;

  @Parameters(index = "2", paramLabel = "DIR", description = "A new or empty directory.")
  private Path directory;

  @Option(
      names = "--as-of",
      paramLabel = "MOMENT",
      converter = Moment.Converter.class,
      description = "The state as of 2026-01-31T12:00:00Z, seq(N) or level(N).")
  private @Nullable Moment moment;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    ExportReport report;
    try (EventStore store = Database.openToRead(database);
        Snapshot now = store.snapshot();
        Progress progress = Progress.ofBytes("export")) {
      Snapshot snapshot = moment == null ? now : moment.of().apply(now);
      report =
          new TreeExport(snapshot, Interruption.cancellation(), progress)
              .run(find(snapshot, now), directory);
    }
    report.renamed().forEach(entry -> out.println("renamed: " + Cell.line(entry)));
    report.failed().forEach(entry -> out.println("failed: " + Cell.line(entry)));
    out.printf(
        "%s, %s, %s; %s written to %s%n",
        Sizes.count(report.files(), "file"),
        Sizes.count(report.directories(), "directory"),
        Sizes.count(report.links(), "link"),
        Sizes.text(report.bytes()),
        directory);
    return report.failed().isEmpty() ? 0 : Main.FAILED;
  }

  private EventRow find(Snapshot snapshot, Snapshot now) {
    try {
      return Database.find(snapshot, id);
    } catch (IllegalArgumentException e) {
      if (moment == null) {
        throw e;
      }
      Database.find(now, id);
      throw new IllegalArgumentException(
          "no event has the id, and no root the title, '"
              + id
              + "', as of then; it is there now: give a later --as-of",
          e);
    }
  }
}
