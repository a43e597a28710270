package org.ouroborosdb.jdbc.shell;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.ouroborosdb.store.EventStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code compact DB}: writes the index anew without what is dead in its file. */
@Command(
    name = "compact",
    description = {
      "Write the index anew without what is dead in its file.",
      "That happens by itself when two thirds of the file are dead; this does it at once."
    })
final class CompactCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DB", description = "The database's directory.")
  private Path database;

  @Override
  public Integer call() {
    try (EventStore store = Database.open(database)) {
      long freed;
      try (Progress progress = Progress.of("compact", " entries", 1)) {
        freed = store.compact(Interruption.cancellation(), progress);
      }
      spec.commandLine()
          .getOut()
          .printf(
              "index compacted to %s, %s freed%n",
              Sizes.text(store.statistics().indexBytes()), Sizes.text(freed));
    }
    return 0;
  }
}
