package org.ouroborosdb.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The SHA-512 of something, which names it. Immutable; ordered by its bytes, unsigned; equal to
 * names of the same kind only.
 *
 * @param <N> what it names: the names of events and of chunks do not mix
 */
public abstract sealed class HashName<N extends HashName<N>> implements Comparable<N>
    permits ChunkId, EventId {
  /** The length of a name in bytes. */
  public static final int BYTES = 64;

  private final byte[] bytes;

  /** Takes the 64 bytes, which nobody else may have. */
  HashName(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns a copy of bytes that must be 64.
   *
   * @param what is named, for the message
   */
  static byte[] copyOf(byte[] bytes, String what) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(what + " id of " + bytes.length + " bytes, not " + BYTES);
    }
    return bytes.clone();
  }

  /** Reads the next 64 bytes of a buffer, and moves its position past them. */
  static byte[] readBytes(ByteBuffer source) {
    byte[] bytes = new byte[BYTES];
    source.get(bytes);
    return bytes;
  }

  /** Returns the bytes that 128 hexadecimal digits of either case stand for. */
  static byte[] parseBytes(String hex, String what) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException(
          what + " id of " + hex.length() + " characters, not " + 2 * BYTES);
    }
    return HexFormat.of().parseHex(hex);
  }

  /** Returns a copy of the 64 bytes. */
  public final byte[] toBytes() {
    return bytes.clone();
  }

  /** Writes the 64 bytes into a buffer, and moves its position past them. */
  public final void write(ByteBuffer target) {
    target.put(bytes);
  }

  /** Returns the eight bytes from an index as a big-endian number; {@code index} is 0 to 56. */
  public final long longAt(int index) {
    return ByteBuffer.wrap(bytes).getLong(index);
  }

  @Override
  public final int compareTo(N other) {
    return Arrays.compareUnsigned(bytes, ((HashName<?>) other).bytes);
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof HashName<?> name
        && getClass() == name.getClass()
        && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public final int hashCode() {
    return (int) longAt(0);
  }

  /** Returns the name as 128 lower-case hexadecimal digits. */
  @Override
  public final String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
