package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * Calls of a thread that was interrupted: an interrupt closes channels, which must not look like a
 * closed store. They end as ever, or as cancelled, and the interrupt is kept.
 */
class InterruptedCallsTest {
  private static final int SEGMENT_PARTS = 40;

  @TempDir private Path directory;

  @AfterEach
  void nobody_else_is_interrupted() {
    boolean kept = Thread.interrupted();
    assertEquals(false, kept, "an interrupt was left");
  }

  private StoreOptions at(String name) {
    return StoreOptions.at(directory.resolve(name)).withProfile(Profile.SMALL);
  }

  /** Runs a call with the thread interrupted before it. */
  private static void interrupted(Runnable call) {
    Thread.currentThread().interrupt();
    try {
      call.run();
    } catch (StoreException e) {
      assertEquals(ErrorCode.CANCELLED, e.code(), e::getMessage);
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt was lost");
    }
  }

  /** Runs a call that does not wait, with the thread interrupted before it. */
  private static void goesOn(Runnable call) {
    Thread.currentThread().interrupt();
    try {
      call.run();
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt was lost");
    }
  }

  @Test
  void commits_checkpoints_and_reads_go_on() {
    EventId[] root = new EventId[1];
    goesOn(() -> root[0] = filled("db"));
    try (EventStore store = EmbeddedEventStore.open(at("db"));
        Snapshot snapshot = store.snapshot()) {
      assertEquals(SEGMENT_PARTS + 1, snapshot.eventCount());
      assertTrue(store.segments().size() > 1);
      goesOn(() -> assertTrue(snapshot.event(root[0]).isPresent()));
    }
  }

  /** Opens, fills more than a segment, takes checkpoints, and closes. */
  private EventId filled(String name) {
    try (EventStore store = EmbeddedEventStore.open(at(name))) {
      EventId root = store.append(NewEvent.root("r").build());
      byte[] part = new byte[1 << 20];
      for (int i = 0; i < SEGMENT_PARTS; i++) {
        new Random(i).nextBytes(part);
        store.append(NewEvent.child(root).content(store.put(part)).build());
      }
      store.checkpoint();
      return root;
    }
  }

  @Test
  void long_calls_end_as_ever_or_as_cancelled() {
    filled("db");
    ProgressListener none = ProgressListener.NONE;
    interrupted(
        () -> StoreBackup.backup(at("db"), directory.resolve("copy"), Cancellation.create(), none));
    StoreBackup.backup(at("db"), directory.resolve("copy"), Cancellation.create(), none);
    interrupted(
        () ->
            StoreBackup.restore(directory.resolve("copy"), at("new"), Cancellation.create(), none));
    try (EventStore store = EmbeddedEventStore.open(at("db"))) {
      interrupted(() -> store.verify(Cancellation.create(), none));
      interrupted(() -> store.storage(Cancellation.create(), none));
      interrupted(() -> store.segmentUse(Cancellation.create()));
      interrupted(() -> store.compact(Cancellation.create(), none));
      interrupted(() -> store.rebuildIndex(Cancellation.create(), none));
      interrupted(() -> store.reclaim(ReclaimOptions.DEFAULT, Cancellation.create(), none));
      goesOn(() -> EmbeddedEventStore.open(at("db").withReadOnly(true)).close());
      assertTrue(store.verify(Cancellation.create(), none).isSound());
    }
    interrupted(
        () -> StoreBackup.repair(at("db"), directory.resolve("copy"), Cancellation.create(), none));
    try (EventStore store = EmbeddedEventStore.open(at("db"))) {
      assertTrue(store.verify(Cancellation.create(), none).isSound());
    }
  }

  @Test
  void a_segment_that_was_written_anew_is_read_on() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(at("db"))) {
      EventId root = store.append(NewEvent.root("r").build());
      byte[] bytes = new byte[1 << 20];
      EventId kept = root;
      for (int i = 0; i < SEGMENT_PARTS; i++) {
        new Random(i).nextBytes(bytes);
        NewEvent.Builder child = NewEvent.child(root).content(store.put(bytes));
        kept = i == 0 ? store.append(child.build()) : kept;
        store.append(child.temporary(5L).build());
      }
      store.expire();
      store.reclaim(ReclaimOptions.DEFAULT, Cancellation.create(), ProgressListener.NONE);
      assertTrue(Files.exists(directory.resolve("db").resolve("segment-00000001-1.log")));
      EventId first = kept;
      new Random(0).nextBytes(bytes);
      try (Snapshot snapshot = store.snapshot()) {
        goesOn(() -> assertTrue(snapshot.event(first).isPresent()));
        goesOn(
            () -> {
              EventRow row = Objects.requireNonNull(snapshot.find(first));
              assertArrayEquals(bytes, snapshot.content(row).orElseThrow().readAll(bytes.length));
            });
      }
      try (Stream<Path> files = Files.list(directory.resolve("db"))) {
        assertTrue(files.noneMatch(file -> file.toString().endsWith(".next")));
      }
    }
  }
}
