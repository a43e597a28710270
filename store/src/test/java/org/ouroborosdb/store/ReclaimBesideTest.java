package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.backup.BackupReport;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.embedded.Simulation;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** Space is freed while others work, and is given up in the middle. */
class ReclaimBesideTest {
  private static final ReclaimOptions ALL = ReclaimOptions.DEFAULT.withLeastDead(0);
  private static final int LENGTH = 3_000;

  @TempDir private Path directory;
  private final Random random = new Random(11);
  private final Map<EventId, byte[]> kept = new LinkedHashMap<>();

  private Path db() {
    return directory.resolve("db");
  }

  private EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(db()));
  }

  /** Fills a store with pairs of an event that stays and one that has expired. */
  private void fill(EventStore store, int pairs) {
    for (int i = 0; i < pairs; i++) {
      byte[] content = bytes();
      EventId root = store.append(NewEvent.root("r" + kept.size()).build());
      kept.put(store.append(NewEvent.child(root).content(store.put(content)).build()), content);
      store.append(NewEvent.child(root).temporary(5L).content(store.put(bytes())).build());
    }
  }

  private byte[] bytes() {
    byte[] bytes = new byte[LENGTH];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Makes a store in which nobody holds contents, and half of all has been removed. */
  private void prepare(int pairs) {
    try (EventStore store = open()) {
      fill(store, pairs);
      store.expire();
    }
  }

  private static ReclaimReport reclaim(EventStore store) {
    return store.reclaim(ALL, Cancellation.create(), ProgressListener.NONE);
  }

  private void check(EventStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      for (Map.Entry<EventId, byte[]> each : kept.entrySet()) {
        EventRow row = snapshot.find(each.getKey());
        assertNotNull(row);
        assertArrayEquals(each.getValue(), snapshot.content(row).orElseThrow().readAll(LENGTH));
      }
    }
    VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
    assertTrue(report.isSound(), () -> report.damages().toString());
  }

  private List<String> segmentFiles() throws IOException {
    try (Stream<Path> files = Files.list(db())) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith("segment"))
          .sorted()
          .toList();
    }
  }

  /** A thread whose failure is told when it is joined. */
  private static final class Beside {
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Thread thread;

    Beside(Runnable work) {
      thread = new Thread(work);
      thread.setUncaughtExceptionHandler((in, e) -> failure.set(e));
      thread.start();
    }

    boolean waitsOrEnded() {
      Thread.State state = thread.getState();
      return state == Thread.State.TIMED_WAITING || state == Thread.State.TERMINATED;
    }

    void join() {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      assertNull(failure.get());
    }
  }

  @Test
  void a_verification_under_way_sees_one_file_in_each_place() throws IOException {
    prepare(20);
    try (EventStore store = open()) {
      AtomicReference<@Nullable Beside> started = new AtomicReference<>();
      ReclaimReport[] reclaimed = new ReclaimReport[1];
      VerifyReport verified =
          store.verify(
              Cancellation.create(),
              (done, total) -> {
                if (started.get() == null) {
                  Beside reclaim = new Beside(() -> reclaimed[0] = reclaim(store));
                  started.set(reclaim);
                  while (!reclaim.waitsOrEnded()) {
                    Thread.onSpinWait();
                  }
                }
                assertTrue(Files.exists(db().resolve("segment-00000001.log")));
                assertFalse(Files.exists(db().resolve("segment-00000001-1.log")));
              });
      assertTrue(verified.isSound(), () -> verified.damages().toString());
      Beside reclaim = started.get();
      assertNotNull(reclaim);
      reclaim.join();
      assertEquals(1, reclaimed[0].segments());
      assertEquals(List.of("segment-00000001-1.log", "segment-00000002.log"), segmentFiles());
      check(store);
    }
  }

  /** Opens a store beside its writer, and reads all of it at each line that comes in. */
  static final class Reader {
    private Reader() {}

    /** Takes the directory. */
    public static void main(String[] arguments) throws IOException {
      StoreOptions options = StoreOptions.at(Path.of(arguments[0])).withReadOnly(true);
      try (EventStore store = EmbeddedEventStore.open(options)) {
        System.out.println("open");
        while (System.in.read() == 'v') {
          try (Snapshot snapshot = store.snapshot()) {
            long bytes = 0;
            for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
              bytes +=
                  snapshot.content(row).map(content -> content.readAll(LENGTH).length).orElse(0);
            }
            boolean sound = store.verify(Cancellation.create(), ProgressListener.NONE).isSound();
            System.out.println(bytes + " " + sound);
          }
        }
      }
    }
  }

  @Test
  void a_reader_in_another_process_keeps_its_files_until_it_leaves() throws IOException {
    prepare(10);
    List<String> before = segmentFiles();
    try (EventStore store = open()) {
      try (ForkedJvm reader = new ForkedJvm(Reader.class, db().toString())) {
        assertEquals("open", reader.line());
        assertEquals(1, reclaim(store).waitingFiles());
        assertTrue(segmentFiles().containsAll(before), () -> before + " are needed");
        reader.say("v");
        assertEquals(10 * LENGTH + " true", reader.line());
        store.checkpoint();
        assertTrue(segmentFiles().containsAll(before), () -> before + " are needed");
      }
      ReclaimReport after = reclaim(store);
      assertEquals(0, after.waitingFiles());
      assertEquals(List.of("segment-00000001-1.log", "segment-00000002.log"), segmentFiles());
      check(store);
    }
  }

  @Test
  void a_backup_under_way_keeps_the_files_that_it_copies() throws IOException {
    prepare(10);
    Path copy = directory.resolve("copy");
    try (EventStore store = open()) {
      store.append(NewEvent.root("last").build());
      AtomicBoolean once = new AtomicBoolean();
      List<ReclaimReport> reports = new ArrayList<>();
      BackupReport report =
          StoreBackup.backup(
              StoreOptions.at(db()),
              copy,
              Cancellation.create(),
              (done, total) -> {
                if (once.compareAndSet(false, true)) {
                  reports.add(reclaim(store));
                }
              });
      assertEquals(1, reports.get(0).segments());
      assertEquals(1, reports.get(0).waitingFiles(), "the backup reads it");
      assertEquals(21, report.events());
      assertEquals(0, reclaim(store).waitingFiles());
      check(store);
      try (EventStore backup = EmbeddedEventStore.open(StoreOptions.at(copy).withReadOnly(true))) {
        check(backup);
      }
      StoreBackup.backup(StoreOptions.at(db()), copy, Cancellation.create(), ProgressListener.NONE);
      try (EventStore backup = EmbeddedEventStore.open(StoreOptions.at(copy).withReadOnly(true))) {
        check(backup);
      }
    }
  }

  @Test
  void a_call_that_is_cancelled_in_a_segment_loses_nothing_and_the_next_one_does_it_all()
      throws IOException {
    prepare(10);
    try (EventStore store = open()) {
      long bytes = store.statistics().segmentBytes();
      Cancellation cancellation = Cancellation.create();
      ErrorCode[] said = new ErrorCode[1];
      Beside slow =
          new Beside(
              () -> {
                try {
                  store.reclaim(ALL.withBytesPerSecond(1), cancellation, ProgressListener.NONE);
                } catch (StoreException e) {
                  said[0] = e.code();
                }
              });
      while (segmentFiles().stream().noneMatch(name -> name.endsWith(".next"))) {
        Thread.onSpinWait();
      }
      fill(store, 1); // writers are not held up by it
      cancellation.cancel();
      slow.join();
      assertEquals(ErrorCode.CANCELLED, said[0]);
      assertTrue(segmentFiles().stream().noneMatch(name -> name.endsWith(".next")));
      check(store);
      ReclaimReport report = reclaim(store);
      assertTrue(report.segments() >= 1 && report.freedBytes() > bytes / 3, report::toString);
      check(store);
    }
    try (EventStore store = open()) {
      check(store);
    }
  }

  @Test
  void a_call_that_is_cancelled_between_segments_keeps_what_it_did_and_the_next_one_goes_on() {
    SimulatedDisk disk = new SimulatedDisk();
    StoreOptions options = StoreOptions.inMemory();
    try (EventStore store = new Simulation(3).open(disk, options)) {
      fill(store, 20);
      store.expire();
    }
    try (EventStore store = new Simulation(4).open(disk, options)) {
      int calls = 0;
      long before = store.statistics().segmentBytes();
      for (long freed = 1; freed > 0; calls++) {
        Cancellation cancellation = Cancellation.create();
        long start = before;
        try {
          store.reclaim(
              ReclaimOptions.DEFAULT,
              cancellation,
              (done, total) -> {
                if (store.statistics().segmentBytes() < start) {
                  cancellation.cancel();
                }
              });
        } catch (StoreException e) {
          assertEquals(ErrorCode.CANCELLED, e.code());
        }
        freed = start - store.statistics().segmentBytes();
        before -= freed;
        check(store);
      }
      assertTrue(calls > 5, calls + " calls");
      assertTrue(before < 20 * (LENGTH + 1_500), before + " bytes are left");
    }
    try (EventStore store = new Simulation(5).open(disk, options)) {
      check(store);
    }
  }

  @Test
  void what_is_stored_meanwhile_stays() {
    prepare(10);
    try (EventStore store = open()) {
      AtomicBoolean done = new AtomicBoolean();
      Map<EventId, byte[]> more = new LinkedHashMap<>();
      byte[] dying = bytes();
      Beside writer =
          new Beside(
              () -> {
                while (!done.get() || more.size() < 50) {
                  byte[] content = more.size() % 2 == 0 ? dying : bytes();
                  EventId root = store.append(NewEvent.root("m" + more.size()).build());
                  EventId id =
                      store.append(NewEvent.child(root).content(store.put(content)).build());
                  more.put(id, content);
                  store.append(
                      NewEvent.child(root).temporary(5L).content(store.put(bytes())).build());
                }
              });
      try {
        for (int i = 0; i < 10; i++) {
          store.expire();
          reclaim(store);
        }
      } finally {
        done.set(true);
        writer.join();
      }
      kept.putAll(more);
      check(store);
      store.expire();
      reclaim(store);
      check(store);
      store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      check(store);
    }
  }

  @Test
  void an_index_built_anew_meanwhile_leaves_the_segment_to_the_next_call() throws IOException {
    prepare(100);
    try (EventStore store = open()) {
      Beside reclaim =
          new Beside(
              () ->
                  store.reclaim(
                      ALL.withBytesPerSecond(300_000),
                      Cancellation.create(),
                      ProgressListener.NONE));
      while (segmentFiles().stream().noneMatch(name -> name.endsWith(".next"))
          && reclaim.thread.isAlive()) {
        Thread.onSpinWait();
      }
      store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      reclaim.join();
      check(store);
      reclaim(store);
      check(store);
      assertTrue(segmentFiles().contains("segment-00000001-1.log"));
    }
    try (EventStore again = open()) {
      check(again);
    }
  }

  @Test
  void a_file_that_is_no_readers_note_keeps_nothing() throws IOException {
    prepare(20);
    Path notes = Files.createDirectories(db().resolve("readers")).resolve("notes.txt");
    Files.write(notes, new byte[3]);
    try (EventStore store = open()) {
      assertEquals(0, reclaim(store).waitingFiles());
      assertEquals(1, segmentFiles().stream().filter(name -> name.contains("00000001")).count());
      check(store);
    }
    assertTrue(Files.exists(notes));
  }
}
