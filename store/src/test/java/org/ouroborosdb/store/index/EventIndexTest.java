package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.segment.Position;

/** The index against a list, with thousands of events. */
class EventIndexTest {
  private static final WriterId STORE = new WriterId(1, 2);
  private static final long CACHE_BYTES = 4 << 20;

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void snapshots_show_what_a_list_holds_whatever_comes_after(long seed) throws IOException {
    try (EventIndex index = new IndexFile(new RealDisk(directory)).create(CACHE_BYTES)) {
      holdSnapshotsWhileGrowing(index, seed);
    }
  }

  @Test
  void an_index_in_memory_answers_as_one_in_a_file() throws IOException {
    try (EventIndex index = new IndexFile(new MemoryDisk()).create(CACHE_BYTES)) {
      holdSnapshotsWhileGrowing(index, 3);
    }
  }

  private static void holdSnapshotsWhileGrowing(EventIndex index, long seed) {
    ListedEvents list = new ListedEvents(seed);
    list.grow(index, 700, true);
    ListedEvents early = list.copy();
    try (IndexSnapshot before = snapshot(index)) {
      checkpoint(index);
      list.grow(index, 700, true);
      try (IndexSnapshot now = snapshot(index)) {
        list.check(now);
        early.check(before);
      }
      checkpoint(index);
      checkpoint(index);
      early.check(before);
    }
    list.grow(index, 1, false);
    try (IndexSnapshot now = snapshot(index)) {
      list.check(now);
    }
    assertEquals(0, index.openSnapshots());
  }

  @Test
  void a_scan_goes_on_over_checkpoints_that_replace_every_page() throws IOException {
    try (EventIndex index = new IndexFile(new RealDisk(directory)).create(1 << 20)) {
      ListedEvents list = new ListedEvents(4);
      list.grow(index, 2000, false);
      checkpoint(index);
      try (IndexSnapshot snapshot = snapshot(index)) {
        long titled = snapshot.titledFrom("title").count();
        Iterator<EventRow> rows = snapshot.titledFrom("title").iterator(); // not in order of seq
        rows.next();
        for (int i = 0; i < 3; i++) {
          list.grow(index, 1500, false);
          checkpoint(index);
        }
        int count = 1;
        for (; rows.hasNext(); rows.next()) {
          count++;
        }
        assertEquals(titled, count);
      }
    }
  }

  @Test
  void an_index_opens_as_its_last_checkpoint_left_it() throws IOException {
    IndexFile file = new IndexFile(new RealDisk(directory));
    ListedEvents list = new ListedEvents(5);
    ListedEvents noted;
    try (EventIndex index = file.create(CACHE_BYTES)) {
      list.grow(index, 1200, true);
      noted = list.copy();
      file.note(checkpoint(index), index.lastSeq(), end(index));
      list.grow(index, 500, true);
      index.flush();
    }
    try (EventIndex index = Objects.requireNonNull(file.open(STORE, CACHE_BYTES));
        IndexSnapshot snapshot = snapshot(index)) {
      noted.check(snapshot);
      assertEquals(noted.greatestLevel(), index.greatestLevel());
      noted.grow(index, 100, true);
    }
    assertNull(file.open(new WriterId(3, 4), CACHE_BYTES), "of another store");
  }

  @Test
  void a_compact_copy_is_the_same_index_in_fewer_bytes() throws IOException {
    IndexFile file = new IndexFile(new RealDisk(directory));
    ListedEvents list = new ListedEvents(6);
    EventIndex old = file.create(CACHE_BYTES);
    for (int i = 0; i < 12; i++) {
      list.grow(old, 200, true);
      checkpoint(old);
    }
    assertTrue(old.liveBytes() * 2 < old.fileBytes(), () -> old.liveBytes() + " live");
    try (IndexSnapshot before = snapshot(old)) {
      ListedEvents early = list.copy();
      long length = file.copyNext(old);
      assertTrue(length * 2 < old.fileBytes(), () -> length + " of " + old.fileBytes());
      try (EventIndex copy = file.replaceByCopy(length, old.lastSeq(), end(old), CACHE_BYTES)) {
        list.grow(copy, 300, true);
        try (IndexSnapshot now = snapshot(copy)) {
          list.check(now);
        }
      }
      early.check(before);
    }
    old.close();
    Objects.requireNonNull(file.open(STORE, CACHE_BYTES)).close();
  }

