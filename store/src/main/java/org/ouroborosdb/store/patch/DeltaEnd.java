package org.ouroborosdb.store.patch;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;

/**
 * The last bytes of a delta, which say what it is: checked when read. Never changed.
 *
 * @param links how many deltas stand one on the other up to this one, 1 to {@link
 *     Limits#MAX_PATCHES}
 * @param baseLength the bytes of the base
 * @param length the bytes of the result
 * @param windows the number of windows
 * @param baseHash the SHA-512 of the base
 * @param resultHash the SHA-512 of the result
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; nobody writes to the hashes
record DeltaEnd(
    int links, long baseLength, long length, long windows, byte[] baseHash, byte[] resultHash) {
  private static final long MAGIC = 0x4f55_524f_5041_5431L; // "OUROPAT1"
  static final int HASH_BYTES = 64;
  static final int BYTES = 2 * HASH_BYTES + 1 + 4 * Long.BYTES;

  /** The most bytes that a delta makes of each of its own, so that few cannot make very many. */
  static final long MOST_GAIN = 1024;

  /**
   * Reads the end of a delta.
   *
   * @throws StoreException {@link org.ouroborosdb.store.ErrorCode#CORRUPT} if it contradicts itself
   */
  static DeltaEnd read(Content delta) {
    BadDelta.require(delta.length() >= BYTES, "it has " + delta.length() + " bytes only");
    ByteBuffer bytes = ByteBuffer.wrap(delta.read(delta.length() - BYTES, BYTES));
    byte[] baseHash = new byte[HASH_BYTES];
    byte[] resultHash = new byte[HASH_BYTES];
    bytes.get(baseHash).get(resultHash);
    int links = bytes.get();
    DeltaEnd end =
        new DeltaEnd(
            links, bytes.getLong(), bytes.getLong(), bytes.getLong(), baseHash, resultHash);
    BadDelta.require(bytes.getLong() == MAGIC, "it does not end as a delta does");
    BadDelta.require(
        links >= 1 && links <= Limits.MAX_PATCHES, "it is number " + links + " of a chain");
    end.requireSense(delta.length());
    return end;
  }

  private void requireSense(long deltaLength) {
    BadDelta.require(baseLength >= 0 && length >= 0, "a length is negative");
    BadDelta.require(
        windows >= 0
            && windows <= (deltaLength - BYTES) / Window.BYTES
            && (windows > 0 || deltaLength == BYTES),
        "it has no room for " + windows + " windows");
    BadDelta.require(
        windows <= length && length <= windows * Window.MAX_BYTES,
        windows + " windows cannot make " + length + " bytes");
    BadDelta.require(
        length - baseLength <= MOST_GAIN * deltaLength,
        deltaLength + " bytes make " + length + " of " + baseLength);
  }

  /** Returns the bytes. */
  byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .put(baseHash)
        .put(resultHash)
        .put((byte) links)
        .putLong(baseLength)
        .putLong(length)
        .putLong(windows)
        .putLong(MAGIC)
        .array();
  }

  /** Returns whether a content may be the base, as far as its length and what it is tell. */
  void requireBase(Content base) {
    BadDelta.require(
        base.length() == baseLength, "its base has " + base.length() + " bytes, not " + baseLength);
    if (base instanceof PatchedContent patched) {
      DeltaEnd before = patched.end();
      BadDelta.require(before.links == links - 1, "its place in the chain is not " + links);
      BadDelta.require(Arrays.equals(before.resultHash, baseHash), "its base is another");
    } else {
      BadDelta.require(links == 1, "its place in the chain is not " + links);
    }
  }
}
