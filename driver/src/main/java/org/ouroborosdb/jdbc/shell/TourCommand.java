package org.ouroborosdb.jdbc.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.jdbc.tree.ImportReport;
import org.ouroborosdb.jdbc.tree.TreeImport;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.VerifyReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code tour [DIR]}: stores a real directory tree in a new database and shows what SQL says of it.
 * Every step states what it expects and fails the tour if it sees anything else.
 */
@Command(
    name = "tour",
    description = {
      "Show three dozen SQL statements on a new database of real files.",
      "They are DIR's, or this project's own sources. A second database shows how two are merged."
    })
final class TourCommand implements Callable<Integer> {
  /** What the tour leaves out of a checkout: what git and the build keep there. */
  private static final Set<String> LEFT_OUT = Set.of(".git", "target");

  private static final String TITLE = "tour";

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description = "The directory to import; the project's checkout if absent.")
  private @Nullable Path directory;

  @Option(
      names = "--db",
      paramLabel = "DB",
      description = "Where to make the database; its replica is made in DB-replica.")
  private @Nullable Path database;

  @Override
  public Integer call() throws IOException, SQLException {
    PrintWriter out = spec.commandLine().getOut();
    boolean checkout = directory == null;
    Path source = (directory == null ? checkout() : directory).toRealPath();
    Path target = database == null ? Files.createTempDirectory("ouroboros-tour-") : database;
    Path replica = Path.of(target + "-replica");
    for (Path path : List.of(target, replica)) {
      if (Files.exists(path.resolve("FORMAT"))) {
        throw new IOException(path + " holds a database already; name another directory");
      }
    }
    out.println("The tour makes a new database in " + target);
    out.println("and imports " + source + (checkout ? " (without .git and build output)" : ""));
    store(source, target, checkout, "First import", out);
    TourSteps steps = new TourSteps(out);
    try (Connection connection = DriverManager.getConnection(Database.url(target))) {
      steps.run(connection, TITLE, replica);
    }
    ImportReport again = store(source, target, checkout, "Second import of the same tree", out);
    steps.expect(
        "the second import adds next to nothing",
        again.added() == 0 && again.changed() <= 2 && again.removed() == 0);
    steps.expect("verify finds no damage", verify(target, out));
    out.println();
    out.println("Look around yourself:  ./ouroboros shell " + target);
    out.println("  SELECT path, length FROM files ORDER BY length DESC LIMIT 10;");
    out.flush();
    return steps.failures() == 0 ? 0 : Main.FAILED;
  }

  /** Returns the checkout that the running jar was built in; else the working directory. */
  private static Path checkout() throws IOException {
    try {
      Path code =
          Path.of(TourCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (Path at = code; at != null; at = at.getParent()) {
        if (Files.exists(at.resolve("ouroboros")) && Files.exists(at.resolve("pom.xml"))) {
          return at;
        }
      }
    } catch (java.net.URISyntaxException e) {
      throw new IOException("the jar's own place cannot be read", e);
    }
    return Path.of("");
  }

  private static ImportReport store(
      Path source, Path target, boolean checkout, String heading, PrintWriter out)
      throws IOException {
    out.println();
    out.println("== " + heading);
    try (EventStore store = Database.openOrCreate(target);
        Progress progress = Progress.ofBytes("import")) {
      long start = System.nanoTime();
      ImportReport report =
          new TreeImport(store, false, Interruption.cancellation(), progress)
              .leavingOut(checkout ? LEFT_OUT : Set.of())
              .leavingOut(List.of(target))
              .run(source, TITLE);
      out.printf(
          "  %,d added, %,d changed, %,d removed, %,d unchanged; %s read in %d ms%n",
          report.added(),
          report.changed(),
          report.removed(),
          report.unchanged(),
          Sizes.text(report.bytesRead()),
          (System.nanoTime() - start) / 1_000_000);
      report.skipped().forEach(file -> out.println("  skipped: " + file));
      StatsCommand.print(store.statistics(), out);
      return report;
    }
  }

  private static boolean verify(Path target, PrintWriter out) {
    out.println();
    out.println("== Every byte read again, every hash computed anew");
    try (EventStore store = Database.open(target);
        Progress progress = Progress.ofBytes("verify")) {
      VerifyReport report = store.verify(Interruption.cancellation(), progress);
      out.printf(
          "  %s, %s, %s: %s%n",
          Sizes.count(report.events(), "event"),
          Sizes.count(report.chunks(), "chunk"),
          Sizes.text(report.bytes()),
          report.isSound() ? "sound" : "DAMAGED");
      report.damages().forEach(damage -> out.println("  " + damage));
      return report.isSound();
    }
  }
}
