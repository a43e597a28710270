package org.ouroborosdb.store.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.ReclaimReport;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.VerifyReport;

/** A disk that fails costs nothing acknowledged, and reading goes on. */
class FailingDiskTest {
  private static final int RUNS = 25;
  private static final int APPENDS = 30;
  private static final int CHECKPOINT_EVERY = 7;

  @TempDir private Path directory;

  private final Map<EventId, byte[]> acknowledged = new LinkedHashMap<>();

  private void run(Path db, FailingDisk.Plan plan, Random random, ErrorCode expected) {
    acknowledged.clear();
    StoreOptions options = StoreOptions.at(db);
    EventStore store = EmbeddedEventStore.open(options, disk -> new FailingDisk(disk, plan));
    try {
      byte[] none = new byte[0];
      EventId root = store.append(NewEvent.root("r").content(store.put(none)).build());
      acknowledged.put(root, none);
      plan.failAfter(random.nextInt(120), random.nextBoolean() ? 1 : random.nextInt(60) + 1);
      byte[] refused = none; // its chunk may be stored, and must be whole if it is put again
      for (int i = 0; i < APPENDS; i++) {
        byte[] bytes = i % 2 == 0 ? refused : random(random.nextInt(2000), random);
        try {
          acknowledged.put(
              store.append(NewEvent.child(root).content(store.put(bytes)).build()), bytes);
          if (i % CHECKPOINT_EVERY == 0) {
            store.checkpoint();
          }
        } catch (StoreException e) {
          assertEquals(expected, e.code(), () -> e.getMessage());
          refused = bytes;
        }
        check(store);
      }
    } finally {
      plan.failAfter(Integer.MAX_VALUE, 0);
      closeDespiteFailure(store);
    }
    try (EventStore again = EmbeddedEventStore.open(options)) {
      check(again);
      VerifyReport report = again.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
    }
  }

  private static byte[] random(int length, Random random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void closeDespiteFailure(EventStore store) {
    try {
      store.close();
    } catch (StoreException e) {
      assertTrue(e.code() == ErrorCode.IO_FAILED || e.code() == ErrorCode.DISK_FULL);
    }
  }

  private void check(EventStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      acknowledged.forEach(
          (id, bytes) -> {
            EventRow row = snapshot.find(id);
            assertNotNull(row, () -> "acknowledged event " + id + " is lost");
            assertArrayEquals(bytes, snapshot.content(row).orElseThrow().readAll(1 << 20));
            assertTrue(snapshot.event(id).isPresent());
          });
    }
  }

  @Test
  void a_full_disk_loses_nothing_acknowledged_and_reading_goes_on() {
    runAll("No space left on device", ErrorCode.DISK_FULL);
  }

  @Test
  void failing_calls_lose_nothing_acknowledged_and_reading_goes_on() {
    runAll("Input/output error", ErrorCode.IO_FAILED);
  }

  private void runAll(String message, ErrorCode expected) {
    long seed = new Random().nextLong();
    System.out.println("failing disk: seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < RUNS; i++) {
      run(directory.resolve("db" + i), new FailingDisk.Plan(message), random, expected);
    }
  }

  @Test
  void too_little_free_space_refuses_writes_and_not_reads() {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    EventId root;
    try (EventStore store = EmbeddedEventStore.open(options)) {
      root = store.append(NewEvent.root("r").build());
    }
    try (EventStore store =
        EmbeddedEventStore.open(
            options.withMinFreeBytes(Long.MAX_VALUE).withDurability(Durability.COMMIT))) {
      StoreException failure =
          assertThrows(StoreException.class, () -> store.append(NewEvent.child(root).build()));
      assertEquals(ErrorCode.DISK_FULL, failure.code());
      assertEquals(1, store.statistics().events());
      try (Snapshot snapshot = store.snapshot()) {
        assertNotNull(snapshot.find(root));
      }
    }
  }

  @Test
  void a_cleanup_that_a_failing_disk_stops_goes_on_with_the_disk() {
    FailingDisk.Plan plan = new FailingDisk.Plan("Input/output error");
    StoreOptions options = StoreOptions.at(directory.resolve("db")).withCleanupMillis(1);
    try (EventStore store = EmbeddedEventStore.open(options, disk -> new FailingDisk(disk, plan))) {
      EventId root = store.append(NewEvent.root("r").build());
      plan.failAfter(0, Integer.MAX_VALUE);
      assertThrows(
          StoreException.class,
          () -> store.append(NewEvent.child(root).title("not written").build()));
      plan.failAfter(Integer.MAX_VALUE, 0);
      try (Transaction transaction = store.begin()) {
        for (int i = 0; i < 50; i++) {
          transaction.append(NewEvent.child(root).temporary(5L).build());
        }
        transaction.commit();
        plan.failAfter(0, 200); // calls, of which each look at what has expired makes some
      }
      while (store.statistics().events() > 1) {
        Thread.onSpinWait();
      }
      plan.failAfter(Integer.MAX_VALUE, 0);
    }
    try (EventStore again = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("db")))) {
      assertEquals(1, again.statistics().events());
      assertTrue(again.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  @Test
  void what_is_dead_is_told_while_the_disk_fails_and_freed_when_it_works() {
    FailingDisk.Plan plan = new FailingDisk.Plan("Input/output error");
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    try (EventStore store = EmbeddedEventStore.open(options, disk -> new FailingDisk(disk, plan))) {
      EventId root = store.append(NewEvent.root("r").build());
      for (int i = 0; i < 20; i++) {
        byte[] bytes = random(20_000, new Random(i));
        store.append(NewEvent.child(root).temporary(5L).content(store.put(bytes)).build());
      }
      store.expire();
      plan.failAfter(0, Integer.MAX_VALUE);
      assertThrows(
          StoreException.class,
          () -> store.append(NewEvent.child(root).title("not written").build()));
      assertEquals(0, store.segmentUse(Cancellation.create()).get(0).liveRatio(), 0.05);
      assertThrows(StoreException.class, () -> reclaim(store));
      assertEquals(1, store.statistics().events());
      plan.failAfter(Integer.MAX_VALUE, 0);
      store.append(NewEvent.child(root).title("written").build());
      assertEquals(1, reclaim(store).segments());
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  private static ReclaimReport reclaim(EventStore store) {
    return store.reclaim(ReclaimOptions.DEFAULT, Cancellation.create(), ProgressListener.NONE);
  }
}
