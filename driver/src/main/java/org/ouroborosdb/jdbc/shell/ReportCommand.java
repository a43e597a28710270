package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
  private static final byte[] PAGE_START = "<!DOCTYPE html".getBytes(StandardCharsets.US_ASCII);

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
    for (Path taken : Database.directories(database)) {
      if (parent != null
          && Files.exists(taken)
          && parent.toRealPath().startsWith(taken.toRealPath())) {
        throw new IllegalArgumentException("the page would lie in the database; name another file");
      }
    }
    requireReplaceable(page);
    try (EventStore store = Database.openReadOnly(database);
        Progress progress = Progress.of("report", " events", 1)) {
      StoreReport.write(store, name, page, Interruption.cancellation(), progress);
    }
    spec.commandLine().getOut().println("report written to " + page);
    return 0;
  }

  /** Refuses to write over what is no page, as another tool's document or a device. */
  private static void requireReplaceable(Path page) throws IOException {
    if (!Files.exists(page)) {
      return;
    }
    if (Files.isRegularFile(page)) {
      try (InputStream in = Files.newInputStream(page)) {
        byte[] start = in.readNBytes(PAGE_START.length);
        if (start.length == 0 || Arrays.equals(start, PAGE_START)) {
          return;
        }
      }
    }
    throw new IllegalArgumentException(
        page + " is there already, and is no page; name another file, or remove it");
  }
}
