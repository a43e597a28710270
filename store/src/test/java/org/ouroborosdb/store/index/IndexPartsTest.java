package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.LongDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.Position;

/** The parts of the index, each by itself. */
class IndexPartsTest {
  private static final WriterId STORE = new WriterId(1, 2);
  private static final long CACHE_BYTES = 4 << 20;

  @TempDir private Path directory;

  private static EventId id(long high, long low) {
    return EventId.of(
        ByteBuffer.allocate(EventId.BYTES).putLong(high).putLong(low).putLong(high ^ low).array());
  }

  private static EventIndex inMemory() throws IOException {
    return new IndexFile(new MemoryDisk()).create(CACHE_BYTES);
  }

  @Test
  void ids_that_begin_alike_are_told_apart() {
    try (MVStore store = MVStore.open(null)) {
      MVMap<long[], Long> map =
          store.openMap(
              "ids",
              new MVMap.Builder<long[], Long>()
                  .keyType(new LongsType(2))
                  .valueType(LongDataType.INSTANCE));
      EventIds ids = new EventIds(map);
      ids.put(id(1, 1), 1);
      ids.put(id(1, 2), 2);
      ids.put(id(1 + (1L << 32), 1), 3);
      ids.put(id(1, 1), 4);
      assertEquals(4, ids.get(id(1, 1)), "put again");
      for (boolean settled : new boolean[] {false, true}) {
        assertEquals(2, ids.get(id(1, 2)), "settled: " + settled);
        assertEquals(3, ids.get(id(1 + (1L << 32), 1)));
        assertEquals(0, ids.get(id(1, 3)));
        ids.settle(() -> {});
      }
      ids.settle(() -> {});
      ids.put(id(9, 9), 9);
      ids.remove(id(9, 9));
      ids.remove(id(1, 2));
      assertEquals(0, ids.get(id(9, 9)));
      assertEquals(0, ids.get(id(1, 2)));
      assertEquals(2, map.size());
    }
  }

  @Test
  void ids_move_into_their_map_when_there_are_many() {
    try (MVStore store = MVStore.open(null)) {
      MVMap<long[], Long> map =
          store.openMap(
              "ids",
              new MVMap.Builder<long[], Long>()
                  .keyType(new LongsType(2))
                  .valueType(LongDataType.INSTANCE));
      EventIds ids = new EventIds(map);
      Random random = new Random(1);
      List<EventId> put = new ArrayList<>();
      for (int i = 1; map.isEmpty(); i++) {
        put.add(id(random.nextLong(), random.nextLong()));
        ids.put(put.get(i - 1), i);
        assertTrue(i < 1_000_000);
      }
      for (int i = 0; i < put.size(); i += 97) {
        assertEquals(i + 1, ids.get(put.get(i)));
      }
    }
  }

  @Test
  void keys_read_back_one_by_one_and_in_pages_in_their_order() {
    LongsType type = new LongsType(3);
    long[][] keys = {
      {Long.MIN_VALUE, 0, 1}, {-5, 7, 7}, {-5, 7, 8}, {0, 0, 0}, {0, 1L << 40, -1}, {9, 9, 9}
    };
    WriteBuffer page = new WriteBuffer();
    type.write(page, keys, keys.length);
    long[][] read = type.createStorage(keys.length);
    type.read(page.getBuffer().flip(), read, keys.length);
    for (int i = 0; i < keys.length; i++) {
      assertArrayEquals(keys[i], read[i]);
      WriteBuffer one = new WriteBuffer();
      type.write(one, keys[i]);
      assertArrayEquals(keys[i], type.read(one.getBuffer().flip()));
      assertEquals(0, type.compare(keys[i], read[i]));
      assertEquals(i, type.binarySearch(keys[i], keys, keys.length, 0));
      assertEquals(i, type.binarySearch(keys[i], keys, keys.length, keys.length + 5));
      if (i > 0) {
        assertTrue(type.compare(keys[i - 1], keys[i]) < 0);
        assertTrue(type.compare(keys[i], keys[i - 1]) > 0);
      }
    }
    assertEquals(-1, type.binarySearch(new long[] {Long.MIN_VALUE, 0, 0}, keys, keys.length, 3));
    assertEquals(~6, type.binarySearch(new long[] {9, 9, 10}, keys, keys.length, 1));
  }

  private static ChunkId chunk(long high, int rest) {
    return ChunkId.of(ByteBuffer.allocate(ChunkId.BYTES).putLong(high).putInt(60, rest).array());
  }

