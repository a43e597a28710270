package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The index file does not grow without bound. */
class CompactIndexTest {
  private static final int FIRST_EVENTS = 3_000;
  private static final int EVENTS_PER_CHECKPOINT = 100;
  private static final int MOST_CHECKPOINTS = 60;

  @TempDir private Path directory;

  @Test
  void checkpoints_write_the_index_anew_when_most_of_its_file_is_dead() throws IOException {
    StoreOptions options = StoreOptions.at(directory.resolve("db")).withDurability(Durability.NONE);
    long events;
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = append(store, null, FIRST_EVENTS);
      try (Snapshot old = store.snapshot()) {
        long before = 0;
        int checkpoints = 0;
        store.checkpoint();
        while (store.statistics().indexBytes() >= before && checkpoints++ < MOST_CHECKPOINTS) {
          before = store.statistics().indexBytes();
          append(store, root, EVENTS_PER_CHECKPOINT);
          store.checkpoint();
        }
        assertTrue(
            store.statistics().indexBytes() * 2 < before,
            before + " bytes, then " + store.statistics().indexBytes());
        assertEquals(FIRST_EVENTS + 1, old.bySeq(1, Long.MAX_VALUE, false).count());
        append(store, root, EVENTS_PER_CHECKPOINT);
      }
      store.checkpoint();
      events = store.statistics().events();
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
    try (EventStore store = EmbeddedEventStore.open(options);
        Snapshot snapshot = store.snapshot()) {
      assertEquals(events, snapshot.eventCount());
      assertEquals(events, snapshot.bySeq(1, Long.MAX_VALUE, false).count());
    }
  }

  private static EventId append(EventStore store, @Nullable EventId root, int count) {
    try (Transaction transaction = store.begin()) {
      EventId top = root == null ? transaction.append(NewEvent.root("root").build()) : root;
      for (int i = 0; i < count; i++) {
        transaction.append(NewEvent.of(EventType.NORMAL, top).title("event " + i).build());
      }
      transaction.commit();
      return top;
    }
  }
}
