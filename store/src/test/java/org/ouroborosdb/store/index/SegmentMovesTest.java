package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.Position;

/** What an index hands over to those who write segments anew, and takes from them. */
class SegmentMovesTest {
  private EventIndex index;
  private SegmentMoves moves;

  @BeforeEach
  void open() throws IOException {
    index = new IndexFile(new MemoryDisk()).create(4 << 20);
    moves = new SegmentMoves(index);
  }

  @AfterEach
  void close() {
    index.close();
  }

  private static ChunkId chunk(long number) {
    return ChunkId.of(
        ByteBuffer.allocate(ChunkId.BYTES).putLong(number).putLong(56, number).array());
  }

  private static ChunkLocation at(long offset, int length, boolean grouped) {
    return new ChunkLocation(new Position(2, offset), length, length, (byte) 0, grouped);
  }

  private static Cancellation cancelled() {
    Cancellation cancellation = Cancellation.create();
    cancellation.cancel();
    return cancellation;
  }

  @Test
  void every_row_but_those_left_out_is_handed_over_with_its_place() {
    new ListedEvents(41).grow(index, 80, false);
    List<Position> expected = new ArrayList<>();
    Map<Position, Long> found = new HashMap<>();
    for (long seq = 1; seq <= 80; seq++) {
      if (seq % 3 != 0) {
        expected.add(index.position(seq));
      }
    }
    moves.forEachRow(found::put, seq -> seq % 3 == 0, Cancellation.create());
    assertEquals(expected.size(), found.size());
    for (long seq = 1; seq <= 80; seq++) {
      if (seq % 3 != 0) {
        IndexRow row = Objects.requireNonNull(index.row(seq));
        Long bytes = Objects.requireNonNull(found.get(row.position()));
        // 66 bytes of a child's record are its parent's id, which no row has.
        assertEquals(row.length() + (row.parentSeq() == 0 ? 114 : 114 + 66), bytes);
      }
    }
    assertEquals(new Position(0, 0), index.position(81), "of an event that is not there");
  }

  @Test
  void every_chunk_is_handed_over_with_its_place_until_it_is_forgotten() {
    Map<ChunkId, ChunkLocation> expected = new HashMap<>();
    for (int i = 1; i <= 20; i++) {
      expected.put(chunk(i), at(100L * i, 10 + i, i % 2 == 0));
      index.add(chunk(i), at(100L * i, 10 + i, i % 2 == 0));
    }
    moves.forget(chunk(7));
    moves.forget(chunk(99));
    expected.remove(chunk(7));
    Map<ChunkId, ChunkLocation> found = new HashMap<>();
    moves.forEachChunk(found::put, Cancellation.create());
    assertEquals(expected, found);
    assertNull(index.find(chunk(7)));
    assertEquals(
        expected.values().stream().mapToLong(ChunkLocation::rawLength).sum(),
        index.chunks().uniqueBytes());
    assertEquals(chunk(3), ChunkKey.of(chunk(3)).find(index));
    assertNull(ChunkKey.of(chunk(7)).find(index));
  }

  @Test
  void a_chunk_that_moves_counts_with_the_bytes_it_has_then() {
    index.add(chunk(1), at(32, 50, false));
    ChunkLocation smaller = new ChunkLocation(new Position(3, 32), 50, 20, (byte) 0, true);
    moves.moveChunk(chunk(1), 2, smaller);
    assertEquals(smaller, index.find(chunk(1)));
    assertEquals(20, index.chunks().storedBytes());
    assertEquals(50, index.chunks().uniqueBytes());
  }

  @Test
  void a_cancelled_call_hands_nothing_over() {
    new ListedEvents(42).grow(index, 3, false);
    index.add(chunk(1), at(32, 5, false));
    assertEquals(
        ErrorCode.CANCELLED,
        assertThrows(
                StoreException.class,
                () -> moves.forEachRow((at, bytes) -> {}, seq -> false, cancelled()))
            .code());
    assertEquals(
        ErrorCode.CANCELLED,
        assertThrows(StoreException.class, () -> moves.forEachChunk((id, at) -> {}, cancelled()))
            .code());
  }

  @Test
  void a_record_has_more_bytes_than_what_it_holds_and_one_in_a_group_its_share() {
    assertEquals(1_084, SegmentMoves.recordBytes(at(32, 1_000, false)));
    assertEquals(1_068, SegmentMoves.recordBytes(at(32, 1_000, true)));
  }

  @Test
  void what_is_removed_is_gone_when_no_open_snapshot_shows_it() {
    ListedEvents list = new ListedEvents(43);
    list.grow(index, 30, false);
    assertEquals(Long.MAX_VALUE, SegmentMoves.oldestSnapshot(index));
    IndexSnapshot before = new IndexSnapshot(index, ListedEvents.NO_LOG);
    assertEquals(30, SegmentMoves.oldestSnapshot(index));
    long removed = 0;
    for (EventRow row : before.bySeq(1, 30, true)) {
      removed = removed == 0 && row.temporary() ? row.seq() : removed;
    }
    assertTrue(removed > 0, "none is temporary");
    index.tombstone(index.idOf(removed), 31, List.of(removed));
    index.publish();
    LongPredicate gone = moves.gone();
    assertFalse(gone.test(removed), "a snapshot shows it");
    try (IndexSnapshot after = new IndexSnapshot(index, ListedEvents.NO_LOG)) {
      before.close();
      LongPredicate goneNow = moves.gone();
      assertTrue(goneNow.test(removed));
      assertFalse(goneNow.test(1));
      assertEquals(29, after.eventCount());
      Position at = index.position(removed);
      assertTrue(moves.isNeeded(removed, at));
      moves.purge();
      assertFalse(moves.isNeeded(removed, at));
    }
    assertTrue(moves.gone().test(removed), "nobody asks for it again");
  }

  @Test
  void the_numbers_of_segments_are_kept_beside_others_and_a_row_keeps_all_but_its_place() {
    new ListedEvents(44).grow(index, 40, false);
    index.prepareCopy(new Position(3, 99), new org.ouroborosdb.store.WriterId(1, 2));
    assertEquals(Map.of(), SegmentMoves.generations(index));
    moves.setGenerations(Map.of(1, 2, 7, 1, 12, 5));
    assertEquals(Map.of(1, 2, 7, 1, 12, 5), SegmentMoves.generations(index));
    moves.begin();
    assertTrue(SegmentMoves.isHalfDone(index));
    List<IndexRow> before = new ArrayList<>();
    for (long seq = 1; seq <= 40; seq++) {
      IndexRow row = Objects.requireNonNull(index.row(seq));
      before.add(row);
      moves.moveEvent(seq, row.position().segment(), moved(row));
    }
    moves.end(Map.of(1, 3));
    assertFalse(SegmentMoves.isHalfDone(index));
    assertEquals(Map.of(1, 3, 7, 1, 12, 5), SegmentMoves.generations(index));
    for (IndexRow row : before) {
      IndexRow after = Objects.requireNonNull(index.row(row.seq()));
      assertEquals(moved(row), after.position());
      assertEquals(row, after);
      assertEquals(row.title(), after.title());
      assertEquals(row.tags(), after.tags());
      assertEquals(row.content(), after.content());
      assertEquals(row.writer(), after.writer());
      assertEquals(row.merges(), after.merges());
    }
  }

  private static Position moved(IndexRow row) {
    return new Position(row.position().segment() | 1 << 22, 1L << 31 | row.seq());
  }
}