  private static ChunkLocation at(int segment, long offset, int length) {
    return new ChunkLocation(new Position(segment, offset), length, length, (byte) 0, false);
  }

  @Test
  void chunks_whose_names_begin_alike_are_not_taken_for_each_other() throws IOException {
    try (EventIndex index = inMemory()) {
      index.add(chunk(1, 1), at(1, 32, 10));
      index.add(chunk(1, 1), at(1, 64, 10));
      assertEquals(10, index.chunks().uniqueBytes(), "one chunk, stored twice");
      assertNull(index.find(chunk(1, 2)));
      index.chunks().remove(chunk(1, 2));
      index.chunks().remove(chunk(2, 2));
      assertEquals(64, Objects.requireNonNull(index.find(chunk(1, 1))).position().offset());
      index.add(chunk(3, 3), at(1, 20, 5));
      index.forgetChunksFrom(new Position(1, 64));
      assertNull(index.find(chunk(1, 1)));
      assertNotNull(index.find(chunk(3, 3)));
      assertEquals(5, index.chunks().storedBytes());
    }
  }

  @Test
  void what_has_left_a_segment_is_not_moved_with_it() throws IOException {
    try (EventIndex index = inMemory()) {
      new ListedEvents(1).grow(index, 5, false);
      SegmentMoves moves = new SegmentMoves(index);
      Position from = index.position(2);
      Position to = new Position(from.segment() | 1 << 22, 99);
      moves.moveEvent(2, from.segment() + 9, to);
      moves.moveEvent(77, from.segment(), to);
      assertEquals(from, index.position(2));
      moves.moveEvent(2, from.segment(), to);
      moves.end(Map.of(from.place(), 1));
      assertEquals(to, index.position(2));
      assertTrue(moves.isNeeded(2, to));
      assertFalse(moves.isNeeded(2, from));
      assertFalse(moves.isNeeded(77, from));
      assertEquals(Map.of(from.place(), 1), SegmentMoves.generations(index));
      index.add(chunk(1, 1), at(3, 32, 10));
      moves.moveChunk(chunk(1, 1), 4, at(5, 32, 10));
      moves.moveChunk(chunk(2, 2), 3, at(5, 32, 10));
      assertEquals(3, Objects.requireNonNull(index.find(chunk(1, 1))).position().segment());
      assertNull(index.find(chunk(2, 2)));
      moves.moveChunk(chunk(1, 1), 3, at(5, 32, 10));
      assertEquals(5, Objects.requireNonNull(index.find(chunk(1, 1))).position().segment());
      assertFalse(SegmentMoves.isHalfDone(index));
      moves.begin();
      assertTrue(SegmentMoves.isHalfDone(index));
    }
  }

  @Test
  void tombstones_count_once_and_those_of_permanent_events_not_at_all() throws IOException {
    try (EventIndex index = inMemory()) {
      ListedEvents list = new ListedEvents(2);
      list.grow(index, 3, false);
      EventId absent = id(5, 5);
      long seq = index.lastSeq();
      index.tombstone(absent, seq + 1, List.of());
      index.tombstone(absent, seq + 2, List.of());
      EventId root = index.idOf(1);
      index.tombstone(root, seq + 3, List.of());
      index.tombstone(absent, seq + 4, List.of(88L));
      index.publish();
      assertTrue(index.hasTombstone(absent));
      assertFalse(index.hasTombstone(root));
      try (IndexSnapshot snapshot = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
        ChangeScan scan = new ChangeScan(snapshot);
        assertEquals(1, scan.digest(true).count());
        assertEquals(absent, scan.target(seq + 1));
        assertNull(scan.target(seq + 2));
        assertNull(scan.target(seq + 99));
        assertNull(scan.event(99));
        assertNotNull(scan.event(1));
      }
    }
  }

  @Test
  void a_tombstone_that_turns_out_void_is_missed_by_those_who_counted_it() throws IOException {
    try (EventIndex index = inMemory()) {
      EventId target = ids(1).get(0);
      index.tombstone(target, 1, List.of());
      index.publish();
      try (IndexSnapshot snapshot = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
        ChangeScan scan = new ChangeScan(snapshot);
        assertEquals(1, scan.list(true, IdRange.ALL, null, 9).size());
        index.maps().voids.incrementAndGet();
        StoreException changed =
            assertThrows(StoreException.class, () -> scan.list(true, IdRange.ALL, null, 9));
        assertEquals(ErrorCode.CONFLICT, changed.code());
      }
    }
  }

