package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.segment.Position;

/** Values refuse what they cannot be, and say with what they were asked. */
class ValueBoundsTest {
  private static void assertRefused(String says, Executable call) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    assertTrue(message.contains(says), message);
  }

  @Test
  void ids_have_64_bytes_or_128_hex_digits() {
    assertRefused("63 bytes", () -> ChunkId.of(new byte[63]));
    assertRefused("65 bytes", () -> EventId.of(new byte[65]));
    assertRefused("2 characters", () -> ChunkId.parse("00"));
    assertRefused("129 characters", () -> EventId.parse("0".repeat(129)));
    assertThrows(IllegalArgumentException.class, () -> EventId.parse("x".repeat(128)));
    byte[] bytes = new byte[ChunkId.BYTES];
    bytes[63] = 1;
    ChunkId chunk = ChunkId.of(bytes);
    EventId event = EventId.of(bytes);
    assertEquals(chunk, ChunkId.parse(chunk.toString()));
    assertEquals(event, EventId.parse(event.toString()));
    assertNotEquals(chunk, ChunkId.of(new byte[ChunkId.BYTES]));
    assertNotEquals(event, EventId.of(new byte[EventId.BYTES]));
    assertTrue(chunk.compareTo(ChunkId.of(new byte[ChunkId.BYTES])) > 0);
    assertNotEquals(chunk, (Object) event, "the same bytes, but names of different things");
    assertNotEquals((Object) chunk, (Object) event, "an id of something else");
    assertNotEquals((Object) event, (Object) chunk, "an id of something else");
    WriterId writer = new WriterId(1, 2);
    assertEquals(new WriterId(1, 2), writer);
    assertNotEquals(new WriterId(1, 3), writer);
    assertNotEquals(new WriterId(2, 2), writer);
    assertNotEquals((Object) chunk, (Object) writer, "an id of something else");
  }

  @Test
  void lengths_of_chunks_are_bounded() {
    ChunkId id = ChunkId.of(new byte[ChunkId.BYTES]);
    assertRefused("length 0", () -> new ChunkRef(id, 0));
    assertRefused("out of range", () -> new ChunkRef(id, Limits.MAX_CHUNK_BYTES + 1));
    StoredContent one = new StoredContent(List.of(new ChunkRef(id, Limits.MAX_CHUNK_BYTES)));
    assertEquals(Limits.MAX_CHUNK_BYTES, one.length());
    assertTrue(one.toString().endsWith("]]]"), one.toString());
    EventId patch = EventId.of(new byte[EventId.BYTES]);
    assertTrue(new StoredContent(one.chunks(), patch).toString().contains("patch=" + patch));
  }

  @Test
  void types_of_events_have_the_numbers_1_to_5() {
    for (EventType type : EventType.values()) {
      assertEquals(type, EventType.ofNumber(type.number()));
    }
    for (int number : new int[] {Integer.MIN_VALUE, 0, 6, Integer.MAX_VALUE}) {
      StoreException refused =
          assertThrows(StoreException.class, () -> EventType.ofNumber(number), "" + number);
      assertEquals(ErrorCode.RULE_VIOLATED, refused.code());
    }
  }

  @Test
  void options_are_not_below_0() {
    StoreOptions options = StoreOptions.at(Path.of("db"));
    assertRefused("minFreeBytes is -1", () -> options.withMinFreeBytes(-1));
    assertRefused("cacheBytes is -2", () -> options.withCacheBytes(-2));
    assertRefused("transactionBytes is -3", () -> options.withTransactionBytes(-3));
    assertRefused("lockTimeoutMillis is -4", () -> options.withLockTimeoutMillis(-4));
    assertRefused("cleanupMillis is -5", () -> options.withCleanupMillis(-5));
    long most =
        options.withProfile(Profile.SMALL).withTransactionBytes(1L << 40).transactionBytes();
    assertEquals(Profile.SMALL.segmentBytes(), most, "a transaction fits into a segment");
  }

  @Test
  void a_reclamation_takes_a_part_from_0_to_1_and_a_speed_not_below_0() {
    ReclaimOptions options = ReclaimOptions.DEFAULT;
    assertRefused("leastDead is -0.1", () -> options.withLeastDead(-0.1));
    assertRefused("leastDead is 1.1", () -> options.withLeastDead(1.1));
    assertRefused("leastDead is NaN", () -> options.withLeastDead(Double.NaN));
    assertRefused("bytesPerSecond is -1", () -> options.withBytesPerSecond(-1));
    assertEquals(new ReclaimOptions(1, 7), options.withLeastDead(1).withBytesPerSecond(7));
  }

  @Test
  void positions_lie_in_segments_of_up_to_4_gib() {
    Position last = new Position(Integer.MAX_VALUE, 0xffff_ffffL);
    assertEquals(last, Position.ofLong(last.toLong()));
    assertRefused("out of range", () -> new Position(-1, 0));
    assertRefused("out of range", () -> new Position(1, -1));
    assertRefused("out of range", () -> new Position(1, 0x1_0000_0000L));
    Position rewritten = new Position(1 << 22 | 3, 9);
    assertEquals(3, rewritten.place());
    assertTrue(new Position(3, 9).compareTo(rewritten) < 0, "the younger one is the greater");
    assertTrue(new Position(4, 0).compareTo(rewritten) > 0, "the place counts first");
  }

  @Test
  void ranges_of_ids_have_up_to_60_bits_and_zeros_behind_them() {
    assertRefused("-1 bits", () -> new IdRange(0, -1));
    assertRefused("61 bits", () -> new IdRange(0, 61));
    assertRefused("no range", () -> new IdRange(1, 60));
    assertRefused("no range", () -> new IdRange(1, 0));
    IdRange part = IdRange.ALL.part(15).part(1);
    assertTrue(part.contains(0xf1_00_0000_0000_0000L));
    assertTrue(!part.contains(0xf2_00_0000_0000_0000L));
    assertTrue(IdRange.ALL.contains(-1) && IdRange.ALL.contains(0));
  }
}
