package org.ouroborosdb.store.patch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.identity.Sha512;

/**
 * One window of a delta, as its table has it, with where the one before it ends. Never changed.
 *
 * @param start where it starts in the result
 * @param end where it ends
 * @param baseOffset where its range of the base starts
 * @param baseLength the bytes of that range
 * @param frameStart where its frame starts in the delta
 * @param frameEnd where its frame ends; where it starts if the window is the range itself
 * @param hash the first 32 bytes of the SHA-512 of its bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; nobody writes to the hash
record Window(
    long start,
    long end,
    long baseOffset,
    int baseLength,
    long frameStart,
    long frameEnd,
    byte[] hash) {
  static final int MAX_BYTES = Limits.MAX_CHUNK_BYTES;
  static final int MAX_BASE_BYTES = 2 * MAX_BYTES;
  static final int HASH_BYTES = 32;
  static final int BYTES = 3 * Long.BYTES + Integer.BYTES + HASH_BYTES;

  /** More than zstd makes of bytes that it cannot compress. */
  private static final int MAX_FRAME_BYTES = MAX_BYTES + 1024;

  /** Returns the hash that a window of these bytes has. */
  static byte[] hashOf(byte[] bytes) {
    return Arrays.copyOf(Sha512.digest().digest(bytes), HASH_BYTES);
  }

  /** Reads a window of a delta, and checks it against the one before. */
  static Window read(Content delta, DeltaEnd end, long number) {
    long table = delta.length() - DeltaEnd.BYTES - end.windows() * BYTES;
    boolean first = number == 0;
    int length = first ? BYTES : 2 * BYTES;
    ByteBuffer bytes =
        ByteBuffer.wrap(delta.read(table + (first ? 0 : number - 1) * BYTES, length));
    Window before = first ? new Window(0, 0, 0, 0, 0, 0, new byte[0]) : entry(bytes, 0, 0);
    Window window = entry(bytes, before.end, before.frameEnd);
    window.requireSense(before, end, number == end.windows() - 1, table);
    return window;
  }

  private static Window entry(ByteBuffer bytes, long start, long frameStart) {
    long end = bytes.getLong();
    long baseOffset = bytes.getLong();
    int baseLength = bytes.getInt();
    long frameEnd = bytes.getLong();
    byte[] hash = new byte[HASH_BYTES];
    bytes.get(hash);
    return new Window(start, end, baseOffset, baseLength, frameStart, frameEnd, hash);
  }

  private void requireSense(Window before, DeltaEnd delta, boolean last, long table) {
    BadDelta.require(
        start >= 0 && end > start && end - start <= MAX_BYTES && end <= delta.length(),
        "a window from " + start + " to " + end);
    BadDelta.require(
        last == (end == delta.length()), "its last window does not end where the result does");
    BadDelta.require(
        baseLength >= 0
            && baseLength <= MAX_BASE_BYTES
            && baseOffset >= 0
            && baseOffset <= delta.baseLength() - baseLength
            && before.baseOffset <= baseOffset - before.baseLength,
        "a window's range of " + baseLength + " bytes from " + baseOffset + " of the base");
    long frame = frameEnd - frameStart;
    BadDelta.require(
        frameStart >= 0 && frameEnd <= table && frame >= 0 && frame <= MAX_FRAME_BYTES,
        "a frame from " + frameStart + " to " + frameEnd);
    BadDelta.require(!last || frameEnd == table, "its frames end before its table starts");
    BadDelta.require(
        frame > 0 || baseLength == end - start, "a window without a frame is its range");
  }

  /** Returns the window's bytes, verified. */
  byte[] decode(Content delta, byte[] base) {
    byte[] bytes = base;
    if (frameEnd > frameStart) {
      byte[] frame = delta.read(frameStart, (int) (frameEnd - frameStart));
      try {
        bytes = Compression.decompressAgainst(base, frame, (int) (end - start));
      } catch (StoreException e) {
        throw BadDelta.because(String.valueOf(e.getMessage()));
      }
    }
    BadDelta.require(
        !Guard.WINDOW_HASH.isOn() || Arrays.equals(hashOf(bytes), hash),
        "the SHA-512 of the window from " + start + " is another");
    return bytes;
  }
}
