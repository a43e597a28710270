package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/** What an index takes in, lets go, and says of itself when it is damaged, lost or closed. */
class IndexStatesTest {
  private static final WriterId STORE = new WriterId(1, 2);
  private static final long CACHE_BYTES = 1 << 20;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final IndexFile file = new IndexFile(disk);

  private static EventIndex inMemory() throws IOException {
    return new IndexFile(new MemoryDisk()).create(CACHE_BYTES);
  }

  private static IndexSnapshot snapshot(EventIndex index) {
    return new IndexSnapshot(index, ListedEvents.NO_LOG);
  }

  private void note(EventIndex index) throws IOException {
    Position end = new Position(1, 100 * index.lastSeq());
    file.note(index.checkpoint(end, STORE), index.lastSeq(), end);
  }

  private EventIndex opened() throws IOException {
    return Objects.requireNonNull(file.open(STORE, CACHE_BYTES));
  }

  private static List<Long> children(IndexSnapshot snapshot, long parent) {
    return snapshot.withParent(parent).stream().map(EventRow::seq).toList();
  }

  @Test
  void what_was_removed_is_shown_to_older_snapshots_and_leaves_the_maps_behind_them()
      throws IOException {
    try (EventIndex index = inMemory()) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      NumberedEvents.apply(index, 2, 1, EventType.NORMAL, 2);
      NumberedEvents.apply(index, 3, 1, EventType.NORMAL, 3);
      IndexSnapshot before = snapshot(index);
      assertEquals(List.of(2L, 3L), children(before, 1));
      index.tombstone(NumberedEvents.id(2), 4, List.of(2L));
      index.publish();
      try (IndexSnapshot after = snapshot(index)) {
        assertEquals(List.of(3L), children(after, 1), "not those that were kept before");
        assertNull(after.find(2));
        assertNull(after.find(NumberedEvents.id(2)));
      }
      assertEquals(List.of(2L, 3L), children(before, 1));
      assertNotNull(before.find(NumberedEvents.id(2)));
      assertEquals(2, index.find(NumberedEvents.id(2)), "it is still there");
      assertEquals(1, index.openSnapshots());
      before.close();
      index.publish();
      assertEquals(0, index.find(NumberedEvents.id(2)));
      assertNull(index.row(2));
      assertFalse(index.maps().rows.containsKey(2L));
      NumberedEvents.apply(index, 5, 1, EventType.NORMAL, 5);
      assertTrue(index.maps().removed.isEmpty());
      try (IndexSnapshot now = snapshot(index)) {
        assertEquals(List.of(3L, 5L), children(now, 1));
        assertEquals(3, now.eventCount());
      }
    }
  }

  @Test
  void removals_one_after_the_other_are_shown_at_once_and_taken_beside_younger_snapshots()
      throws IOException {
    try (EventIndex index = inMemory()) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      for (long seq = 2; seq <= 6; seq++) {
        NumberedEvents.apply(index, seq, 1, EventType.NORMAL, seq);
      }
      IndexSnapshot before = snapshot(index);
      for (long seq = 7; seq <= 9; seq++) {
        index.tombstone(NumberedEvents.id(seq - 5), seq, List.of(seq - 5));
        index.publish();
        try (IndexSnapshot now = snapshot(index)) {
          assertEquals(List.of(2L, 3L, 4L, 5L, 6L).subList((int) seq - 6, 5), children(now, 1));
        }
        assertEquals(5, children(before, 1).size());
      }
      before.close();
      index.publish();
      index.publish();
      assertTrue(index.maps().removed.isEmpty());
      index.tombstone(NumberedEvents.id(5), 10, List.of(5L));
      IndexSnapshot older = snapshot(index);
      index.publish();
      assertTrue(index.maps().rows.containsKey(5L));
      try (IndexSnapshot younger = snapshot(index)) {
        older.close();
        index.publish();
        assertFalse(index.maps().rows.containsKey(5L));
        assertEquals(List.of(6L), children(younger, 1));
      }
    }
  }

  @Test
  void a_removal_is_one_after_a_reopen_too_if_a_snapshot_kept_it_from_the_maps()
      throws IOException {
    try (EventIndex index = file.create(CACHE_BYTES)) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      NumberedEvents.apply(index, 2, 1, EventType.NORMAL, 2);
      try (IndexSnapshot before = snapshot(index)) {
        index.tombstone(NumberedEvents.id(2), 3, List.of(2L));
        index.publish();
        note(index);
        assertNotNull(before.find(2));
      }
    }
    try (EventIndex index = opened()) {
      try (IndexSnapshot snapshot = snapshot(index)) {
        assertNull(snapshot.find(2));
        assertEquals(List.of(), children(snapshot, 1));
      }
      NumberedEvents.apply(index, 4, 1, EventType.NORMAL, 4);
      assertFalse(index.maps().rows.containsKey(2L));
    }
  }

  @Test
  void a_tombstone_stays_for_a_temporary_event_and_is_void_once_a_permanent_one_comes()
      throws IOException {
    try (EventIndex index = inMemory()) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      index.tombstone(NumberedEvents.id(4), 2, List.of());
      index.tombstone(NumberedEvents.id(5), 3, List.of());
      NumberedEvents.apply(index, 4, 1, EventType.NORMAL, 4, true, List.of());
      NumberedEvents.apply(index, 5, 1, EventType.NORMAL, 5, false, List.of());
      assertTrue(index.hasTombstone(NumberedEvents.id(4)));
      assertFalse(index.hasTombstone(NumberedEvents.id(5)));
      try (IndexSnapshot snapshot = snapshot(index)) {
        assertEquals(1, new ChangeScan(snapshot).digest(true).count());
      }
    }
  }

  @Test
  void counters_are_those_of_what_is_shown() throws IOException {
    try (EventIndex index = inMemory()) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      NumberedEvents.apply(index, 2, 0, EventType.ROOT, 2);
      NumberedEvents.apply(index, 3, 1, EventType.NORMAL, 3);
      assertArrayEquals(new long[] {3, 2, 0, 0, 0, 0}, index.counters());
      index.tombstone(NumberedEvents.id(3), 4, List.of(3L));
      index.publish();
      assertArrayEquals(new long[] {2, 2, 0, 0, 0, 0}, index.counters());
      assertEquals(3, index.greatestLevel(), "of removed ones too");
      index.skip(9, 7);
      assertEquals(4, index.lastSeq(), "not yet published");
      index.publish();
      assertEquals(9, index.lastSeq());
      assertEquals(7, index.greatestLevel());
      index.skip(10, 5);
      assertEquals(7, index.greatestLevel());
    }
  }

  @Test
  void heads_are_known_without_a_look_at_the_versions() throws IOException {
    try (EventIndex index = inMemory()) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      assertArrayEquals(new long[] {1}, index.heads(1, 1));
      NumberedEvents.apply(index, 2, 1, EventType.OVERWRITE, 1);
      assertArrayEquals(new long[] {2}, index.heads(1, 2));
      assertNull(index.heads(1, 1), "older than the last change");
      NumberedEvents.apply(index, 3, 1, EventType.OVERWRITE, 1);
      NumberedEvents.apply(index, 4, 2, EventType.OVERWRITE, 1);
      assertArrayEquals(new long[] {3, 4}, index.heads(1, 4));
      assertFalse(index.someMergedCameLater(1));
    }
  }

  @Test
  void damage_that_a_read_meets_is_remembered_and_a_failed_read_is_no_damage() throws IOException {
    try (EventIndex index = file.create(CACHE_BYTES)) {
      new ListedEvents(31).grow(index, 400, false);
      note(index);
    }
    try (EventIndex index = opened()) {
      disk.faults().failRead(0);
      StoreException failed = assertThrows(StoreException.class, () -> readAll(index));
      assertEquals(ErrorCode.IO_FAILED, failed.code());
      assertFalse(index.isDamaged());
      readAll(index);
    }
    EventIndex index = opened();
    damage();
    StoreException damaged = assertThrows(StoreException.class, () -> readAll(index));
    assertEquals(ErrorCode.CORRUPT, damaged.code());
    assertTrue(index.isDamaged());
    index.close();
    StoreException closed = assertThrows(StoreException.class, () -> readAll(index));
    assertEquals(ErrorCode.CLOSED, closed.code());
  }

  /** Flips a bit of every block but those of the header, which say where the rest is. */
  private void damage() throws IOException {
    int block = ChecksummedFile.BLOCK_BYTES + Integer.BYTES;
    byte[] bytes = disk.get("index.mv");
    try (DiskFile open = disk.open("index.mv", false)) {
      for (int at = 2 * block; at < bytes.length; at += block) {
        open.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[at + 100] ^ 1)}), at + 100);
      }
    }
  }

  private static void readAll(EventIndex index) {
    index.forgetRows();
    for (long seq = 1; seq <= index.lastSeq(); seq++) {
      index.row(seq);
    }
  }

  @Test
  void an_index_parted_from_its_file_reads_on_and_can_not_be_checkpointed() throws IOException {
    ListedEvents list = new ListedEvents(32);
    try (EventIndex index = file.create(CACHE_BYTES)) {
      list.grow(index, 100, true);
      note(index);
      long length = index.fileBytes();
      list.grow(index, 10, true);
      index.flush();
      assertTrue(index.fileBytes() > length, "changed pages are in the file");
      assertFalse(index.hasLostFile());
      index.loseFile(new IOException("its note is gone"));
      assertTrue(index.hasLostFile());
      list.grow(index, 100, true);
      byte[] before = disk.get("index.mv");
      StoreException lost = assertThrows(StoreException.class, () -> note(index));
      assertTrue(String.valueOf(lost.getMessage()).contains("its note is gone"));
      assertArrayEquals(before, disk.get("index.mv"), "nothing more is written to it");
      index.forgetRows();
      try (IndexSnapshot snapshot = snapshot(index)) {
        list.check(snapshot);
      }
    }
  }

  @Test
  void a_new_file_is_mostly_alive_and_one_written_over_and_over_mostly_dead() throws IOException {
    try (EventIndex index = file.create(CACHE_BYTES)) {
      ListedEvents list = new ListedEvents(33);
      list.grow(index, 300, false);
      note(index);
      long live = index.liveBytes();
      assertTrue(live * 4 > index.fileBytes(), live + " of " + index.fileBytes());
      assertTrue(live < index.fileBytes());
      for (int i = 0; i < 15; i++) {
        list.grow(index, 10, false);
        note(index);
      }
      long stillLive = index.liveBytes();
      assertTrue(stillLive * 2 < index.fileBytes(), stillLive + " of " + index.fileBytes());
      assertTrue(stillLive > live / 2, stillLive + " after " + live);
    }
  }

  @Test
  void heads_are_read_where_something_merged_came_after_what_merges_it() throws IOException {
    try (EventIndex index = file.create(CACHE_BYTES)) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      NumberedEvents.apply(index, 2, 1, EventType.OVERWRITE, 1);
      NumberedEvents.apply(index, 3, 1, EventType.OVERWRITE, 1, false, List.of(5L));
      for (long seq = 4; seq <= 7; seq++) {
        NumberedEvents.apply(index, seq, seq < 6 ? 2 : seq - 1, EventType.OVERWRITE, 1);
      }
      assertTrue(index.someMergedCameLater(1));
      assertNull(index.heads(1, 7), "not kept");
      List<List<Long>> expected =
          List.of(
              List.of(1L),
              List.of(2L),
              List.of(3L, 2L),
              List.of(4L, 3L),
              List.of(4L, 3L),
              List.of(6L, 4L, 3L),
              List.of(7L, 4L, 3L));
      try (IndexSnapshot now = snapshot(index)) {
        for (int seq = 1; seq <= 7; seq++) {
          assertEquals(expected.get(seq - 1), heads(now.asOfSeq(seq)), "up to " + seq);
          assertEquals(expected.get(seq - 1), heads(now.asOfLevel(seq)), "up to level " + seq);
        }
        assertEquals(expected.get(6), heads(now));
      }
    }
  }

  private static List<Long> heads(Snapshot snapshot) {
    return snapshot.heads(1).stream().map(EventRow::seq).toList();
  }

  @Test
  void heads_of_what_is_left_are_known_after_removals_and_none_of_a_base_that_is_gone()
      throws IOException {
    try (EventIndex index = inMemory()) {
      NumberedEvents.apply(index, 1, 0, EventType.ROOT, 1);
      NumberedEvents.apply(index, 2, 1, EventType.NORMAL, 2);
      for (long seq = 3; seq <= 6; seq++) {
        long parent = seq == 6 ? 3 : 2;
        NumberedEvents.apply(index, seq, parent, EventType.OVERWRITE, 2, true, List.of());
      }
      assertArrayEquals(new long[] {4, 5, 6}, index.heads(2, 6));
      IndexSnapshot before = snapshot(index);
      index.tombstone(NumberedEvents.id(6), 7, List.of(6L));
      index.publish();
      assertArrayEquals(new long[] {3, 4, 5}, index.heads(2, 7), "while it is still there");
      assertNull(index.heads(2, 6));
      before.close();
      index.tombstone(NumberedEvents.id(5), 8, List.of(5L));
      index.publish();
      index.tombstone(NumberedEvents.id(4), 9, List.of(4L));
      index.publish();
      assertArrayEquals(new long[] {3}, index.heads(2, 9));
      index.publish();
      index.publish();
      assertTrue(index.maps().removed.isEmpty(), "one removal after the other was taken");
      assertTrue(index.maps().heads.containsKey(2L));
      index.tombstone(NumberedEvents.id(2), 10, List.of(2L, 3L));
      index.publish();
      assertTrue(index.maps().heads.isEmpty());
      assertTrue(index.maps().versions.isEmpty());
      assertEquals(1, index.maps().rows.sizeAsLong());
    }
  }
}
