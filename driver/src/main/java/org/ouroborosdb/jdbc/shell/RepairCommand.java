package org.ouroborosdb.jdbc.shell;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.backup.RepairReport;
import org.ouroborosdb.store.backup.StoreBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code repair DB FROM DIR}: damaged and missing records come back from a backup. */
@Command(
    name = "repair",
    customSynopsis = "ouroboros repair [-hV] DB [FROM] DIR",
    description = {
      "Put what a database has lost to damage back, from a backup of it.",
      "Only what is damaged or missing is written, and every record is checked before. Exit status"
          + " 1 if some damage is left."
    })
final class RepairCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..3",
      paramLabel = "DB DIR",
      hideParamSyntax = true,
      description = "The database, which nobody has open, and its backup.")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    TwoPlaces places = TwoPlaces.of(spec, words, "FROM");
    if (!Files.isDirectory(Database.directory(places.first()))) {
      throw new IllegalArgumentException(
          "there is no database at " + places.first() + "; restore makes one of a backup");
    }
    RepairReport report;
    try (Progress progress = Progress.ofBytes("repair")) {
      report =
          StoreBackup.repair(
              Database.at(places.first()), places.second(), Interruption.cancellation(), progress);
    }
    PrintWriter out = spec.commandLine().getOut();
    report.remaining().forEach(damage -> out.println("still damaged: " + damage));
    out.printf(
        "%s (%s) put back, %s written anew; %s%n",
        Sizes.count(report.records(), "record"),
        Sizes.text(report.bytes()),
        Sizes.count(report.segments(), "segment"),
        report.isWhole()
            ? "nothing is missing now; to check it all: ouroboros verify " + places.first()
            : "the backup lacks the rest: try another one");
    return report.isWhole() ? 0 : Main.FAILED;
  }
}
