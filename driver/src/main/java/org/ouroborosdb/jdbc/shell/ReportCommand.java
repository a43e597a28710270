package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.jdbc.report.StoreReport;
import org.ouroborosdb.store.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report DB [FILE.html]}: what a database holds, as one page with plots. */
@Command(
    name = "report",
    description = {
      "Write one HTML page with plots of what a database holds.",
      "It reads only, also beside a writer, and the page needs nothing else to be shown."
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The page; DB-report.html in the current directory if absent.")
  private @Nullable Path file;

  @Override
  public Integer call() throws IOException {
    String name = String.valueOf(database.toAbsolutePath().normalize().getFileName());
    Path page = file != null ? file : Path.of(name + "-report.html");
    if (Files.isDirectory(page)) {
      throw new IllegalArgumentException(page + " is a directory; name a file for the page");
    }
    Path parent = page.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw new IllegalArgumentException("there is no directory " + parent + " for the page");
    }
    try (EventStore store = Database.openReadOnly(database);
        Progress progress = Progress.of("report", " events", 1)) {
      StoreReport.write(store, name, page, Interruption.cancellation(), progress);
    }
    spec.commandLine().getOut().println("report written to " + page);
    return 0;
  }
}
