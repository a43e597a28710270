package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.simulated.Loss;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** The index's file and its note, on a disk that loses what was not forced. */
class IndexFileTest {
  private static final WriterId STORE = new WriterId(1, 2);
  private static final int CACHE_BYTES = 1 << 20;
  private static final int POWER_LOSSES = 12;

  private final SimulatedDisk disk = new SimulatedDisk();

  private static Position end(EventIndex index) {
    return new Position(1, 100 * index.lastSeq());
  }

  private static long checkpoint(EventIndex index) {
    return index.checkpoint(end(index), STORE);
  }

  private static void note(IndexFile file, EventIndex index) throws IOException {
    file.note(checkpoint(index), index.lastSeq(), end(index));
  }

  /** Writes an index with a noted checkpoint, and returns the number of its last event. */
  private static long written(SimulatedDisk target) throws IOException {
    IndexFile file = new IndexFile(target);
    try (EventIndex index = file.create(CACHE_BYTES)) {
      new ListedEvents(1).grow(index, 40, false);
      note(file, index);
      return index.lastSeq();
    }
  }

  private static EventIndex opened(SimulatedDisk target) throws IOException {
    return Objects.requireNonNull(new IndexFile(target).open(STORE, CACHE_BYTES));
  }

  private static boolean isUsable(SimulatedDisk target) throws IOException {
    try (EventIndex index = new IndexFile(target).open(STORE, CACHE_BYTES)) {
      return index != null;
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void a_noted_checkpoint_outlives_a_power_loss_and_what_came_after_it_does_not(Loss loss)
      throws IOException {
    for (int seed = 0; seed < POWER_LOSSES; seed++) {
      SimulatedDisk before = new SimulatedDisk();
      IndexFile file = new IndexFile(before);
      EventIndex index = file.create(CACHE_BYTES);
      ListedEvents events = new ListedEvents(seed);
      events.grow(index, 30, true);
      note(file, index);
      events.grow(index, 30, true);
      note(file, index);
      ListedEvents noted = events.copy();
      IndexFile.Noted expected = new IndexFile.Noted(end(index), index.lastSeq());
      events.grow(index, 30, true);
      index.flush();
      SimulatedDisk after = before.restarted(loss, new Random(seed));
      assertEquals(expected, new IndexFile(after).noted());
      try (EventIndex again = opened(after);
          IndexSnapshot snapshot = new IndexSnapshot(again, ListedEvents.NO_LOG)) {
        assertEquals(expected.lastSeq(), again.lastSeq());
        noted.check(snapshot);
      }
    }
  }

  @Test
  void another_file_takes_the_place_of_the_present_one_in_one_step_whenever_the_power_fails()
      throws IOException {
    int cuts = 0;
    boolean replaced = false;
    for (int calls = 0; !replaced; calls++) {
      for (Loss loss : Loss.values()) {
        SimulatedDisk before = new SimulatedDisk();
        written(before);
        IndexFile file = new IndexFile(before);
        Objects.requireNonNull(file.open(STORE, CACHE_BYTES)).close();
        EventIndex next = file.createNext(CACHE_BYTES);
        new ListedEvents(3).grow(next, 70, false);
        long length = checkpoint(next);
        before.faults().cutPowerAfter(calls);
        replaced = true;
        try {
          file.replace(length, next.lastSeq(), end(next));
        } catch (IOException e) {
          cuts++;
          replaced = false;
        }
        before.faults().end();
        try (EventIndex now = opened(before.restarted(loss, new Random(calls)))) {
          assertTrue(now.lastSeq() == 70 || (!replaced && now.lastSeq() == 40));
        }
      }
    }
    assertTrue(cuts > 5, cuts + " power cuts");
  }

  @Test
  void a_note_that_is_cut_longer_or_has_a_flipped_bit_is_none() throws IOException {
    assertNull(new IndexFile(disk).noted());
    long last = written(disk);
    byte[] note = disk.get("CHECKPOINT");
    assertEquals(
        new IndexFile.Noted(new Position(1, 100 * last), last), new IndexFile(disk).noted());
    for (int i = 0; i < note.length; i++) {
      byte[] flipped = note.clone();
      flipped[i] ^= (byte) (1 << (i % Byte.SIZE));
      disk.put("CHECKPOINT", flipped);
      assertNull(new IndexFile(disk).noted(), "byte " + i);
      assertFalse(isUsable(disk), "byte " + i);
    }
    for (int length : new int[] {0, note.length - 1, note.length + 1}) {
      disk.put("CHECKPOINT", Arrays.copyOf(note, length));
      assertNull(new IndexFile(disk).noted(), length + " bytes");
    }
    disk.put("CHECKPOINT", note);
    assertTrue(isUsable(disk));
    assertNull(new IndexFile(new MemoryDisk()).noted());
  }

  @Test
  void a_file_shorter_than_noted_or_gone_is_none_and_a_longer_one_is_cut_back() throws IOException {
    long last = written(disk);
    byte[] noted = disk.get("index.mv");
    disk.put("index.mv", Arrays.copyOf(noted, noted.length - 1));
    assertFalse(isUsable(disk));
    byte[] longer = Arrays.copyOf(noted, noted.length + 20_000);
    disk.put("index.mv", longer);
    try (EventIndex index = opened(disk)) {
      assertEquals(last, index.lastSeq());
    }
    assertArrayEquals(noted, disk.get("index.mv"));
    disk.remove("index.mv");
    assertFalse(isUsable(disk));
  }

  @Test
  void a_forgotten_index_is_found_no_more_even_after_a_power_loss() throws IOException {
    for (int seed = 0; seed < POWER_LOSSES; seed++) {
      SimulatedDisk before = new SimulatedDisk();
      written(before);
      new IndexFile(before).forget();
      assertFalse(isUsable(before));
      assertFalse(isUsable(before.restarted(Loss.SUBSET, new Random(seed))));
    }
  }

  @Test
  void what_was_started_beside_the_present_file_and_not_finished_can_be_deleted()
      throws IOException {
    written(disk);
    IndexFile file = new IndexFile(disk);
    try (EventIndex index = Objects.requireNonNull(file.open(STORE, CACHE_BYTES))) {
      assertFalse(file.hasUnused());
      file.copyNext(index);
      assertTrue(file.hasUnused());
      assertEquals(List.of("CHECKPOINT", "index-1.mv", "index.mv"), disk.names());
      file.deleteNext();
      assertFalse(file.hasUnused());
      file.createNext(CACHE_BYTES).close();
      file.deleteUnused();
    }
    assertEquals(List.of("CHECKPOINT", "index.mv"), disk.names());
    try (EventIndex index = file.create(CACHE_BYTES)) {
      assertEquals(List.of("index-1.mv", "index.mv"), disk.names(), "the note of the old is gone");
      assertEquals(0, index.lastSeq());
      new ListedEvents(2).grow(index, 10, false);
      note(file, index);
    }
    assertTrue(isUsable(disk));
  }

  @Test
  void a_file_has_the_room_of_its_disk_and_one_in_memory_is_kept_by_nobody() throws IOException {
    disk.faults().limit(12_345);
    IndexFile file = new IndexFile(disk);
    assertEquals(12_345, file.usableBytes());
    assertTrue(file.isPersistent());
    assertFalse(new IndexFile(new MemoryDisk()).isPersistent());
  }

  @Test
  void an_index_that_cannot_be_made_leaves_the_disk_to_the_next_try() throws IOException {
    disk.faults().limit(100);
    assertThrows(Exception.class, () -> new IndexFile(disk).create(CACHE_BYTES));
    disk.faults().end();
    written(disk);
    assertTrue(isUsable(disk));
  }

  @Test
  void changed_pages_leave_memory_at_a_bound_and_count_for_nothing_yet() throws IOException {
    for (int[] bytes : new int[][] {{CACHE_BYTES, 0}, {64 << 20, 0}, {CACHE_BYTES, 128 << 20}}) {
      SimulatedDisk target = new SimulatedDisk();
      IndexFile file = new IndexFile(target, null, bytes[1]);
      try (EventIndex index = file.create(bytes[0])) {
        ListedEvents events = new ListedEvents(4);
        events.grow(index, 30, false);
        note(file, index);
        long noted = index.fileBytes();
        addChunks(index, 5_000);
        events.grow(index, 1, false);
        assertEquals(noted, index.fileBytes(), "few changes stay in memory");
        addChunks(index, 50_000);
        events.grow(index, 1, false);
        boolean few = bytes[0] == CACHE_BYTES && bytes[1] == 0;
        assertEquals(few, index.fileBytes() > noted, bytes[0] + " and " + bytes[1] + " bytes");
      }
      try (EventIndex index = opened(target)) {
        assertEquals(30, index.lastSeq());
        assertEquals(0, index.chunks().uniqueBytes());
      }
    }
  }

  static void addChunks(EventIndex index, int count) {
    Random random = new Random(count);
    byte[] name = new byte[ChunkId.BYTES];
    for (int i = 0; i < count; i++) {
      random.nextBytes(name);
      index.add(ChunkId.of(name), new ChunkLocation(new Position(1, 32), 10, 10, (byte) 0, false));
    }
  }

  @Test
  void an_index_says_what_its_last_checkpoint_counted() throws IOException {
    IndexFile file = new IndexFile(disk);
    ListedEvents list = new ListedEvents(4);
    long[] counters;
    long level;
    try (EventIndex index = file.create(CACHE_BYTES)) {
      list.grow(index, 300, true);
      note(file, index);
      counters = index.counters();
      level = index.greatestLevel();
      assertTrue(index.liveBytes() > 0 && index.liveBytes() <= index.fileBytes());
    }
    try (EventIndex index = opened(disk)) {
      assertArrayEquals(counters, index.counters());
      assertEquals(level, index.greatestLevel());
      assertEquals(list.greatestLevel(), level);
      assertNotNull(index.row(1));
    }
  }

  @Test
  void a_copy_is_the_index_as_it_stands_and_takes_the_place_of_its_origin() throws IOException {
    IndexFile file = new IndexFile(disk);
    ListedEvents list = new ListedEvents(6);
    EventIndex origin = file.create(CACHE_BYTES);
    list.grow(origin, 60, true);
    note(file, origin);
    list.grow(origin, 60, true);
    origin.prepareCopy(end(origin), STORE);
    long length = file.copyNext(origin);
    assertEquals(
        ChecksummedFile.storedLength(length), disk.get("index-1.mv").length, "bytes of the copy");
    try (EventIndex copy = file.replaceByCopy(length, origin.lastSeq(), end(origin), CACHE_BYTES)) {
      check(copy, list);
      check(origin, list);
      origin.close();
      disk.faults().failChanges(0, Long.MAX_VALUE / 2, "Input/output error");
      list.grow(copy, 30, true);
      copy.flush();
      assertTrue(copy.hasLostFile());
      check(copy, list);
      disk.faults().end();
    }
    try (EventIndex again = opened(disk)) {
      assertEquals(origin.lastSeq(), again.lastSeq());
    }
    assertEquals(0, disk.openFiles());
  }

  @Test
  void a_copy_has_the_chunks_tombstones_and_hidden_removals_of_its_origin() throws IOException {
    IndexFile file = new IndexFile(disk);
    ListedEvents list = new ListedEvents(9);
    try (EventIndex origin = file.create(CACHE_BYTES)) {
      list.grow(origin, 200, false);
      addChunks(origin, 50);
      try (IndexSnapshot before = new IndexSnapshot(origin, ListedEvents.NO_LOG)) {
        list.grow(origin, 200, true);
        assertTrue(origin.maps().removed.size() > 1, "hidden from those that come");
        origin.prepareCopy(end(origin), STORE);
        Cancellation cancelled = Cancellation.create();
        cancelled.cancel();
        assertThrows(
            StoreException.class, () -> file.copyNext(origin, cancelled, ProgressListener.NONE));
        file.deleteNext();
        long length = file.copyNext(origin);
        try (EventIndex copy =
            file.replaceByCopy(length, origin.lastSeq(), end(origin), CACHE_BYTES)) {
          check(copy, list);
          assertEquals(origin.maps().chunks.size(), copy.maps().chunks.size());
          assertEquals(50, copy.counters()[2]);
          assertEquals(origin.maps().tombstones.size(), copy.maps().tombstones.size());
          assertEquals(origin.maps().targets.size(), copy.maps().targets.size());
          try (IndexSnapshot now = new IndexSnapshot(copy, ListedEvents.NO_LOG)) {
            long expiring =
                now.bySeq(1, now.seq(), false).stream().filter(r -> r.expiresAt() != null).count();
            assertTrue(expiring > 0);
            assertEquals(expiring, now.expired(Long.MAX_VALUE).count());
            for (EventRow row : now.bySeq(1, now.seq(), false)) {
              String title = row.title();
              assertTrue(
                  title == null
                      || now.titled(row.parentSeq(), title).stream().anyMatch(row::equals));
            }
          }
        }
        assertTrue(before.eventCount() > 0);
      }
    }
  }

  static void check(EventIndex index, ListedEvents list) {
    index.forgetRows();
    try (IndexSnapshot snapshot = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
      list.check(snapshot);
    }
  }

  @Test
  void an_index_that_was_opened_outlives_a_file_that_takes_no_more() throws IOException {
    IndexFile file = new IndexFile(disk);
    ListedEvents list = new ListedEvents(7);
    try (EventIndex index = file.create(CACHE_BYTES)) {
      list.grow(index, 50, false);
      note(file, index);
    }
    try (EventIndex index = opened(disk)) {
      list.grow(index, 50, false);
      disk.faults().failChanges(0, Long.MAX_VALUE / 2, "Input/output error");
      index.flush();
      assertTrue(index.hasLostFile());
      check(index, list);
    }
    disk.faults().end();
    ListedEvents others = new ListedEvents(10);
    try (EventIndex created = file.create(CACHE_BYTES)) {
      disk.faults().failChanges(0, Long.MAX_VALUE / 2, "Input/output error");
      others.grow(created, 50, false);
      created.flush();
      check(created, others);
    }
  }

  @Test
  void an_open_that_is_refused_leaves_no_file_open() throws IOException {
    WriterId owner = new WriterId(5, 6);
    IndexFile file = new IndexFile(disk, owner, 0);
    try (EventIndex index = file.create(CACHE_BYTES)) {
      new ListedEvents(8).grow(index, 20, false);
      note(file, index);
    }
    assertEquals(0, disk.openFiles());
    assertThrows(StoreException.class, () -> file.open(new WriterId(9, 9), CACHE_BYTES));
    assertEquals(0, disk.openFiles(), "of another log");
    assertNull(new IndexFile(disk, new WriterId(7, 8), 0).open(STORE, CACHE_BYTES));
    assertEquals(0, disk.openFiles(), "of another store");
    byte[] bytes = disk.get("index.mv");
    Arrays.fill(bytes, (byte) 0x55);
    disk.put("index.mv", bytes);
    assertNull(file.open(STORE, CACHE_BYTES));
    assertEquals(0, disk.openFiles(), "damaged");
  }

  @Test
  void what_an_unfinished_note_left_behind_does_no_harm() throws IOException {
    disk.put("CHECKPOINT.next", new byte[1_000]);
    written(disk);
    assertTrue(isUsable(disk));
    assertFalse(disk.exists("CHECKPOINT.next"));
  }
}