  @Test
  void a_flipped_bit_in_any_block_is_an_error_and_never_a_wrong_row() throws IOException {
    IndexFile file = new IndexFile(new RealDisk(directory));
    ListedEvents list = new ListedEvents(7);
    try (EventIndex index = file.create(CACHE_BYTES)) {
      list.grow(index, 300, true);
      file.note(checkpoint(index), index.lastSeq(), end(index));
    }
    Path path = directory.resolve("index.mv");
    int stored = ChecksummedFile.BLOCK_BYTES + Integer.BYTES;
    Random random = new Random(8);
    int noticed = 0;
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long blocks = channel.size() / stored;
      for (long block = 2; block < blocks; block++) {
        long at = block * stored + random.nextInt(stored);
        flip(channel, at);
        noticed += isNoticed(file, list) ? 1 : 0;
        flip(channel, at);
      }
      assertTrue(noticed > blocks / 2, noticed + " of " + blocks);
    }
    assertFalse(isNoticed(file, list));
  }

  private static void flip(FileChannel channel, long at) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    channel.read(one, at);
    channel.write(one.put(0, (byte) (one.get(0) ^ 4)).flip(), at);
  }

  /** Returns whether damage was met; if not, every answer was right. */
  private static boolean isNoticed(IndexFile file, ListedEvents list) throws IOException {
    EventIndex index = file.open(STORE, CACHE_BYTES);
    if (index == null) {
      return true;
    }
    try (index;
        IndexSnapshot snapshot = snapshot(index)) {
      list.check(snapshot);
      return false;
    } catch (StoreException e) {
      assertEquals(ErrorCode.CORRUPT, e.code());
      assertTrue(index.isDamaged());
      return true;
    }
  }

  @Test
  void readers_see_whole_states_while_one_thread_writes() throws Exception {
    ListedEvents list = new ListedEvents(9);
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try (EventIndex index = new IndexFile(new RealDisk(directory)).create(CACHE_BYTES)) {
      list.grow(index, 10, false);
      List<Future<Integer>> reads =
          List.of(
              readers.submit(() -> readUntil(done, index)),
              readers.submit(() -> readUntil(done, index)));
      for (int i = 0; i < 12; i++) {
        list.grow(index, 60, true);
        checkpoint(index);
      }
      done.set(true);
      for (Future<Integer> read : reads) {
        assertTrue(read.get(60, TimeUnit.SECONDS) > 0);
      }
    } finally {
      done.set(true);
      readers.shutdown();
    }
  }

  private static int readUntil(AtomicBoolean done, EventIndex index) {
    int rounds = 0;
    while (!done.get() || rounds == 0) {
      try (IndexSnapshot snapshot = snapshot(index)) {
        long seen = 0;
        for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
          seen++;
          assertTrue(row.seq() <= snapshot.seq());
          EventRow winner = Objects.requireNonNull(snapshot.winner(row.baseSeq()));
          assertEquals(row.baseSeq(), winner.baseSeq());
        }
        assertEquals(snapshot.eventCount(), seen);
        assertEquals(seen, snapshot.byLevel(0, Long.MAX_VALUE, true).count());
        assertEquals(
            seen, snapshot.roots().stream().mapToLong(r -> snapshot.tree(r.seq()).count()).sum());
      }
      rounds++;
    }
    return rounds;
  }

  @Test
  void a_closed_snapshot_says_so_and_a_version_knows_its_type() throws IOException {
    try (EventIndex index = new IndexFile(new MemoryDisk()).create(CACHE_BYTES)) {
      ListedEvents list = new ListedEvents(10);
      list.grow(index, 100, false);
      IndexSnapshot snapshot = snapshot(index);
      assertTrue(
          snapshot.bySeq(1, 100, false).stream().anyMatch(r -> r.type() == EventType.OVERWRITE));
      snapshot.close();
      snapshot.close();
      StoreException e = assertThrows(StoreException.class, () -> snapshot.find(1));
      assertEquals(ErrorCode.CLOSED, e.code());
      assertEquals(0, index.openSnapshots());
    }
  }

  private static IndexSnapshot snapshot(EventIndex index) {
    return new IndexSnapshot(index, ListedEvents.NO_LOG);
  }

  private static Position end(EventIndex index) {
    return new Position(1, 100 * index.lastSeq());
  }

  private static long checkpoint(EventIndex index) {
    return index.isPersistent() ? index.checkpoint(end(index), STORE) : 0;
  }
}
