package org.ouroborosdb.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The name of an event: the SHA-512 of its canonical encoding. Immutable; ordered by its bytes,
 * unsigned.
 */
public final class EventId implements Comparable<EventId> {
  /** The length of an id in bytes. */
  public static final int BYTES = 64;

  private final byte[] bytes;

  private EventId(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns the id with these 64 bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are not 64
   */
  public static EventId of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("event id of " + bytes.length + " bytes, not " + BYTES);
    }
    return new EventId(bytes.clone());
  }

  /** Reads the next 64 bytes of a buffer, and moves its position past them. */
  public static EventId read(ByteBuffer source) {
    byte[] bytes = new byte[BYTES];
    source.get(bytes);
    return new EventId(bytes);
  }

  /**
   * Returns the id written as 128 hexadecimal digits of either case.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static EventId parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw new IllegalArgumentException(
          "event id of " + hex.length() + " characters, not " + 2 * BYTES);
    }
    return new EventId(HexFormat.of().parseHex(hex));
  }

  /** Returns a copy of the 64 bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** Writes the 64 bytes into a buffer, and moves its position past them. */
  public void write(ByteBuffer target) {
    target.put(bytes);
  }

  /** Returns the eight bytes from an index as a big-endian number; {@code index} is 0 to 56. */
  public long longAt(int index) {
    return ByteBuffer.wrap(bytes).getLong(index);
  }

  @Override
  public int compareTo(EventId other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventId id && Arrays.equals(bytes, id.bytes);
  }

  @Override
  public int hashCode() {
    return (int) longAt(0);
  }

  /** Returns the id as 128 lower-case hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
