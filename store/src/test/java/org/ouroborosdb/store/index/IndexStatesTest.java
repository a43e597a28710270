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
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
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

  private static EventId id(long number) {
    return EventId.of(ByteBuffer.allocate(EventId.BYTES).putLong(number).array());
  }

  /** Applies an event whose id and level are its number. */
  private static void apply(EventIndex index, long seq, long parentSeq, EventType type, long base) {
    apply(index, seq, parentSeq, type, base, type == EventType.NORMAL);
  }

  private static void apply(
      EventIndex index, long seq, long parentSeq, EventType type, long base, boolean temporary) {
    EventId parent = parentSeq == 0 ? null : id(parentSeq);
    Event event =
        new Event(
            id(seq),
            type,
            STORE,
            seq,
            parent,
            List.of(),
            temporary,
            null,
            false,
            type == EventType.ROOT ? "root " + seq : null,
            null,
            List.of("tag"),
            null,
            null);
    int depth = parentSeq == 0 ? 0 : Objects.requireNonNull(index.row(parentSeq)).depth() + 1;
    index.apply(new IndexedEvent(event, seq, parentSeq, 1, base, depth, new Position(1, 64 * seq)));
    index.publish();
  }

  private static List<Long> children(IndexSnapshot snapshot, long parent) {
    return snapshot.withParent(parent).stream().map(EventRow::seq).toList();
  }

  @Test
  void what_was_removed_is_shown_to_older_snapshots_and_leaves_the_maps_behind_them()
      throws IOException {
    try (EventIndex index = inMemory()) {
      apply(index, 1, 0, EventType.ROOT, 1);
      apply(index, 2, 1, EventType.NORMAL, 2);
      apply(index, 3, 1, EventType.NORMAL, 3);
      IndexSnapshot before = snapshot(index);
      assertEquals(List.of(2L, 3L), children(before, 1));
      index.tombstone(id(2), 4, List.of(2L));
      index.publish();
      try (IndexSnapshot after = snapshot(index)) {
        assertEquals(List.of(3L), children(after, 1), "not those that were kept before");
        assertNull(after.find(2));
        assertNull(after.find(id(2)));
      }
      assertEquals(List.of(2L, 3L), children(before, 1));
      assertNotNull(before.find(id(2)));
      assertEquals(2, index.find(id(2)), "it is still there");
      assertEquals(1, index.openSnapshots());
      before.close();
      index.publish();
      assertEquals(0, index.find(id(2)));
      assertNull(index.row(2));
      assertFalse(index.maps().rows.containsKey(2L));
      apply(index, 5, 1, EventType.NORMAL, 5);
      assertTrue(index.maps().removed.isEmpty());
      try (IndexSnapshot now = snapshot(index)) {
        assertEquals(List.of(3L, 5L), children(now, 1));
        assertEquals(3, now.eventCount());
      }
    }
  }

  @Test
  void a_removal_is_one_after_a_reopen_too_if_a_snapshot_kept_it_from_the_maps()
      throws IOException {
    try (EventIndex index = file.create(CACHE_BYTES)) {
      apply(index, 1, 0, EventType.ROOT, 1);
      apply(index, 2, 1, EventType.NORMAL, 2);
      try (IndexSnapshot before = snapshot(index)) {
        index.tombstone(id(2), 3, List.of(2L));
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
      apply(index, 4, 1, EventType.NORMAL, 4);
      assertFalse(index.maps().rows.containsKey(2L));
    }
  }

  @Test
  void a_tombstone_stays_for_a_temporary_event_and_is_void_once_a_permanent_one_comes()
      throws IOException {
    try (EventIndex index = inMemory()) {
      apply(index, 1, 0, EventType.ROOT, 1);
      index.tombstone(id(4), 2, List.of());
      index.tombstone(id(5), 3, List.of());
      apply(index, 4, 1, EventType.NORMAL, 4, true);
      apply(index, 5, 1, EventType.NORMAL, 5, false);
      assertTrue(index.hasTombstone(id(4)));
      assertFalse(index.hasTombstone(id(5)));
      try (IndexSnapshot snapshot = snapshot(index)) {
        assertEquals(1, new ChangeScan(snapshot).digest(true).count());
      }
    }
  }

  @Test
  void counters_are_those_of_what_is_shown() throws IOException {
    try (EventIndex index = inMemory()) {
      apply(index, 1, 0, EventType.ROOT, 1);
      apply(index, 2, 0, EventType.ROOT, 2);
      apply(index, 3, 1, EventType.NORMAL, 3);
      assertArrayEquals(new long[] {3, 2, 0, 0, 0, 0}, index.counters());
      index.tombstone(id(3), 4, List.of(3L));
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
      apply(index, 1, 0, EventType.ROOT, 1);
      assertArrayEquals(new long[] {1}, index.heads(1, 1));
      apply(index, 2, 1, EventType.OVERWRITE, 1);
      assertArrayEquals(new long[] {2}, index.heads(1, 2));
      assertNull(index.heads(1, 1), "older than the last change");
      apply(index, 3, 1, EventType.OVERWRITE, 1);
      apply(index, 4, 2, EventType.OVERWRITE, 1);
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
}
