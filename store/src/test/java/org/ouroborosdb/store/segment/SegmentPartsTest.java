package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.MemoryDisk;

/** The small parts of segments, each at the edges of what it takes. */
class SegmentPartsTest {
  private static final int HEADER = RecordFormat.HEADER_BYTES;
  private static final int WINDOW = 1 << 20;

  private static ByteBuffer header(RecordKind kind, int raw, int payload) {
    return ByteBuffer.allocate(HEADER)
        .putInt(RecordFormat.MAGIC)
        .put(kind.number())
        .put((byte) 0)
        .put(RecordFormat.SHA_512)
        .put((byte) 0)
        .putInt(raw)
        .putInt(payload)
        .putInt(0)
        .flip();
  }

  @ParameterizedTest
  @EnumSource(RecordKind.class)
  void a_header_announces_lengths_up_to_the_limits_of_its_kind(RecordKind kind) {
    int raw =
        switch (kind) {
          case CHUNK -> Limits.MAX_CHUNK_BYTES;
          case CHUNK_GROUP -> Limits.MAX_GROUP_BYTES;
          case EVENT, COMMIT, TOMBSTONE, FREED -> Limits.MAX_EVENT_RECORD_BYTES;
        };
    int stored = kind == RecordKind.CHUNK_GROUP ? raw + GroupTable.MAX_BYTES : raw;
    int frame = HEADER + (kind.isNamed() ? 64 : 0);
    assertEquals(frame, RecordFormat.announcedLength(header(kind, 0, 0)));
    assertEquals(frame + stored, RecordFormat.announcedLength(header(kind, raw, stored)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, raw + 1, stored)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, raw, stored + 1)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, -1, 0)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, 0, -1)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, 0, 0).putInt(0, 1)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, 0, 0).put(4, (byte) 0)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, 0, 0).put(4, (byte) 77)));
    assertEquals(-1, RecordFormat.announcedLength(header(kind, 0, 0).put(6, (byte) 2)));
    ByteBuffer behind = ByteBuffer.allocate(HEADER + 5).position(5);
    behind.put(header(kind, 1, 2)).position(5);
    assertEquals(frame + 2, RecordFormat.announcedLength(behind));
  }

  @ParameterizedTest
  @EnumSource(RecordKind.class)
  void a_record_comes_back_and_no_byte_of_it_may_change(RecordKind kind) {
    ByteBuffer lead = kind.isNamed() ? HandmadeLog.name(7) : ByteBuffer.wrap(new byte[] {9, 8});
    ByteBuffer payload = ByteBuffer.wrap(new byte[] {1, 2, 3});
    int length = RecordFormat.payloadLength(kind, lead, payload);
    assertEquals(kind.isNamed() ? 3 : 5, length);
    ByteBuffer bytes = ByteBuffer.allocate(100 + RecordFormat.length(kind, length)).position(11);
    RecordFormat.write(bytes, 0x01020304, kind, (byte) 1, 6, lead, payload);
    bytes.flip().position(11);
    Position at = new Position(0x01020304, 32);
    LogRecord record = Objects.requireNonNull(RecordFormat.read(bytes.duplicate(), at));
    assertSame(at, record.position());
    assertEquals(kind, record.kind());
    assertEquals(1, record.codec());
    assertEquals(6, record.rawLength());
    assertEquals(kind.isNamed() ? lead : ByteBuffer.allocate(0), record.name());
    assertEquals(length, record.payload().remaining());
    assertEquals(3, record.payload().get(length - 1));
    for (int i = 11; i < bytes.limit(); i++) {
      bytes.put(i, (byte) (bytes.get(i) ^ 1));
      assertNull(RecordFormat.read(bytes.duplicate(), at), "byte " + i);
      bytes.put(i, (byte) (bytes.get(i) ^ 1));
    }
    for (int shift = 0; shift < 32; shift += 8) {
      Position elsewhere = new Position(0x01020304 ^ 1 << shift, 32);
      assertNull(RecordFormat.read(bytes.duplicate(), elsewhere), "segment " + elsewhere.segment());
    }
    assertNull(RecordFormat.read(bytes.duplicate().limit(bytes.limit() - 1), at));
    assertNull(RecordFormat.read(bytes.duplicate().limit(11 + HEADER - 1), at));
  }

  @Test
  void positions_are_ordered_as_the_log_is_and_kept_as_one_number() {
    Position first = new Position(1, 0xffff_ffffL);
    Position rewritten = new Position(Position.numberOf(1, 3), 32);
    Position second = new Position(2, 0);
    assertTrue(rewritten.compareTo(first) < 0);
    assertTrue(first.compareTo(second) < 0);
    assertTrue(new Position(1, 32).compareTo(rewritten) < 0, "the generation counts last");
    assertEquals(0, second.compareTo(new Position(2, 0)));
    for (Position each : List.of(first, rewritten, second)) {
      assertEquals(each, Position.ofLong(each.toLong()));
    }
    assertEquals((3L << 22 | 1) << 32 | 32, rewritten.toLong());
    assertEquals(1L << 32 | 32, rewritten.order());
    assertEquals("1:32", rewritten.toString());
    assertEquals(3, Position.generationOf(rewritten.segment()));
    assertEquals(0, new Position(0, 0).place());
    assertThrows(IllegalArgumentException.class, () -> new Position(-1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Position(1, -1));
    assertThrows(IllegalArgumentException.class, () -> new Position(1, 1L << 32));
  }

  @Test
  void the_names_of_segments_say_their_numbers_and_no_other_name_does() {
    int most = Position.numberOf((1 << 22) - 1, Position.MAX_GENERATION);
    for (int number : new int[] {1, 12_345, Position.numberOf(1, 1), most}) {
      assertEquals(number, Segment.number(Segment.name(number)));
    }
    assertEquals("segment-00000001-1.log", Segment.name(Position.numberOf(1, 1)));
    for (String name :
        List.of(
            "segment-0000001.log",
            "segment-00000001-0.log",
            "segment-00000001-512.log",
            "segment-04194304.log",
            "segment-00000001.log.next",
            "FORMAT")) {
      assertEquals(-1, Segment.number(name), name);
    }
    assertEquals(4_194_303, Segment.number("segment-04194303.log"));
  }

  @Test
  void a_header_is_of_one_segment_of_one_store() throws IOException {
    MemoryDisk disk = new MemoryDisk();
    Segment segment = Segment.create(disk, 3, HandmadeLog.ID);
    assertTrue(segment.hasValidHeader(HandmadeLog.ID));
    assertFalse(segment.hasValidHeader(new WriterId(1, 3)));
    assertFalse(new Segment(4, segment.file).hasValidHeader(HandmadeLog.ID));
    assertEquals(Segment.HEADER_BYTES, segment.file.size());
    segment.file.truncate(Segment.HEADER_BYTES - 1);
    assertFalse(segment.hasValidHeader(HandmadeLog.ID));
  }

  @Test
  void a_record_is_read_by_its_kind_and_a_missing_one_is_damage() throws IOException {
    HandmadeLog log = new HandmadeLog().event(1, 5).commit(1, 1);
    long end = log.end().offset();
    Segment segment = Segment.open(log.disk, 1);
    assertEquals(5, segment.read(32, RecordKind.EVENT).payload().remaining());
    for (long at : new long[] {33, end - 3, end, end + 9}) {
      StoreException damaged =
          assertThrows(StoreException.class, () -> segment.read(at, RecordKind.EVENT));
      assertTrue(String.valueOf(damaged.getMessage()).contains("segment 1 is damaged at offset "));
      assertTrue(String.valueOf(damaged.getMessage()).contains("no EVENT record starts there"));
    }
    StoreException other =
        assertThrows(StoreException.class, () -> segment.read(32, RecordKind.CHUNK));
    assertTrue(String.valueOf(other.getMessage()).contains("checksum of the CHUNK record"));
    log.cut(1, end - 1);
    assertThrows(StoreException.class, () -> segment.read(121, RecordKind.COMMIT));
  }

  @Test
  void numbers_are_kept_sorted_and_found() {
    Longs longs = new Longs();
    for (long i = 40; i > 0; i--) {
      longs.add(i * 2);
    }
    assertEquals(40, longs.size());
    assertEquals(80, longs.get(0));
    assertEquals(2, longs.last());
    longs.sort();
    assertEquals(80, longs.last());
    for (int i = 0; i < 40; i++) {
      assertEquals(i, longs.find(2L * i + 2));
      assertEquals(-i - 1, longs.find(2L * i + 1));
    }
  }

  @Test
  void the_next_record_is_found_over_any_distance() throws IOException {
    for (int gap : new int[] {1, 2, 3, 5, WINDOW - 4, WINDOW - 3, WINDOW - 1, WINDOW, WINDOW + 9}) {
      HandmadeLog log = new HandmadeLog().bytes(ByteBuffer.allocate(gap)).event(1, 9);
      try (RecordFile file = new RecordFile(log.disk, 1)) {
        long at = 32L + gap;
        assertEquals(at, file.nextValid(31), "gap " + gap);
        assertEquals(at, file.nextValid(at - 1));
        assertEquals(-1, file.nextValid(at));
        assertEquals(-1, file.nextValid(file.size()));
        assertNull(file.at(at - 1));
        assertEquals(HEADER + 64 + 9, Objects.requireNonNull(file.at(at)).remaining());
        assertEquals(at, Objects.requireNonNull(file.record(at)).position().offset());
        assertFalse(file.isCutAt(at));
        assertTrue(file.isCutAt(file.size() - HEADER + 1));
        assertFalse(file.isCutAt(at + 1), "no record starts there");
      }
      log.cut(1, 32 + gap + HEADER + 64 + 8);
      try (RecordFile file = new RecordFile(log.disk, 1)) {
        assertTrue(file.isCutAt(32 + gap));
        assertNull(file.at(32 + gap));
        assertEquals(-1, file.nextValid(32));
      }
    }
  }

  @Test
  void a_segment_that_is_not_there_is_empty() throws IOException {
    try (RecordFile file = new RecordFile(new MemoryDisk(), 5)) {
      assertEquals(0, file.size());
      assertNull(file.at(0));
      assertNull(file.record(0));
      assertEquals(-1, file.nextValid(-1));
      assertTrue(file.isCutAt(0));
    }
  }

  @Test
  void a_group_shares_its_stored_bytes_out_among_its_chunks() {
    List<GroupTable.Entry> entries =
        List.of(
            new GroupTable.Entry(id(1), 0, 10),
            new GroupTable.Entry(id(2), 10, 20),
            new GroupTable.Entry(id(3), 30, 3));
    GroupTable table = new GroupTable(entries, 33);
    assertTrue(table.isGroup());
    Map<ChunkId, ChunkLocation> located = new java.util.HashMap<>();
    table.locate(new Position(1, 50), (byte) 1, 100, located::put);
    assertEquals(location(10, 30), located.get(id(1)));
    assertEquals(location(20, 60), located.get(id(2)));
    assertEquals(location(3, 10), located.get(id(3)));
    ByteBuffer lead = table.lead();
    assertEquals(4 + 3 * 68, lead.remaining());
    assertEquals(3, lead.getInt(0));
    assertEquals(20, lead.getInt(4 + 68 + 64));
    GroupTable one = HandmadeLog.oneChunk(4, 7);
    assertFalse(one.isGroup());
    assertEquals(EventId.BYTES, one.lead().remaining());
    Map<ChunkId, @Nullable ChunkLocation> single = new java.util.HashMap<>();
    one.locate(new Position(1, 50), (byte) 0, 5, single::put);
    ChunkLocation at = single.get(id(4));
    assertNotNull(at);
    assertEquals(new ChunkLocation(new Position(1, 50), 7, 5, (byte) 0, false), at);
  }

  private static ChunkId id(int name) {
    return ChunkId.read(HandmadeLog.name(name));
  }

  private static ChunkLocation location(int length, int stored) {
    return new ChunkLocation(new Position(1, 50), length, stored, (byte) 1, true);
  }
}
