package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** More snapshots at once than the index has places for, while rows leave it. */
class ManySnapshotsTest {
  private static final int SNAPSHOTS = 300;

  @TempDir private Path directory;

  /**
   * Each temporary event is deleted right after a snapshot that shows it, and a checkpoint comes
   * now and then, so that closing any of them too early would free what another reads.
   */
  @Test
  void each_of_hundreds_of_open_snapshots_keeps_what_it_shows() {
    try (EventStore store =
        EmbeddedEventStore.open(
            StoreOptions.at(directory.resolve("db")).withProfile(Profile.SMALL))) {
      EventId root = store.append(NewEvent.root("r").build());
      List<Snapshot> open = new ArrayList<>();
      List<EventId> shown = new ArrayList<>();
      for (int i = 0; i < SNAPSHOTS; i++) {
        EventId event = store.append(NewEvent.child(root).title("t" + i).temporary().build());
        open.add(store.snapshot());
        shown.add(event);
        try (Transaction transaction = store.begin()) {
          transaction.deleteTemporary(List.of(event));
          transaction.commit();
        }
        if (i % 50 == 0) {
          store.checkpoint();
        }
      }
      // The oldest go first: those that found no place must hold what they show by themselves.
      for (int closed = 0; closed < SNAPSHOTS; closed += 25) {
        for (int i = closed; i < SNAPSHOTS; i++) {
          requireShows(open.get(i), root, "t" + i);
        }
        open.subList(closed, closed + 25).forEach(Snapshot::close);
        store.append(NewEvent.child(root).title("more").build()); // frees what nobody sees
      }
      try (Snapshot now = store.snapshot()) {
        shown.forEach(event -> assertEquals(null, now.find(event)));
      }
    }
  }

  private static void requireShows(Snapshot snapshot, EventId root, String title) {
    long parent = java.util.Objects.requireNonNull(snapshot.find(root)).seq();
    assertEquals(
        List.of(title),
        snapshot.children(parent).stream()
            .filter(EventRow::temporary)
            .map(EventRow::title)
            .toList());
  }
}
