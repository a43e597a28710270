package org.ouroborosdb.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Kills a process in the middle of its writing, and finds everything it was told was stored. */
public final class SurviveACrash {
  private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 200;

  private SurviveACrash() {}

  /** Takes the database's directory; with {@code write} before it, is the process to be killed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments[0].equals("write")) {
      write(Path.of(arguments[1]));
      return;
    }
    Path database = Path.of(arguments[0]);
    List<String> acknowledged = killAWriter(database);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database));
        Snapshot snapshot = store.snapshot()) {
      long lost =
          acknowledged.stream().filter(id -> snapshot.find(EventId.parse(id)) == null).count();
      System.out.println(acknowledged.size() + " acknowledged before the kill, " + lost + " lost");
      if (lost > 0) {
        throw new IllegalStateException(lost + " acknowledged events are lost");
      }
    }
  }

  private static void write(Path database) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database))) {
      EventId root = store.append(NewEvent.root("crash " + store.statistics().roots()).build());
      for (int i = 0; ; i++) {
        EventId id = store.append(NewEvent.child(root).title("event " + i).build());
        System.out.println(id); // only now is it acknowledged
      }
    }
  }

  private static List<String> killAWriter(Path database) throws IOException, InterruptedException {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SurviveACrash.class.getName(),
                "write",
                database.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.length() == 2 * EventId.BYTES) {
          acknowledged.add(line);
        }
        if (acknowledged.size() == ACKNOWLEDGED_BEFORE_THE_KILL) {
          writer.toHandle().destroyForcibly(); // what it has printed can still be read
        }
      }
    }
    writer.waitFor();
    if (acknowledged.size() < ACKNOWLEDGED_BEFORE_THE_KILL) {
      throw new IllegalStateException(
          "the writer ended by itself after " + acknowledged.size() + " events: nothing is shown");
    }
    return acknowledged;
  }
}
