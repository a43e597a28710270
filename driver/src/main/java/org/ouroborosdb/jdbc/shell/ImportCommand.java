package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.jdbc.tree.ImportReport;
import org.ouroborosdb.jdbc.tree.TreeImport;
import org.ouroborosdb.store.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code import DB DIR}: a directory tree becomes an event tree, or its next versions. */
@Command(
    name = "import",
    description = {
      "Make a directory tree an event tree; again, to add what is new, changed or gone.",
      "Symbolic links are recorded and not followed. Exit status 1 if something was skipped, which"
          + " is listed."
    })
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DB", description = "The database; created if needed.")
  private Path database;

  @Parameters(index = "1", paramLabel = "DIR", description = "The directory to import.")
  private Path directory;

  @Option(
      names = "--title",
      paramLabel = "TITLE",
      description = "The root's title; the directory's name if absent.")
  private @Nullable String title;

  @Option(names = "--rehash", description = "Read every file, also if it looks unchanged.")
  private boolean rehash;

  @Override
  public Integer call() throws IOException {
    if (title != null && title.isEmpty()) {
      throw new Database.Misuse("the title is empty; without --title it is the directory's name");
    }
    Path real = directory.toRealPath();
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(directory.toString());
    }
    Path name = real.getFileName();
    String rootTitle = title != null ? title : name == null ? "/" : name.toString();
    PrintWriter out = spec.commandLine().getOut();
    ImportReport report;
    try (EventStore store = Database.openOrCreate(database);
        Progress progress = Progress.ofBytes("import")) {
      report =
          new TreeImport(store, rehash, Interruption.cancellation(), progress)
              .leavingOut(Database.directories(database))
              .run(real, rootTitle);
    }
    report.skipped().forEach(file -> out.println("skipped: " + Cell.line(file)));
    out.printf(
        "%,d added, %,d changed, %,d removed, %,d unchanged; %s read%nroot %s '%s'%n",
        report.added(),
        report.changed(),
        report.removed(),
        report.unchanged(),
        Sizes.text(report.bytesRead()),
        report.root(),
        Cell.line(rootTitle));
    return report.skipped().isEmpty() ? 0 : Main.FAILED;
  }
}
