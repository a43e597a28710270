package org.ouroborosdb.architecture;

import java.util.Arrays;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A program that writes and reads an event with the store alone; tests run it in other places. */
public final class StoreRoundTrip {
  private static final int LENGTH = 1_000_000;

  private StoreRoundTrip() {}

  /** Prints the length of what came back, and fails if it is not what went in. */
  public static void main(String[] arguments) {
    System.out.println(run());
  }

  /** Returns the length of what came back. */
  public static int run() {
    byte[] bytes = new byte[LENGTH]; // of zeros, so that the compression has its part in it
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      EventId root = store.append(NewEvent.root("round trip").build());
      EventId child =
          store.append(NewEvent.child(root).title("zeros").content(store.put(bytes)).build());
      try (Snapshot snapshot = store.snapshot()) {
        EventRow row = snapshot.find(child);
        if (row == null) {
          throw new AssertionError("the event is not found");
        }
        byte[] found = snapshot.content(row).orElseThrow().readAll(LENGTH);
        if (!Arrays.equals(bytes, found)) {
          throw new AssertionError("other bytes came back");
        }
        return found.length;
      }
    }
  }
}
