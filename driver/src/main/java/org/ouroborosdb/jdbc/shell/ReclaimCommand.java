package org.ouroborosdb.jdbc.shell;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.ReclaimReport;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code reclaim DB}: removes what has expired, and frees what removed events and chunks take. */
@Command(
    name = "reclaim",
    description = {
      "Remove what has expired, and free its space.",
      "Temporary events that have expired are removed, then the space of removed events and of"
          + " chunks that no event refers to is freed, by copying what is left of each segment."
    })
final class ReclaimCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Option(
      names = "--dead",
      paramLabel = "PERCENT",
      defaultValue = "25",
      description = "Copy segments of which at least so much is dead (25).")
  private int dead;

  @Option(
      names = "--rate",
      paramLabel = "BYTES",
      defaultValue = "0",
      description = "Read and write at most so many bytes a second (no bound).")
  private long rate;

  @Override
  public Integer call() {
    check(dead >= 0 && dead <= PERCENT, "--dead is " + dead + ", and not 0 to 100");
    check(rate >= 0, "--rate is " + rate + ", and not 0 or more");
    ReclaimOptions options = new ReclaimOptions(dead / PERCENT, rate);
    try (EventStore store = Database.open(database)) {
      long expired;
      try (Progress progress = Progress.of("expire", " events", 1)) {
        expired = store.expire(Interruption.cancellation(), progress);
      }
      ReclaimReport report;
      try (Progress progress = Progress.of("reclaim", " bytes", 1)) {
        report = store.reclaim(options, Interruption.cancellation(), progress);
      }
      spec.commandLine()
          .getOut()
          .printf(
              "%s expired; %s rewritten, %s freed%s%n",
              Sizes.count(expired, "event"),
              Sizes.count(report.segments(), "segment"),
              Sizes.text(report.freedBytes()),
              report.waitingFiles() == 0
                  ? ""
                  : "; "
                      + Sizes.count(report.waitingFiles(), "old file")
                      + " kept while somebody may read them");
    }
    return 0;
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
    }
  }
}
