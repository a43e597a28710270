package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.HandmadeLog.OneEvent;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** Threads take turns at a log: none keeps one, and each is told what became of its batch. */
class LogTurnsTest {
  private static final int PATIENCE_SECONDS = 20;

  private static SegmentLog open(SimulatedDisk disk, Durability durability) throws IOException {
    new HandmadeLog(disk);
    return HandmadeLog.open(disk, durability, HandmadeLog.SEGMENT_BYTES, 0);
  }

  private static <T> CompletableFuture<T> start(Callable<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                done.complete(work.call());
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private static <T> T await(CompletableFuture<T> done) throws Exception {
    return done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void whatever_a_thread_did_another_may_write_then() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = open(disk, Durability.COMMIT)) {
      List<Callable<?>> calls =
          List.of(
              () -> log.commit(new OneEvent(1, 5), false),
              () -> log.commit(new OneEvent(1, 5), true),
              () -> HandmadeLog.append(log, 7, 5),
              () -> {
                Position at = HandmadeLog.append(log, 8, 5);
                return log.read(at, RecordKind.CHUNK);
              },
              log::settle,
              () -> log.quiesced(at -> at),
              () -> {
                log.publishPending();
                log.resume(end -> {});
                log.seal();
                return "";
              },
              () -> {
                disk.faults().failChanges(0, 1, "Input/output error");
                return assertThrows(
                    StoreException.class, () -> log.commit(new OneEvent(1, 5), false));
              });
      for (Callable<?> call : calls) {
        call.call();
        await(start(() -> log.commit(new OneEvent(2, 5), true)));
      }
    }
  }

  /** Does something while it is published, when another thread has appended a batch. */
  private static final class Publishing implements Batch {
    private final Consumer<OneEvent> then;
    private final SegmentLog log;
    private CompletableFuture<Long> other = new CompletableFuture<>();
    private int published;

    Publishing(SegmentLog log, Consumer<OneEvent> then) {
      this.log = log;
      this.then = then;
    }

    @Override
    public List<Entry> records(long firstSeq) {
      return List.of(new Entry(RecordKind.EVENT, HandmadeLog.name(1), ByteBuffer.allocate(5)));
    }

    @Override
    public void publish(List<Position> positions, long firstSeq) {
      published++;
      OneEvent waits = new OneEvent(2, 5);
      Position end = log.end();
      other = start(() -> log.commit(waits, false));
      while (log.end().equals(end)) {
        Thread.onSpinWait();
      }
      assertFalse(waits.published);
      then.accept(waits);
    }

    @Override
    public void failed() {
      throw new AssertionError("it did not fail");
    }
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void what_waits_for_its_turn_is_published_before_anything_that_must_see_it(Durability durability)
      throws Exception {
    List<Consumer<SegmentLog>> calls =
        List.of(
            SegmentLog::settle,
            log -> log.quiesced(at -> at),
            log -> log.resume(end -> {}),
            SegmentLog::publishPending,
            log -> log.commit(new OneEvent(3, 5), true));
    for (Consumer<SegmentLog> call : calls) {
      try (SegmentLog log = open(new SimulatedDisk(), durability)) {
        Publishing batch =
            new Publishing(
                log,
                waits -> {
                  call.accept(log);
                  assertTrue(waits.published);
                });
        assertEquals(1, log.commit(batch, false));
        assertEquals(2, await(batch.other));
        assertEquals(1, batch.published);
      }
    }
  }

  @Test
  void a_batch_alone_sees_all_before_it_and_another_sees_what_is_published() throws Exception {
    for (boolean alone : new boolean[] {true, false}) {
      try (SegmentLog log = open(new SimulatedDisk(), Durability.COMMIT)) {
        List<Boolean> seen = new ArrayList<>();
        Publishing batch =
            new Publishing(
                log,
                waits -> {
                  OneEvent third = new OneEvent(3, 5);
                  Batch looks =
                      new Batch() {
                        @Override
                        public List<Entry> records(long firstSeq) {
                          seen.add(waits.published);
                          return third.records(firstSeq);
                        }

                        @Override
                        public void publish(List<Position> positions, long firstSeq) {
                          third.publish(positions, firstSeq);
                        }

                        @Override
                        public void failed() {
                          third.failed();
                        }
                      };
                  log.commit(looks, alone);
                });
        log.commit(batch, false);
        await(batch.other);
        assertEquals(List.of(alone), seen);
      }
    }
  }

  /** Counts what becomes of it. */
  private static final class Counted implements Batch {
    private int published;
    private int failed;

    @Override
    public List<Entry> records(long firstSeq) {
      return List.of(new Entry(RecordKind.EVENT, HandmadeLog.name(1), ByteBuffer.allocate(9)));
    }

    @Override
    public void publish(List<Position> positions, long firstSeq) {
      published++;
    }

    @Override
    public void failed() {
      failed++;
    }
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void many_threads_commit_and_each_batch_is_published_once(Durability durability)
      throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    disk.faults().slowForces(20_000);
    int threads = 4;
    int commits = 40;
    try (SegmentLog log = open(disk, durability)) {
      List<Long> seqs = Collections.synchronizedList(new ArrayList<>());
      List<CompletableFuture<String>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        boolean alone = i == 0;
        running.add(
            start(
                () -> {
                  for (int j = 0; j < commits; j++) {
                    Counted batch = new Counted();
                    seqs.add(log.commit(batch, alone && j % 5 == 0));
                    assertEquals(1, batch.published);
                    assertEquals(0, batch.failed);
                  }
                  return "";
                }));
      }
      for (CompletableFuture<String> each : running) {
        await(each);
      }
      List<Long> all = LongStream.rangeClosed(1, (long) threads * commits).boxed().toList();
      assertEquals(all, List.copyOf(new TreeSet<>(seqs)));
      assertEquals(all.size(), log.settle().lastSeq());
    }
  }

  @Test
  void a_batch_that_could_not_be_forced_is_told_once_and_published_never() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = open(disk, Durability.COMMIT)) {
      Counted first = new Counted();
      log.commit(first, false);
      disk.faults().failChanges(1, 1, "Input/output error");
      Counted lost = new Counted();
      assertThrows(StoreException.class, () -> log.commit(lost, false));
      assertEquals(1, lost.failed);
      StoreException broken = log.broken();
      assertNotNull(broken);
      assertEquals(ErrorCode.IO_FAILED, broken.code());
      log.resume(end -> {});
      assertNull(log.broken());
      log.commit(new Counted(), false);
      assertEquals(1, first.published);
      assertEquals(0, lost.published);
    }
  }

  @Test
  void nothing_is_forced_when_nothing_is_new() throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentLog log = open(disk, Durability.COMMIT)) {
      log.commit(new OneEvent(1, 5), false);
      long changes = disk.faults().changes();
      log.publishPending();
      log.settle();
      assertEquals(changes, disk.faults().changes());
      assertEquals("done", log.quiesced(at -> "done"));
    }
  }

  @Test
  void a_closed_log_asks_a_batch_for_nothing() throws IOException {
    SegmentLog log = open(new SimulatedDisk(), Durability.COMMIT);
    log.close();
    Counted late = new Counted();
    assertThrows(StoreException.class, () -> log.commit(late, false));
    assertEquals(0, late.failed);
    StoreException closed = assertThrows(StoreException.class, () -> HandmadeLog.append(log, 7, 5));
    assertEquals(ErrorCode.CLOSED, closed.code());
    assertEquals("the store is closed", closed.getMessage());
  }
}
