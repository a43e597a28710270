package org.ouroborosdb.jdbc.shell;

import java.util.List;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.backup.BackupReport;
import org.ouroborosdb.store.backup.StoreBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code restore DIR TO DB}: a backup becomes a database. */
@Command(
    name = "restore",
    customSynopsis = "ouroboros restore [-hV] DIR [TO] DB",
    description = {
      "Make a database of a backup, under an id of its own.",
      "Until it is whole it is no database; run again to go on after an interruption."
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..3",
      paramLabel = "DIR DB",
      hideParamSyntax = true,
      description = "The backup, and the directory of the new database: absent or empty.")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    TwoPlaces places = TwoPlaces.of(spec, words, "TO");
    BackupReport report;
    try (Progress progress = Progress.ofBytes("restore")) {
      report =
          StoreBackup.restore(
              places.first(), Database.at(places.second()), Interruption.cancellation(), progress);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s in %s (%s) restored%nto check them all: ouroboros verify %s%n",
            Sizes.count(report.events(), "event"),
            Sizes.count(report.segments(), "segment"),
            Sizes.text(report.totalBytes()),
            places.second());
    return 0;
  }
}
