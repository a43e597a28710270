package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Many threads on one store. */
class ConcurrentUseTest {
  private static final int WRITERS = 6;
  private static final int ROUNDS = 150;
  private static final int GROUP = 3;

  @TempDir private Path directory;

  private StoreOptions options() {
    return StoreOptions.at(directory.resolve("db")).withProfile(Profile.SMALL);
  }

  private static void all(List<Callable<Void>> works) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(works.size());
    try {
      List<Future<Void>> results = threads.invokeAll(works);
      for (Future<Void> result : results) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void readers_see_whole_transactions_while_many_write() throws Exception {
    try (EventStore store = EmbeddedEventStore.open(options())) {
      EventId root = store.append(NewEvent.root("r").build());
      AtomicBoolean done = new AtomicBoolean();
      AtomicInteger writing = new AtomicInteger(WRITERS);
      List<Callable<Void>> works = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        works.add(
            () -> {
              try {
                write(store, root, number);
              } finally {
                done.set(writing.decrementAndGet() == 0);
              }
              return null;
            });
      }
      for (int reader = 0; reader < 3; reader++) {
        works.add(
            () -> {
              long last = 0;
              while (!done.get()) {
                last = read(store, last);
              }
              return null;
            });
      }
      all(works);
      assertEquals(1 + WRITERS * ROUNDS * GROUP, store.statistics().events());
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
    try (EventStore store = EmbeddedEventStore.open(options())) {
      assertEquals(1 + WRITERS * ROUNDS * GROUP, store.statistics().events());
    }
  }

  private static void write(EventStore store, EventId root, int writer) {
    for (int i = 0; i < ROUNDS; i++) {
      StoredContent content = store.put(ByteBuffer.allocate(8).putInt(i % 10).array());
      try (Transaction transaction = store.begin()) {
        for (int k = 0; k < GROUP; k++) {
          transaction.append(
              NewEvent.child(root).title("w" + writer + "-" + i).content(content).build());
        }
        transaction.commit();
      }
    }
  }

  private static long read(EventStore store, long last) {
    try (Snapshot snapshot = store.snapshot()) {
      assertTrue(snapshot.seq() >= last);
      long count = snapshot.children(1).count();
      assertEquals(snapshot.eventCount() - 1, count);
      assertEquals(0, count % GROUP);
      EventRow newest = snapshot.bySeq(1, Long.MAX_VALUE, true).first().orElseThrow();
      assertEquals(snapshot.seq(), newest.seq());
      if (newest.title() != null && newest.depth() > 0) {
        assertEquals(GROUP, snapshot.titled(1, Objects.requireNonNull(newest.title())).count());
        assertEquals(8, snapshot.content(newest).orElseThrow().readAll(8).length);
      }
      return snapshot.seq();
    }
  }

  @Test
  void one_of_many_threads_gets_a_root_title() throws Exception {
    try (EventStore store = EmbeddedEventStore.open(options())) {
      AtomicInteger won = new AtomicInteger();
      List<Callable<Void>> works = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        works.add(
            () -> {
              for (int title = 0; title < 50; title++) {
                try {
                  store.append(NewEvent.root("root " + title).build());
                  won.incrementAndGet();
                } catch (StoreException e) {
                  assertEquals(ErrorCode.ROOT_TITLE_TAKEN, e.code());
                }
              }
              return null;
            });
      }
      all(works);
      assertEquals(50, won.get());
      assertEquals(50, store.statistics().roots());
    }
  }

  @Test
  void nothing_hangs_below_what_was_deleted_meanwhile() throws Exception {
    try (EventStore store = EmbeddedEventStore.open(options().withDurability(Durability.NONE))) {
      EventId root = store.append(NewEvent.root("r").build());
      List<Callable<Void>> works = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        works.add(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                appendOrDelete(store, root, round);
              }
              return null;
            });
      }
      all(works);
      VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
      Statistics before = store.statistics();
      store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      assertEquals(before.events(), store.statistics().events());
    }
  }

  /** Everybody works on the newest temporary event: some append below it, some delete it. */
  private static void appendOrDelete(EventStore store, EventId root, int round) {
    try (Transaction transaction = store.begin()) {
      EventRow newest = transaction.view().bySeq(1, Long.MAX_VALUE, true).first().orElseThrow();
      if (round % 5 == 0 && newest.temporary()) {
        transaction.deleteTemporary(List.of(newest.id()));
      } else {
        EventId parent = newest.temporary() && newest.depth() < 20 ? newest.id() : root;
        transaction.append(NewEvent.child(parent).temporary().build());
      }
      transaction.commit();
    } catch (StoreException e) {
      assertTrue(
          e.code() == ErrorCode.CONFLICT || e.code() == ErrorCode.EVENT_NOT_FOUND,
          () -> e.code() + " " + e.getMessage());
    }
  }

  @Test
  void closing_under_use_ends_every_call_with_closed() throws Exception {
    for (int run = 0; run < 5; run++) {
      EventStore store =
          EmbeddedEventStore.open(
              StoreOptions.at(directory.resolve("db" + run)).withDurability(Durability.NONE));
      EventId root = store.append(NewEvent.root("r").build());
      List<Callable<Void>> works = new ArrayList<>();
      AtomicInteger started = new AtomicInteger();
      for (int i = 0; i < 4; i++) {
        boolean reader = i % 2 == 0;
        works.add(
            () -> {
              useUntilClosed(store, root, reader, started);
              return null;
            });
      }
      works.add(
          () -> {
            while (started.get() < 200) {
              Thread.onSpinWait();
            }
            store.close();
            return null;
          });
      all(works);
    }
  }

  private static void useUntilClosed(
      EventStore store, EventId root, boolean reader, AtomicInteger started) {
    try {
      while (true) {
        started.incrementAndGet();
        if (reader) {
          try (Snapshot snapshot = store.snapshot()) {
            for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
              snapshot.content(row).ifPresent(content -> content.readAll(100));
              snapshot.event(row.id());
            }
          }
        } else {
          StoredContent content = store.put(ByteBuffer.allocate(8).putInt(started.get()).array());
          store.append(NewEvent.child(root).content(content).metadata("m" + started).build());
        }
      }
    } catch (StoreException e) {
      assertEquals(ErrorCode.CLOSED, e.code(), () -> e.getMessage());
    }
  }
}
