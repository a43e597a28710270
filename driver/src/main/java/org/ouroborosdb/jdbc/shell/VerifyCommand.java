package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.VerifyReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify DB}: reads everything, computes every hash anew, and names the damage. */
@Command(name = "verify", description = "Read everything and check every hash and reference.")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    VerifyReport report;
    try (EventStore store = Database.open(database);
        Progress progress = Progress.ofBytes("verify")) {
      report = store.verify(Interruption.cancellation(), progress);
    }
    report.damages().forEach(damage -> out.println("damaged: " + damage));
    out.printf(
        "%,d events and %,d chunks in %,d segments (%s) read, every hash computed anew: %s%n",
        report.events(),
        report.chunks(),
        report.segments(),
        Sizes.text(report.bytes()),
        report.isSound() ? "sound" : report.damageCount() + " damaged");
    return report.isSound() ? 0 : Main.FAILED;
  }
}
