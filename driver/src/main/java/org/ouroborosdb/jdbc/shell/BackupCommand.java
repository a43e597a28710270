package org.ouroborosdb.jdbc.shell;

import java.util.List;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.backup.BackupReport;
import org.ouroborosdb.store.backup.StoreBackup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backup DB TO DIR}: an incremental copy of a database that may be in use. */
@Command(
    name = "backup",
    customSynopsis = "ouroboros backup [-hV] DB [TO] DIR",
    description = {
      "Bring a backup up to date with a database, which may be in use.",
      "A sealed segment is copied once; the last one is written anew. The backup is a database"
          + " itself: verify it, and read it with shell. Run again to go on after an interruption."
    })
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..3",
      paramLabel = "DB DIR",
      hideParamSyntax = true,
      description = "The database, and the directory of its backup; made if needed.")
  private List<String> words = List.of();

  @Override
  public Integer call() {
    TwoPlaces places = TwoPlaces.of(spec, words, "TO");
    Database.requirePlain(places.second());
    BackupReport report;
    try (Progress progress = Progress.ofBytes("backup")) {
      report =
          StoreBackup.backup(
              Database.at(places.first()), places.second(), Interruption.cancellation(), progress);
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%,d of %s copied (%s of %s); the backup has %s%n"
                + "to get them back: ouroboros restore %s TO NEW-DB%n",
            report.copiedSegments(),
            Sizes.count(report.segments(), "segment"),
            Sizes.text(report.copiedBytes()),
            Sizes.text(report.totalBytes()),
            Sizes.count(report.events(), "event"),
            places.second());
    return 0;
  }
}
