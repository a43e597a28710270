package org.ouroborosdb.store.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;

class CompressionTest {
  private static final int MAX = Limits.MAX_GROUP_BYTES;

  @Test
  void bytes_of_any_length_come_back() {
    Random random = new Random(1);
    for (int length : new int[] {0, 1, 63, 64, 65, 1_000, MAX - 1, MAX}) {
      for (boolean compressible : new boolean[] {true, false}) {
        byte[] raw = compressible ? new byte[length] : random(random, length);
        Compression.Stored stored = compress(raw);

        assertArrayEquals(raw, Compression.decompress(stored.codec(), stored.bytes(), length));
      }
    }
  }

  @Test
  void only_what_shrinks_by_a_sixteenth_is_compressed() {
    Random random = new Random(2);
    byte[] barely = random(random, 64_000);
    Arrays.fill(barely, 0, 3_000, (byte) 0);
    byte[] enough = random(random, 64_000);
    Arrays.fill(enough, 0, 6_000, (byte) 0);

    assertEquals(Compression.NONE, compress(barely).codec());
    Compression.Stored stored = compress(enough);
    assertEquals(Compression.ZSTD, stored.codec());
    assertTrue(stored.bytes().remaining() <= 60_000);
  }

  @Test
  void stored_bytes_are_taken_between_position_and_limit_of_any_buffer() {
    byte[] raw = new byte[800];
    raw[100] = 1;
    ByteBuffer stored = compress(raw).bytes();
    byte[] shifted = new byte[stored.remaining() + 9];
    stored.get(shifted, 5, stored.remaining());
    ByteBuffer heap = ByteBuffer.wrap(shifted);
    ByteBuffer direct = ByteBuffer.allocateDirect(shifted.length).put(shifted);
    for (ByteBuffer buffer :
        new ByteBuffer[] {heap, heap.asReadOnlyBuffer(), direct, heap.slice(0, shifted.length)}) {
      buffer.position(5).limit(shifted.length - 4);
      assertArrayEquals(raw, Compression.decompress(Compression.ZSTD, buffer, 800));
    }
  }

  @Test
  void a_decompression_bomb_is_refused() {
    byte[] bomb = Zstd.compress(new byte[64 << 20]);
    assertTrue(bomb.length < 10_000);

    assertCorrupt(Compression.ZSTD, bomb, 1);
    assertCorrupt(Compression.ZSTD, bomb, MAX);
    assertCorrupt(Compression.ZSTD, bomb, MAX + 1);
    assertCorrupt(Compression.ZSTD, bomb, Integer.MAX_VALUE);
    assertCorrupt(Compression.ZSTD, bomb, -1);
  }

  @Test
  void frames_that_hold_more_or_less_than_announced_are_refused() {
    byte[] frame = Zstd.compress(new byte[1_000]);
    byte[] twice = Arrays.copyOf(frame, 2 * frame.length);
    System.arraycopy(frame, 0, twice, frame.length, frame.length);

    assertCorrupt(Compression.ZSTD, frame, 999);
    assertCorrupt(Compression.ZSTD, frame, 1_001);
    assertCorrupt(Compression.ZSTD, twice, 1_000);
    assertCorrupt(Compression.ZSTD, new byte[0], 1_000);
    assertCorrupt(Compression.ZSTD, Arrays.copyOf(frame, frame.length - 1), 1_000);
    assertCorrupt(Compression.NONE, new byte[999], 1_000);
    assertCorrupt((byte) 2, frame, 1_000);
    assertCorrupt((byte) -1, frame, 1_000);
  }

  @Test
  void random_bytes_never_harm_the_codec() {
    long seed = 4;
    System.out.println("random_bytes_never_harm_the_codec: seed " + seed);
    Random random = new Random(seed);
    byte[] good = Zstd.compress(random(random, 5_000));
    for (int i = 0; i < 5_000; i++) {
      byte[] bad = good.clone();
      for (int j = 0; j < 3; j++) {
        bad[random.nextInt(20)] ^= (byte) (1 + random.nextInt(255));
      }
      try {
        assertEquals(
            5_000, Compression.decompress(Compression.ZSTD, ByteBuffer.wrap(bad), 5_000).length);
      } catch (StoreException e) {
        assertEquals(ErrorCode.CORRUPT, e.code());
      }
    }
    byte[] raw = random(random, 5_000);
    Compression.Stored stored = compress(raw);
    assertArrayEquals(raw, Compression.decompress(stored.codec(), stored.bytes(), 5_000));
  }

  private static Compression.Stored compress(byte[] raw) {
    return Compression.compress(raw, raw.length, new byte[Compression.bound(raw.length)]);
  }

  private static void assertCorrupt(byte codec, byte[] stored, int rawLength) {
    StoreException refusal =
        assertThrows(
            StoreException.class,
            () -> Compression.decompress(codec, ByteBuffer.wrap(stored), rawLength));
    assertEquals(ErrorCode.CORRUPT, refusal.code());
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
