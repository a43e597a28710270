package org.ouroborosdb.jdbc.shell;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rebuild-index DB}: makes the index anew from the segments, which hold all there is. */
@Command(
    name = "rebuild-index",
    description = {
      "Build the index anew from the segments.",
      "A damaged index rebuilds itself when it is met; this is for one that is not trusted."
    })
final class RebuildIndexCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Override
  public Integer call() {
    try (EventStore store = Database.open(database)) {
      try (Progress progress = Progress.ofBytes("rebuild-index")) {
        store.rebuildIndex(Interruption.cancellation(), progress);
      }
      spec.commandLine()
          .getOut()
          .printf(
              "index of %s rebuilt: %s%n",
              Sizes.count(store.statistics().events(), "event"),
              Sizes.text(store.statistics().indexBytes()));
    }
    return 0;
  }
}
