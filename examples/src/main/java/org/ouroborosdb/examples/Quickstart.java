package org.ouroborosdb.examples;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * The Java API in twenty lines: a root, a file under it, a new version, and all of it read back.
 */
public final class Quickstart {
  private Quickstart() {}

  /** Runs on a new or existing database in the directory given. */
  public static void main(String[] arguments) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(Path.of(arguments[0])))) {
      EventId root = store.append(NewEvent.root("letters " + store.statistics().roots()).build());
      byte[] draft = "Dear all,".getBytes(StandardCharsets.UTF_8);
      EventId letter =
          store.append(NewEvent.child(root).title("letter.txt").content(store.put(draft)).build());
      byte[] fair = "Dear all, hello!".getBytes(StandardCharsets.UTF_8);
      store.append(NewEvent.overwrite(letter).content(store.put(fair)).build());
      try (Snapshot snapshot = store.snapshot()) {
        EventRow base = java.util.Objects.requireNonNull(snapshot.find(letter));
        for (EventRow version : snapshot.versions(base.seq())) {
          byte[] bytes = snapshot.content(version).orElseThrow().readAll(1000);
          System.out.println(version.type() + ": " + new String(bytes, StandardCharsets.UTF_8));
        }
      }
    }
  }
}
