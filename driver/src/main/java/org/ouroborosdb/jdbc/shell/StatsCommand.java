package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StorageUse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stats DB}: what a database holds, and what deduplication and compression saved. */
@Command(name = "stats", description = "Show what is stored, deduplicated and compressed.")
final class StatsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Option(
      names = "--full",
      description = "Show the size by kind too; reads the header of every record.")
  private boolean full;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (EventStore store = Database.openToRead(database)) {
      print(store.statistics(), out);
      if (full) {
        List<StorageUse> uses;
        try (Progress progress = Progress.ofBytes("stats")) {
          uses = store.storage(Interruption.cancellation(), progress);
        }
        print(uses, out);
      }
    }
    return 0;
  }

  /** Prints what takes the space, by kind. */
  private static void print(List<StorageUse> uses, PrintWriter out) {
    out.printf("%n  %-16s %15s %12s %12s%n", "kind", "records", "bytes", "dead");
    for (StorageUse use : uses) {
      out.printf(
          Locale.ROOT,
          "  %-16s %,15d %12s %12s%n",
          use.kind(),
          use.records(),
          Sizes.text(use.bytes()),
          Sizes.text(use.deadBytes()));
    }
    out.flush();
  }

  /** Prints the statistics as a table of names and values. */
  static void print(Statistics s, PrintWriter out) {
    line(
        out,
        "events",
        String.format(Locale.ROOT, "%,d (%s)", s.events(), Sizes.count(s.roots(), "root")));
    line(out, "chunks", String.format(Locale.ROOT, "%,d", s.chunks()));
    line(out, "referred to", Sizes.text(s.logicalBytes()));
    // More than is referred to is no share of it.
    long whole = s.uniqueBytes() > s.logicalBytes() ? 0 : s.logicalBytes();
    line(out, "unique", Sizes.text(s.uniqueBytes()) + share(s.uniqueBytes(), whole));
    line(out, "stored", Sizes.text(s.storedBytes()) + share(s.storedBytes(), whole));
    line(
        out,
        "on disk",
        Sizes.text(s.segmentBytes())
            + " in "
            + Sizes.count(s.segments(), "segment")
            + ", "
            + Sizes.text(s.indexBytes())
            + " of index");
    if (s.uniqueBytes() > s.logicalBytes()) {
      line(
          out,
          "unused",
          "at least "
              + Sizes.text(s.uniqueBytes() - s.logicalBytes())
              + ", of an import that was stopped or of removed events; importing again uses it,"
              + " reclaim frees it");
    }
    out.flush();
  }

  private static String share(long part, long whole) {
    return whole == 0 ? "" : String.format(Locale.ROOT, " (%.1f %%)", 100.0 * part / whole);
  }

  private static void line(PrintWriter out, String name, String value) {
    out.printf("  %-12s %s%n", name, value);
  }
}
