package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.backup.BackupReport;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** What is removed gives its space back, and nobody loses anything by it. */
class ReclaimTest {
  private static final ReclaimOptions ALL = ReclaimOptions.DEFAULT.withLeastDead(0);
  private static final int LENGTH = 300_000;

  @TempDir private Path directory;
  private final Random random = new Random(1);
  private final List<EventId> kept = new ArrayList<>();
  private final List<byte[]> contents = new ArrayList<>();

  private EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(directory));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Appends pairs of a permanent and an expired event with content. */
  private void fill(EventStore store, int pairs) {
    EventId root = store.append(NewEvent.root("root" + kept.size()).build());
    for (int i = 0; i < pairs; i++) {
      byte[] content = bytes(LENGTH);
      StoredContent stored = store.put(content);
      kept.add(store.append(NewEvent.child(root).title("k" + i).content(stored).build()));
      contents.add(content);
      EventId gone =
          store.append(
              NewEvent.child(root).temporary(5L).content(store.put(bytes(3 * LENGTH))).build());
      store.append(NewEvent.child(gone).temporary(null).metadata("{\"i\":" + i + "}").build());
    }
  }

  private static ReclaimReport reclaim(EventStore store, ReclaimOptions options) {
    return store.reclaim(options, Cancellation.create(), ProgressListener.NONE);
  }

  private void check(EventStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      for (int i = 0; i < kept.size(); i++) {
        EventRow row = snapshot.find(kept.get(i));
        assertNotNull(row);
        assertArrayEquals(contents.get(i), snapshot.content(row).orElseThrow().readAll(LENGTH));
        assertEquals(kept.get(i), snapshot.event(kept.get(i)).orElseThrow().id());
      }
    }
    VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
    assertTrue(report.isSound(), () -> report.damages().toString());
  }

  /** Returns the length of all segment files. */
  private static long segmentBytes(Path directory) throws IOException {
    long sum = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        sum += String.valueOf(file.getFileName()).startsWith("segment") ? Files.size(file) : 0;
      }
    }
    return sum;
  }

  private static void forgetContents() {
    // The contents of appended events are garbage by now, but only the collector knows.
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
  }

  @Test
  void the_directory_shrinks_by_what_has_expired() throws IOException {
    try (EventStore store = open()) {
      fill(store, 8);
      store.expire();
      store.checkpoint();
      long before = segmentBytes(directory);
      forgetContents();
      ReclaimReport report = reclaim(store, ReclaimOptions.DEFAULT);
      assertEquals(0, report.waitingFiles());
      assertEquals(before + 32 - segmentBytes(directory), report.freedBytes()); // a new last one
      assertTrue(segmentBytes(directory) < 8 * LENGTH * 1.05, () -> report.toString());
      check(store);
      assertEquals(0, reclaim(store, ALL).segments());
    }
    try (EventStore again = open()) {
      check(again);
      long seq = again.snapshot().seq();
      again.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      check(again);
      assertEquals(seq, again.snapshot().seq());
      assertEquals(9, again.statistics().events());
      fill(again, 2);
      check(again);
    }
  }

  @Test
  void the_same_is_there_when_the_index_is_lost_and_half_of_the_subtrees_are_in_other_segments()
      throws IOException {
    EventId top;
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("root").build());
      top =
          store.append(NewEvent.child(root).temporary(5L).content(store.put(bytes(9_999))).build());
      reclaim(store, ALL);
      forgetContents();
      fill(store, 1);
      store.append(NewEvent.child(top).temporary(null).content(store.put(bytes(99))).build());
      store.expire();
      Cancellation afterOne = Cancellation.create();
      forgetContents();
      try {
        store.reclaim(ALL, afterOne, (done, total) -> afterOne.cancel());
      } catch (StoreException e) {
        assertEquals(ErrorCode.CANCELLED, e.code());
      }
    }
    assertTrue(Files.exists(directory.resolve("segment-00000001-1.log")));
    assertTrue(Files.exists(directory.resolve("segment-00000002.log")));
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        if (String.valueOf(file.getFileName()).startsWith("index")) {
          Files.delete(file);
        }
      }
    }
    try (EventStore again = open()) {
      try (Snapshot snapshot = again.snapshot()) {
        assertNull(snapshot.find(top));
      }
      assertEquals(3, again.statistics().events());
      check(again);
    }
  }

  @Test
  void an_open_snapshot_reads_on_and_keeps_the_old_file() throws IOException {
    try (EventStore store = open()) {
      fill(store, 3);
      try (Snapshot before = store.snapshot()) {
        EventRow gone = before.find(before.seq() - 1);
        assertNotNull(gone);
        store.expire();
        forgetContents();
        reclaim(store, ALL);
        assertEquals(3 * LENGTH, before.content(gone).orElseThrow().readAll(3 * LENGTH).length);
      }
      fill(store, 1);
      forgetContents();
      try (Snapshot now = store.snapshot()) {
        ReclaimReport report = reclaim(store, ALL);
        assertTrue(report.segments() > 0 && report.waitingFiles() > 0, report::toString);
        EventRow row = now.find(kept.get(0));
        assertNotNull(row);
        assertArrayEquals(contents.get(0), now.content(row).orElseThrow().readAll(LENGTH));
      }
      store.checkpoint();
      assertEquals(store.segments().size(), segmentFiles());
      check(store);
    }
  }

  private int segmentFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return (int)
          files.filter(file -> String.valueOf(file.getFileName()).startsWith("segment")).count();
    }
  }

  @Test
  void a_reader_beside_keeps_its_files() throws IOException {
    try (EventStore store = open()) {
      fill(store, 2);
      store.checkpoint();
      try (EventStore reader =
          EmbeddedEventStore.open(StoreOptions.at(directory).withReadOnly(true))) {
        store.expire();
        forgetContents();
        assertTrue(reclaim(store, ALL).waitingFiles() > 0);
        check(reader);
        assertEquals(7, reader.statistics().events());
        reader.refresh();
        check(reader);
        assertEquals(3, reader.statistics().events());
      }
      assertEquals(0, reclaim(store, ALL).waitingFiles());
      assertEquals(store.segments().size(), segmentFiles());
    }
  }

  @Test
  void a_content_that_was_put_can_be_appended_however_much_is_freed_meanwhile() {
    try (EventStore store = open()) {
      byte[] bytes = bytes(LENGTH);
      StoredContent content = store.put(bytes);
      fill(store, 1);
      store.expire();
      reclaim(store, ALL);
      reclaim(store, ALL);
      kept.add(store.append(NewEvent.root("late").content(content).build()));
      contents.add(bytes);
      check(store);
    }
  }

  @Test
  void a_put_under_way_keeps_what_it_found_and_what_it_stored() {
    byte[] dying = bytes(2 << 20);
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("root").build());
      store.append(NewEvent.child(root).temporary(5L).content(store.put(dying)).build());
      store.expire();
      forgetContents();
      AtomicBoolean once = new AtomicBoolean();
      StoredContent found =
          store.put(
              new FilterInputStream(new ByteArrayInputStream(dying)) {
                private int read;

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                  if (read > dying.length / 2 && once.compareAndSet(false, true)) {
                    reclaim(store, ALL);
                  }
                  int count = super.read(target, offset, Math.min(length, 65_536));
                  read += Math.max(0, count);
                  return count;
                }
              });
      assertTrue(once.get());
      EventId id = store.append(NewEvent.child(root).content(found).build());
      try (Snapshot snapshot = store.snapshot()) {
        EventRow row = snapshot.find(id);
        assertNotNull(row);
        assertArrayEquals(dying, snapshot.content(row).orElseThrow().readAll(dying.length));
      }
      check(store);
    }
  }

  @Test
  void a_cancelled_call_leaves_everything_as_it_was() throws IOException {
    try (EventStore store = open()) {
      fill(store, 2);
      store.expire();
      Cancellation cancellation = Cancellation.create();
      cancellation.cancel();
      assertEquals(
          ErrorCode.CANCELLED,
          assertThrows(
                  StoreException.class,
                  () -> store.reclaim(ALL, cancellation, ProgressListener.NONE))
              .code());
      check(store);
    }
  }

  @Test
  void a_backup_follows_and_drops_what_was_replaced(@TempDir Path parent) throws IOException {
    Path copy = parent.resolve("backup");
    StoreOptions options = StoreOptions.at(directory);
    try (EventStore store = open()) {
      fill(store, 4);
      backup(options, copy);
      store.expire();
      forgetContents();
      reclaim(store, ALL);
      fill(store, 1);
      BackupReport report = backup(options, copy);
      assertEquals(store.segments().size(), report.segments());
      assertEquals(segmentBytes(directory), segmentBytes(copy));
      assertEquals(0, backup(options, copy).copiedSegments());
    }
    try (EventStore backup = EmbeddedEventStore.open(StoreOptions.at(copy).withReadOnly(true))) {
      check(backup);
    }
    Path restored = parent.resolve("restored");
    StoreBackup.restore(
        copy, StoreOptions.at(restored), Cancellation.create(), ProgressListener.NONE);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(restored))) {
      check(store);
    }
  }

  private static BackupReport backup(StoreOptions options, Path copy) {
    return StoreBackup.backup(options, copy, Cancellation.create(), ProgressListener.NONE);
  }

  @Test
  void a_missing_rewritten_segment_is_damage() throws IOException {
    try (EventStore store = open()) {
      fill(store, 2);
      store.expire();
      forgetContents();
      assertTrue(reclaim(store, ALL).segments() > 0);
    }
    Path rewritten = directory.resolve("segment-00000001-1.log");
    assertTrue(Files.exists(rewritten));
    assertFalse(Files.exists(directory.resolve("segment-00000001.log")));
    Files.delete(rewritten);
    assertEquals(
        ErrorCode.CORRUPT, assertThrows(StoreException.class, () -> open().close()).code());
  }
}