  private static List<EventId> ids(int count) {
    Random random = new Random(count);
    List<EventId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(id(random.nextLong(), random.nextLong()));
    }
    return ids;
  }

  @Test
  void digests_of_many_ids_add_up_and_lists_go_on_where_they_ended() throws IOException {
    try (EventIndex index = inMemory()) {
      List<EventId> targets = ids(10_500);
      long seq = 0;
      for (EventId target : targets) {
        index.tombstone(target, ++seq, List.of());
      }
      index.publish();
      try (IndexSnapshot snapshot = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
        ChangeScan scan = new ChangeScan(snapshot);
        SetDigest sum = SetDigest.EMPTY;
        for (int part = 0; part < 16; part++) {
          sum = sum.plus(scan.digest(true, IdRange.ALL.part(part)));
        }
        assertEquals(scan.digest(true, IdRange.ALL), sum);
        IdRange narrow = IdRange.ALL.part(3).part(3).part(3);
        SetDigest parts = SetDigest.EMPTY;
        for (int part = 0; part < 16; part++) {
          for (int below = 0; below < 16; below++) {
            parts = parts.plus(scan.digest(true, narrow.part(part).part(below)));
          }
        }
        assertEquals(scan.digest(true, narrow), parts);
        List<Changed> all = new ArrayList<>();
        Changed last = null;
        for (List<Changed> page = scan.list(true, IdRange.ALL, null, 999);
            !page.isEmpty();
            page = scan.list(true, IdRange.ALL, last, 999)) {
          all.addAll(page);
          last = page.get(page.size() - 1);
        }
        assertEquals(targets.size(), all.size());
        assertEquals(targets.size(), all.stream().distinct().count());
        assertEquals(SetDigest.EMPTY, scan.digest(false, IdRange.ALL.part(2)));
      }
    }
  }

  @Test
  void rows_are_equal_by_number_and_id_and_a_cut_one_is_damage() throws IOException {
    try (EventIndex index = inMemory();
        EventIndex other = inMemory()) {
      new ListedEvents(3).grow(index, 4, false);
      new ListedEvents(4).grow(other, 4, false);
      IndexRow row = Objects.requireNonNull(index.row(1));
      assertEquals(row, new IndexRow(index, 1, row.bytes()));
      assertNotEquals(row, index.row(2));
      assertNotEquals(row, other.row(1));
      assertNotEquals("row", row);
      assertNotEquals(row.hashCode(), Objects.requireNonNull(index.row(2)).hashCode());
      assertEquals(row.bytes().length, row.length());
      assertTrue(row.toString().contains("seq 1"));
      StoreException cut =
          assertThrows(
              StoreException.class,
              () -> new IndexRow(index, 1, java.util.Arrays.copyOf(row.bytes(), 70)));
      assertEquals(ErrorCode.CORRUPT, cut.code());
    }
  }

  @Test
  void blocks_are_written_whole_and_read_where_they_are() throws IOException {
    DiskFile disk = new MemoryDisk().open("file", true);
    ChecksummedFile file = new ChecksummedFile("file", disk);
    file.write(ByteBuffer.allocate(3 * ChecksummedFile.BLOCK_BYTES), 0);
    assertEquals(5, file.read(ChecksummedFile.BLOCK_BYTES - 2, 5).remaining());
    assertThrows(AssertionError.class, () -> file.write(ByteBuffer.allocate(10), 0));
    assertThrows(
        AssertionError.class,
        () -> file.write(ByteBuffer.allocate(ChecksummedFile.BLOCK_BYTES), 10));
    assertThrows(DamagedBlockException.class, () -> file.read(0, -1));
    assertThrows(DamagedBlockException.class, () -> file.read(3L * ChecksummedFile.BLOCK_BYTES, 1));
  }

  @Test
  void failures_of_the_maps_are_told_apart() {
    MVStoreException closed = new MVStoreException(DataUtils.ERROR_CLOSED, "closed");
    assertEquals(ErrorCode.CLOSED, IndexFailures.translate("reading", closed).code());
    MVStoreException damaged = new MVStoreException(DataUtils.ERROR_FILE_CORRUPT, "damaged");
    StoreException corrupt = IndexFailures.translate("reading", damaged);
    assertEquals(ErrorCode.CORRUPT, corrupt.code());
    assertTrue(String.valueOf(corrupt.getMessage()).contains("rebuilds the index"));
    MVStoreException failed = new MVStoreException(DataUtils.ERROR_READING_FAILED, "failed");
    failed.initCause(new IOException("Input/output error"));
    assertEquals(ErrorCode.IO_FAILED, IndexFailures.translate("reading", failed).code());
    MVStoreException block = new MVStoreException(DataUtils.ERROR_READING_FAILED, "failed");
    block.initCause(new DamagedBlockException("index.mv", 3));
    assertEquals(ErrorCode.CORRUPT, IndexFailures.translate("reading", block).code());
  }

  private static Position end(EventIndex index) {
    return new Position(1, 100 * index.lastSeq());
  }

  @Test
  void an_index_is_opened_by_the_store_and_the_owner_it_is_of() throws IOException {
    RealDisk disk = new RealDisk(directory);
    WriterId owner = new WriterId(5, 6);
    IndexFile file = new IndexFile(disk, owner, 0);
    try (EventIndex index = file.create(CACHE_BYTES)) {
      new ListedEvents(5).grow(index, 20, false);
      file.note(index.checkpoint(end(index), STORE), index.lastSeq(), end(index));
    }
    Objects.requireNonNull(file.open(STORE, CACHE_BYTES)).close();
    for (WriterId other : List.of(new WriterId(1, 3), new WriterId(3, 2))) {
      StoreException refused =
          assertThrows(
              StoreException.class, () -> new IndexFile(disk, owner, 0).open(other, CACHE_BYTES));
      assertEquals(ErrorCode.UNKNOWN_FORMAT, refused.code());
      assertTrue(String.valueOf(refused.getMessage()).contains(directory.toString()));
      assertNull(new IndexFile(disk).open(other, CACHE_BYTES), "just none of its own");
    }
    for (WriterId other : List.of(new WriterId(5, 7), new WriterId(4, 6))) {
      assertNull(new IndexFile(disk, other, 0).open(STORE, CACHE_BYTES));
    }
    Position wrong = new Position(1, 1);
    try (EventIndex index = Objects.requireNonNull(file.open(STORE, CACHE_BYTES))) {
      file.note(index.fileBytes(), index.lastSeq(), wrong);
    }
    assertNull(file.open(STORE, CACHE_BYTES), "its note says another position");
  }

  @Test
  void copies_that_were_not_finished_are_not_counted_among_the_files() throws IOException {
    RealDisk disk = new RealDisk(directory);
    disk.open("index-7.mv.next", true).close();
    disk.open("index-3.mv", true).close();
    IndexFile file = new IndexFile(disk);
    file.create(CACHE_BYTES).close();
    assertTrue(disk.exists("index-4.mv"));
    assertTrue(file.hasUnused());
    file.deleteUnused();
    assertEquals(List.of("index-4.mv"), disk.list());
  }

  @Test
  void an_index_in_memory_has_no_file_to_lose() throws IOException {
    try (EventIndex index = inMemory()) {
      index.loseFile(new IOException("gone"));
      index.serve();
      assertFalse(index.hasLostFile());
      assertFalse(index.isPersistent());
      assertEquals(0, index.fileBytes());
      assertEquals(0, index.liveBytes());
      assertFalse(index.isClosed());
      index.markDamaged();
      assertTrue(index.isDamaged());
    }
  }

  @Test
  void a_closed_index_says_that_the_store_is_closed() throws IOException {
    EventIndex index = inMemory();
    new ListedEvents(7).grow(index, 50, false);
    IndexSnapshot snapshot = new IndexSnapshot(index, ListedEvents.NO_LOG);
    var rows = snapshot.bySeq(1, 50, false).iterator();
    rows.next();
    index.close();
    assertTrue(index.isClosed());
    assertEquals(ErrorCode.CLOSED, assertThrows(StoreException.class, rows::hasNext).code());
    assertEquals(
        ErrorCode.CLOSED,
        assertThrows(StoreException.class, () -> new ListedEvents(8).grow(index, 5, false)).code());
    snapshot.close();
    assertEquals(0, index.openSnapshots());
  }

  @Test
  void siblings_of_one_level_come_in_the_order_of_their_ids_whatever_is_gone() throws IOException {
    try (EventIndex index = inMemory();
        IndexSnapshot snapshot = grown(index)) {
      long level = 500;
      for (long seq : new long[] {900, 901, 902}) {
        index.maps().children.put(new long[] {1, level, seq}, Boolean.TRUE);
      }
      List<EventRow> children = snapshot.withParent(1).stream().toList();
      assertEquals(children.stream().map(EventRow::seq).distinct().count(), children.size());
      assertTrue(children.stream().noneMatch(row -> row.seq() >= 900), "they have no rows");
    }
  }

  private static IndexSnapshot grown(EventIndex index) {
    new ListedEvents(9).grow(index, 30, false);
    return new IndexSnapshot(index, ListedEvents.NO_LOG);
  }
}
