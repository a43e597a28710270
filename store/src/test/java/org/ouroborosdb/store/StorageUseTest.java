package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The store says what takes its space. */
class StorageUseTest {
  private static final int EVENTS = 200;
  private static final int CONTENT_BYTES = 300_000;

  @TempDir private Path directory;

  private static Map<String, StorageUse> uses(EventStore store) {
    return store.storage(Cancellation.create(), ProgressListener.NONE).stream()
        .collect(Collectors.toMap(StorageUse::kind, Function.identity()));
  }

  private static StorageUse of(Map<String, StorageUse> uses, String kind) {
    return Objects.requireNonNull(uses.get(kind));
  }

  private static long segmentBytes(Map<String, StorageUse> uses) {
    return uses.values().stream()
        .filter(use -> !use.kind().equals("index") && !use.kind().equals("checkpoint"))
        .mapToLong(StorageUse::bytes)
        .sum();
  }

  private static EventId fill(EventStore store, String title) {
    byte[] content = new byte[CONTENT_BYTES];
    new Random(1).nextBytes(content);
    EventId root = store.append(NewEvent.root(title).content(store.put(content)).build());
    for (int i = 1; i < EVENTS; i++) {
      store.append(NewEvent.child(root).title("child " + i).build());
    }
    return root;
  }

  @Test
  void every_byte_of_the_segments_is_of_some_kind() {
    StoreOptions options =
        StoreOptions.at(directory.resolve("db"))
            .withDurability(Durability.NONE)
            .withProfile(Profile.SMALL);
    Map<String, StorageUse> before;
    try (EventStore store = EmbeddedEventStore.open(options)) {
      fill(store, "r");
      store.checkpoint();
      before = uses(store);
      Statistics statistics = store.statistics();
      assertEquals(statistics.segmentBytes(), segmentBytes(before));
      assertEquals(EVENTS, of(before, "event").records());
      assertEquals(EVENTS, of(before, "commit").records());
      assertEquals(0, of(before, "tombstone").records());
      assertEquals(1, of(before, "segment header").records());
      assertEquals(0, of(before, "unreadable").bytes());
      assertTrue(of(before, "chunk").bytes() + of(before, "chunk group").bytes() > CONTENT_BYTES);
      assertEquals(statistics.indexBytes(), of(before, "index").bytes());
      assertEquals(before, uses(store), "what is counted anew is the same");
    }
    try (EventStore store = EmbeddedEventStore.open(options.withReadOnly(true))) {
      assertEquals(before, uses(store));
    }
  }

  @Test
  void events_that_were_removed_are_dead_and_no_others() {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      EventId root = fill(store, "r");
      EventId gone = store.append(NewEvent.child(root).temporary(null).title("gone").build());
      long before = of(uses(store), "event").bytes();
      assertEquals(0, of(uses(store), "event").deadBytes());
      EventId below = store.append(NewEvent.child(gone).temporary(null).title("too").build());
      try (Transaction transaction = store.begin()) {
        assertEquals(2, transaction.deleteTemporary(List.of(gone)));
        transaction.commit();
      }
      Map<String, StorageUse> uses = uses(store);
      assertEquals(1, of(uses, "tombstone").records());
      long one = of(uses, "event").bytes() - before;
      assertTrue(of(uses, "event").deadBytes() > one, below + " and " + gone);
      assertTrue(of(uses, "event").deadBytes() < 3 * one);
    }
  }

  @Test
  void sealed_segments_are_counted_and_damage_in_them_is_unreadable() throws IOException {
    Path db = directory.resolve("db");
    StoreOptions options =
        StoreOptions.at(db).withDurability(Durability.NONE).withProfile(Profile.SMALL);
    Random random = new Random(5);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      store.append(NewEvent.root("r").build());
      byte[] content = new byte[1 << 20];
      while (store.statistics().segments() < 2) {
        random.nextBytes(content);
        store.put(content);
      }
      store.append(NewEvent.root("s").build());
      Map<String, StorageUse> uses = uses(store);
      assertEquals(store.statistics().segmentBytes(), segmentBytes(uses));
      assertEquals(2, of(uses, "event").records());
      assertEquals(uses, uses(store));
    }
    try (java.io.RandomAccessFile file =
        new java.io.RandomAccessFile(db.resolve("segment-00000001.log").toFile(), "rw")) {
      file.seek(32);
      file.writeInt(0); // the magic of the first record
    }
    try (EventStore store = EmbeddedEventStore.open(options.withReadOnly(true))) {
      Map<String, StorageUse> uses = uses(store);
      assertEquals(store.statistics().segmentBytes(), segmentBytes(uses));
      assertEquals(store.segments().get(0).bytes() - 32, of(uses, "unreadable").bytes());
    }
  }

  @Test
  void counting_can_be_cancelled() {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      store.append(NewEvent.root("r").build());
      Cancellation cancelled = Cancellation.create();
      cancelled.cancel();
      StoreException stopped =
          assertThrows(StoreException.class, () -> store.storage(cancelled, ProgressListener.NONE));
      assertEquals(ErrorCode.CANCELLED, stopped.code());
    }
  }
}
