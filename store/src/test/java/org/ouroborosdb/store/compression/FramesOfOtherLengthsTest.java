package org.ouroborosdb.store.compression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;

/** Frames make the bytes that were said, or an error; whatever they were compressed against. */
class FramesOfOtherLengthsTest {
  private static void assertCorrupt(Executable call) {
    assertEquals(ErrorCode.CORRUPT, assertThrows(StoreException.class, call).code());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @Test
  void lengths_out_of_range_are_refused_before_anything_is_allocated() {
    byte[] frame = Compression.compressAgainst(new byte[0], new byte[100]);
    for (int length : new int[] {-1, Integer.MIN_VALUE, Limits.MAX_GROUP_BYTES + 1}) {
      assertCorrupt(() -> Compression.decompress((byte) 1, ByteBuffer.wrap(frame), length));
      assertCorrupt(() -> Compression.decompressAgainst(new byte[0], frame, length));
    }
    for (int length : new int[] {0, 99, 101}) {
      assertCorrupt(() -> Compression.decompressAgainst(new byte[0], frame, length));
    }
    assertCorrupt(() -> Compression.decompress((byte) 0, ByteBuffer.wrap(frame), 5));
    assertCorrupt(() -> Compression.decompress((byte) 2, ByteBuffer.wrap(frame), 5));
    assertCorrupt(() -> Compression.codecName((byte) 9));
  }

  @Test
  void a_base_may_begin_like_a_dictionary_for_a_while() {
    byte[] raw = random(2_000);
    byte[] start = {0x37, (byte) 0xa4, 0x30, (byte) 0xec};
    for (int same = 0; same <= start.length; same++) {
      byte[] base = raw.clone();
      System.arraycopy(start, 0, base, 0, same);
      byte[] frame = Compression.compressAgainst(base, raw);
      assertArrayEquals(raw, Compression.decompressAgainst(base, frame, raw.length));
    }
    byte[] tooLong = new byte[Limits.MAX_GROUP_BYTES + 1];
    assertThrows(IllegalArgumentException.class, () -> Compression.compressAgainst(tooLong, raw));
    byte[] frame = Compression.compressAgainst(raw, raw);
    assertCorrupt(
        () ->
            Compression.decompressAgainst(raw, Arrays.copyOf(frame, frame.length / 2), raw.length));
  }

  @Test
  void more_threads_than_contexts_are_kept_compress_at_once() throws Exception {
    int threads = 40;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier together = new CyclicBarrier(threads);
    try {
      List<Callable<byte[]>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        byte[] raw = random(900_000 + i);
        calls.add(
            () -> {
              together.await();
              byte[] frame = Compression.compressAgainst(raw, raw);
              return Compression.decompressAgainst(raw, frame, raw.length);
            });
      }
      int i = 0;
      for (Future<byte[]> made : pool.invokeAll(calls)) {
        assertArrayEquals(random(900_000 + i++), made.get());
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
