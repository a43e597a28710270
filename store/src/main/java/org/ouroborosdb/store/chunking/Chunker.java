package org.ouroborosdb.store.chunking;

import java.util.Objects;
import org.ouroborosdb.store.Limits;

/**
 * Finds where a chunk ends. Stateless.
 *
 * <p>The gear hash of FastCDC (Xia et al., USENIX ATC 2016), normalised at level 2: up to the
 * average length a cut needs 18 zero bits, beyond it 14, around the 16 of a 64 KiB average. The
 * zero bits are the highest, which have seen the most bytes; the hash starts 64 bytes before the
 * least length, so that every decision depends on exactly the 64 bytes before it.
 */
public final class Chunker {
  private static final int WINDOW_BYTES = 64; // a byte leaves a 64-bit hash after 64 shifts
  private static final int BELOW_AVERAGE_SHIFT = 64 - 18;
  private static final int ABOVE_AVERAGE_SHIFT = 64 - 14;
  private static final long[] GEAR = GearTable.derive();

  private Chunker() {}

  /**
   * Returns the length of the chunk that starts at an offset, 1 to {@link Limits#MAX_CHUNK_BYTES}.
   *
   * @param bytes holds the content from {@code offset} on
   * @param length the bytes there: all the rest of the content, or at least {@link
   *     Limits#MAX_CHUNK_BYTES} of it; at least 1
   */
  public static int cut(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length < 1) {
      throw new IllegalArgumentException("a chunk of " + length + " bytes");
    }
    if (length <= Limits.MIN_CHUNK_BYTES) {
      return length;
    }
    int average = offset + Math.min(length, Limits.AVERAGE_CHUNK_BYTES);
    int end = offset + Math.min(length, Limits.MAX_CHUNK_BYTES);
    int at = offset + Limits.MIN_CHUNK_BYTES - WINDOW_BYTES;
    long hash = 0;
    for (int warm = at + WINDOW_BYTES - 1; at < warm; at++) {
      hash = (hash << 1) + GEAR[bytes[at] & 0xff];
    }
    for (; at < average; at++) {
      hash = (hash << 1) + GEAR[bytes[at] & 0xff];
      if (hash >>> BELOW_AVERAGE_SHIFT == 0) {
        return at + 1 - offset;
      }
    }
    for (; at < end; at++) {
      hash = (hash << 1) + GEAR[bytes[at] & 0xff];
      if (hash >>> ABOVE_AVERAGE_SHIFT == 0) {
        return at + 1 - offset;
      }
    }
    return end - offset;
  }
}
