package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Each segment says how much of it can still be read, and how often it was written anew. */
class SegmentUseTest {
  private static final int LENGTH = 20_000;

  @TempDir private Path directory;
  private final Random random = new Random(5);

  private EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(directory));
  }

  private StoredContent content(EventStore store) {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return store.put(bytes);
  }

  private static SegmentUse first(EventStore store) {
    return store.segmentUse(Cancellation.create()).get(0);
  }

  private static long indexEntries(EventStore store) {
    return store.storage(Cancellation.create(), ProgressListener.NONE).stream()
        .filter(use -> use.kind().equals("index"))
        .findFirst()
        .orElseThrow()
        .records();
  }

  @Test
  void what_nobody_can_read_is_not_live_and_a_rewritten_segment_is_live_again() {
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < 40; i++) {
        NewEvent.Builder event = NewEvent.child(root).content(content(store));
        store.append(i % 4 == 0 ? event.build() : event.temporary(5L).build());
      }
      store.put(new byte[LENGTH]);
      assertEquals(1.0, first(store).liveRatio(), 0.02);
      store.expire();
      assertEquals(0.25, first(store).liveRatio(), 0.02);
      assertEquals(0, first(store).segment().generation());
    }
    try (EventStore store = open()) {
      store.reclaim(ReclaimOptions.DEFAULT, Cancellation.create(), ProgressListener.NONE);
      List<SegmentUse> uses = store.segmentUse(Cancellation.create());
      assertEquals(store.segments(), uses.stream().map(SegmentUse::segment).toList());
      assertEquals(1, uses.get(0).segment().generation());
      assertTrue(uses.get(0).segment().file().endsWith("-1.log"));
      assertEquals(1.0, uses.get(0).liveRatio(), 0.02);
      try (EventStore reader =
          EmbeddedEventStore.open(StoreOptions.at(directory).withReadOnly(true))) {
        assertEquals(uses, reader.segmentUse(Cancellation.create()));
      }
    }
  }

  @Test
  void what_a_snapshot_shows_is_live_until_it_is_closed_and_asking_takes_nothing_from_the_index() {
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < 20; i++) {
        store.append(NewEvent.child(root).temporary(5L).content(content(store)).build());
      }
      try (Snapshot before = store.snapshot()) {
        store.expire();
        assertEquals(21, before.eventCount());
        assertEquals(1.0, first(store).liveRatio(), 0.02);
      }
      long entries = indexEntries(store);
      assertEquals(0, first(store).liveRatio(), 0.05);
      assertEquals(entries, indexEntries(store));
    }
  }

  @Test
  void small_events_are_estimated_to_some_per_cent() {
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("root").build());
      try (Transaction transaction = store.begin()) {
        for (int i = 0; i < 500; i++) {
          transaction.append(
              NewEvent.child(root).title("event " + i).metadata("{\"n\":" + i + "}").build());
        }
        transaction.commit();
      }
      assertEquals(1.0, first(store).liveRatio(), 0.05);
    }
  }
}
