package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

  @Test
  void compact_writes_the_index_anew_however_dense_it_is_and_says_what_that_freed()
      throws IOException {
    Path db = directory.resolve("db");
    StoreOptions options = StoreOptions.at(db).withDurability(Durability.NONE);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = append(store, null, FIRST_EVENTS);
      store.checkpoint();
      append(store, root, EVENTS_PER_CHECKPOINT);
      store.checkpoint();
      long before = store.statistics().indexBytes();
      try (Snapshot old = store.snapshot()) {
        List<Long> told = new ArrayList<>();
        long freed = store.compact(Cancellation.create(), (done, total) -> told.add(total - done));
        assertEquals(before - store.statistics().indexBytes(), freed);
        assertTrue(freed > 0);
        assertEquals(0, told.get(told.size() - 1));
        assertEquals(FIRST_EVENTS + EVENTS_PER_CHECKPOINT + 1, old.bySeq(1, 9999, false).count());
        assertEquals(0, store.compact(Cancellation.create(), ProgressListener.NONE));
        assertEquals(3, indexFiles(db), "the old snapshot's file and those between are kept");
      }
      store.checkpoint();
      append(store, root, 1);
      store.checkpoint();
      assertEquals(1, indexFiles(db));
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
    try (EventStore store = EmbeddedEventStore.open(options.withReadOnly(true));
        Snapshot snapshot = store.snapshot()) {
      assertEquals(FIRST_EVENTS + EVENTS_PER_CHECKPOINT + 2, snapshot.eventCount());
      StoreException refused =
          assertThrows(
              StoreException.class,
              () -> store.compact(Cancellation.create(), ProgressListener.NONE));
      assertEquals(ErrorCode.READ_ONLY, refused.code());
    }
  }

  @Test
  void a_cancelled_compact_leaves_the_old_index() throws IOException {
    Path db = directory.resolve("db");
    StoreOptions options = StoreOptions.at(db).withDurability(Durability.NONE);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      append(store, null, FIRST_EVENTS);
      store.checkpoint();
      long before = store.statistics().indexBytes();
      Cancellation cancellation = Cancellation.create();
      StoreException stopped =
          assertThrows(
              StoreException.class,
              () -> store.compact(cancellation, (done, total) -> cancellation.cancel()));
      assertEquals(ErrorCode.CANCELLED, stopped.code());
      assertEquals(before, store.statistics().indexBytes());
      assertEquals(1, indexFiles(db));
      append(store, null, 1, "other");
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  @Test
  void a_full_disk_refuses_to_compact_and_a_store_in_memory_has_nothing_to_compact()
      throws IOException {
    StoreOptions options = StoreOptions.at(directory.resolve("db")).withMinFreeBytes(0);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      append(store, null, 10);
    }
    StoreOptions full = options.withMinFreeBytes(Long.MAX_VALUE / 2);
    try (EventStore store = EmbeddedEventStore.open(full)) {
      StoreException refused =
          assertThrows(
              StoreException.class,
              () -> store.compact(Cancellation.create(), ProgressListener.NONE));
      assertEquals(ErrorCode.DISK_FULL, refused.code());
    }
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      append(store, null, 10);
      assertEquals(0, store.compact(Cancellation.create(), ProgressListener.NONE));
    }
  }

  private static long indexFiles(Path db) throws IOException {
    try (Stream<Path> files = Files.list(db)) {
      return files.filter(file -> file.getFileName().toString().matches("index.*\\.mv")).count();
    }
  }

  private static EventId append(EventStore store, @Nullable EventId root, int count) {
    return append(store, root, count, "root");
  }

  private static EventId append(EventStore store, @Nullable EventId root, int count, String title) {
    try (Transaction transaction = store.begin()) {
      EventId top = root == null ? transaction.append(NewEvent.root(title).build()) : root;
      for (int i = 0; i < count; i++) {
        transaction.append(NewEvent.of(EventType.NORMAL, top).title("event " + i).build());
      }
      transaction.commit();
      return top;
    }
  }
}
