package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.VerifyReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code verify DB}: reads everything, checks it, and names the damage. */
@Command(name = "verify", description = "Read everything and check every hash and reference.")
final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Option(names = "--quick", description = "Check checksums only, and compute no hash.")
  private boolean quick;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    VerifyDepth depth = quick ? VerifyDepth.QUICK : VerifyDepth.FULL;
    VerifyReport report;
    try (EventStore store = Database.openToRead(database);
        Progress progress = Progress.ofBytes("verify")) {
      report = store.verify(depth, Interruption.cancellation(), progress);
    }
    report.damages().forEach(damage -> out.println("damaged: " + damage));
    out.printf(
        "%s and %s in %s (%s) read, %s: %s%n",
        Sizes.count(report.events(), "event"),
        Sizes.count(report.chunks(), "chunk"),
        Sizes.count(report.segments(), "segment"),
        Sizes.text(report.bytes()),
        quick ? "checksums checked" : "every hash computed anew",
        report.isSound() ? "sound" : report.damageCount() + " damaged");
    if (!report.isSound()) {
      out.printf("to mend it from a backup: ouroboros repair %s FROM BACKUP%n", database);
    }
    return report.isSound() ? 0 : Main.FAILED;
  }
}
