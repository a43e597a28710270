package org.ouroborosdb.store.compression;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Limits;

/**
 * Compresses and decompresses with the Zstandard library. Thread-safe.
 *
 * <p>Contexts live outside the Java heap and are lent from a small pool: one for each call would be
 * allocated and cleared each time, one for each thread would never be released.
 */
final class ZstdCodec {
  private static final int LEVEL = 1; // the fastest of the ordinary levels: an import waits for it
  private static final int MOST_IDLE = 4;
  private static final ArrayBlockingQueue<Compressor> COMPRESSORS =
      new ArrayBlockingQueue<>(MOST_IDLE);
  private static final ArrayBlockingQueue<AutoCloseable> DECOMPRESSORS =
      new ArrayBlockingQueue<>(MOST_IDLE);

  private ZstdCodec() {}

  /** Returns one frame with the bytes, or null if it would take more than {@code mostBytes}. */
  static @Nullable ByteBuffer compress(byte[] raw, int offset, int length, int mostBytes) {
    Compressor pooled = COMPRESSORS.poll();
    Compressor compressor = pooled == null ? new Compressor() : pooled;
    try {
      return compressor.compress(raw, offset, length, mostBytes);
    } finally {
      if (!COMPRESSORS.offer(compressor)) {
        ZstdLibrary.close(compressor.context);
      }
    }
  }

  /** Returns the content of the frames, which must be of exactly the length; allocates no more. */
  static byte[] decompress(byte[] stored, int offset, int length, int rawLength) {
    AutoCloseable pooled = DECOMPRESSORS.poll();
    AutoCloseable context = pooled == null ? ZstdLibrary.newDecompressor() : pooled;
    try {
      byte[] raw = new byte[rawLength];
      int found = ZstdLibrary.decompress(context, raw, stored, offset, length);
      if (found != rawLength) {
        throw Compression.corrupt("they hold " + found + " bytes, not " + rawLength);
      }
      return raw;
    } finally {
      if (!DECOMPRESSORS.offer(context)) {
        ZstdLibrary.close(context);
      }
    }
  }

  /** A context with the buffer it writes to, which takes the worst case of the longest chunk. */
  private static final class Compressor {
    private final AutoCloseable context = ZstdLibrary.newCompressor(LEVEL);
    private byte[] buffer = new byte[ZstdLibrary.compressBound(Limits.MIN_CHUNK_BYTES)];

    @Nullable ByteBuffer compress(byte[] raw, int offset, int length, int mostBytes) {
      int bound = ZstdLibrary.compressBound(length);
      if (buffer.length < bound) {
        buffer = new byte[bound];
      }
      int stored = ZstdLibrary.compress(context, buffer, raw, offset, length);
      if (stored > mostBytes) {
        return null;
      }
      return ByteBuffer.wrap(Arrays.copyOf(buffer, stored));
    }
  }
}
