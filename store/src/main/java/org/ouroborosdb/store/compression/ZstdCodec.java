package org.ouroborosdb.store.compression;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Limits;

/**
 * The one place that calls the Zstandard library. Thread-safe.
 *
 * <p>Contexts live outside the Java heap and are lent from a small pool: one for each call would be
 * allocated and cleared each time, one for each thread would never be released.
 */
final class ZstdCodec {
  private static final int LEVEL = 1; // the fastest of the ordinary levels: an import waits for it
  private static final int MOST_IDLE = 4;
  private static final ArrayBlockingQueue<Compressor> COMPRESSORS =
      new ArrayBlockingQueue<>(MOST_IDLE);
  private static final ArrayBlockingQueue<ZstdDecompressCtx> DECOMPRESSORS =
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
        compressor.context.close();
      }
    }
  }

  /** Returns the content of the frames, which must be of exactly the length; allocates no more. */
  static byte[] decompress(byte[] stored, int offset, int length, int rawLength) {
    ZstdDecompressCtx pooled = DECOMPRESSORS.poll();
    ZstdDecompressCtx context = pooled == null ? new ZstdDecompressCtx() : pooled;
    try {
      byte[] raw = new byte[rawLength];
      int found = context.decompressByteArray(raw, 0, rawLength, stored, offset, length);
      if (found != rawLength) {
        throw Compression.corrupt("they hold " + found + " bytes, not " + rawLength);
      }
      return raw;
    } catch (ZstdException e) {
      throw Compression.corrupt("zstd says " + e.getMessage());
    } finally {
      if (!DECOMPRESSORS.offer(context)) {
        context.close();
      }
    }
  }

  /** A context with the buffer it writes to, which takes the worst case of the longest chunk. */
  private static final class Compressor {
    private final ZstdCompressCtx context = new ZstdCompressCtx();
    private byte[] buffer = new byte[(int) Zstd.compressBound(Limits.MIN_CHUNK_BYTES)];

    Compressor() {
      context.setLevel(LEVEL);
    }

    @Nullable ByteBuffer compress(byte[] raw, int offset, int length, int mostBytes) {
      int bound = Math.toIntExact(Zstd.compressBound(length));
      if (buffer.length < bound) {
        buffer = new byte[bound];
      }
      int stored = context.compressByteArray(buffer, 0, buffer.length, raw, offset, length);
      if (stored > mostBytes) {
        return null;
      }
      return ByteBuffer.wrap(Arrays.copyOf(buffer, stored));
    }
  }
}
