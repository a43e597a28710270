package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;

/** Tables of chunk groups say what they hold; what is none is told by both ways to read it. */
class GroupTableTest {
  private static final int ENTRY_BYTES = 68;
  private static final int LENGTH_AT = 4 + 64;
  private static final Position AT = new Position(1, 32);

  private static LogRecord record(RecordKind kind, ByteBuffer payload, int rawLength) {
    ByteBuffer name = kind == RecordKind.CHUNK ? HandmadeLog.name(1) : HandmadeLog.NO_NAME;
    return new LogRecord(AT, kind, (byte) 0, rawLength, name, payload);
  }

  private static LogRecord group(ByteBuffer payload, int rawLength) {
    return record(RecordKind.CHUNK_GROUP, payload, rawLength);
  }

  /**
   * Returns a table of some lengths with bytes behind it, that starts in the middle of a buffer.
   */
  private static ByteBuffer table(int storedBytes, int... lengths) {
    int bytes = 4 + lengths.length * ENTRY_BYTES + storedBytes;
    ByteBuffer table = ByteBuffer.allocate(7 + bytes).position(7).slice().putInt(lengths.length);
    for (int i = 0; i < lengths.length; i++) {
      table.put(HandmadeLog.name(i + 1)).putInt(lengths[i]);
    }
    ByteBuffer within = ByteBuffer.allocate(7 + bytes).position(7).put(table.rewind());
    return within.position(7);
  }

  private static void assertTable(ByteBuffer payload, int rawLength) {
    assertTrue(GroupTable.isOf(group(payload, rawLength)));
    assertEquals(rawLength, GroupTable.of(group(payload, rawLength)).rawLength());
  }

  private static void assertNone(String why, ByteBuffer payload, int rawLength) {
    assertFalse(GroupTable.isOf(group(payload, rawLength)), why);
    StoreException damaged =
        assertThrows(StoreException.class, () -> GroupTable.of(group(payload, rawLength)), why);
    assertEquals(ErrorCode.CORRUPT, damaged.code());
    assertEquals(
        "the chunk group at " + AT + " is damaged: " + why + "; run verify", damaged.getMessage());
  }

  @Test
  void a_table_says_each_chunk_and_where_it_starts() {
    ByteBuffer payload = table(10, 4, 6);
    assertTable(payload, 10);
    GroupTable table = GroupTable.of(group(payload, 10));
    ChunkId first = ChunkId.read(HandmadeLog.name(1));
    ChunkId second = ChunkId.read(HandmadeLog.name(2));
    assertEquals(
        List.of(new GroupTable.Entry(first, 0, 4), new GroupTable.Entry(second, 4, 6)),
        table.entries());
    assertTrue(table.isGroup());
    assertEquals(10, table.stored(group(payload, 10)).remaining());
    assertEquals(payload.slice(7, 4 + 2 * ENTRY_BYTES), table.lead());
  }

  @Test
  void a_record_of_one_chunk_is_a_table_of_it() {
    LogRecord chunk = record(RecordKind.CHUNK, ByteBuffer.allocate(9).position(2), 12);
    GroupTable table = GroupTable.of(chunk);
    ChunkId id = ChunkId.read(HandmadeLog.name(1));
    assertEquals(List.of(new GroupTable.Entry(id, 0, 12)), table.entries());
    assertEquals(12, table.rawLength());
    assertFalse(table.isGroup());
    assertEquals(7, table.stored(chunk).remaining());
    assertEquals(HandmadeLog.name(1), table.lead());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 4, 1025, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void a_count_that_the_payload_has_no_room_for_is_none(int count) {
    ByteBuffer payload = table(10, 4, 6);
    assertNone("it announces " + count + " chunks", payload.putInt(7, count), 10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 11, Limits.MAX_CHUNK_BYTES + 1, Integer.MAX_VALUE})
  void a_chunk_longer_than_what_is_left_is_none(int length) {
    ByteBuffer payload = table(10, 4, 6);
    ChunkId first = ChunkId.read(HandmadeLog.name(1));
    assertNone(
        "chunk " + first + " is " + length + " bytes long in it",
        payload.putInt(7 + LENGTH_AT, length),
        10);
  }

  @Test
  void the_chunks_have_together_what_the_record_says() {
    assertNone("its chunks have 9 bytes, not 10", table(10, 3, 6), 10);
    ChunkId second = ChunkId.read(HandmadeLog.name(2));
    assertNone("chunk " + second + " is 6 bytes long in it", table(10, 5, 6), 10);
  }

  @Test
  void the_largest_tables_are_tables_and_larger_ones_are_not() {
    int[] most = new int[Limits.MAX_CHUNKS_PER_GROUP];
    Arrays.fill(most, 1);
    assertTable(table(0, most), most.length);
    assertNone("it announces 1025 chunks", table(0, new int[most.length + 1]), most.length + 1);
    assertTable(table(0, Limits.MAX_CHUNK_BYTES, 1), Limits.MAX_CHUNK_BYTES + 1);
    ChunkId first = ChunkId.read(HandmadeLog.name(1));
    int more = Limits.MAX_CHUNK_BYTES + 1;
    assertNone("chunk " + first + " is " + more + " bytes long in it", table(0, more), more);
  }

  @Test
  void a_payload_shorter_than_its_table_is_none() {
    ByteBuffer payload = table(0, 4, 6);
    assertTable(payload, 10);
    assertNone("it announces 2 chunks", payload.duplicate().limit(payload.limit() - 1), 10);
    assertNone("it announces 0 chunks", payload.duplicate().limit(7 + 3), 10);
    assertNone("it announces 2 chunks", payload.duplicate().limit(7 + 4), 10);
  }

  @Test
  void the_stored_length_is_shared_out_by_the_plain_ones() {
    List<ChunkLocation> located = new ArrayList<>();
    GroupTable.of(group(table(10, 4, 6), 10))
        .locate(AT, (byte) 1, 101, (id, at) -> located.add(at));
    assertEquals(
        List.of(
            new ChunkLocation(AT, 4, 40, (byte) 1, true),
            new ChunkLocation(AT, 6, 61, (byte) 1, true)),
        located);
    located.clear();
    HandmadeLog.oneChunk(1, 10).locate(AT, (byte) 0, 9, (id, at) -> located.add(at));
    assertEquals(List.of(new ChunkLocation(AT, 10, 9, (byte) 0, false)), located);
  }
}
