package org.ouroborosdb.store;

import java.nio.ByteBuffer;

/** The name of an event: the SHA-512 of its canonical encoding. */
public final class EventId extends HashName<EventId> {
  private EventId(byte[] bytes) {
    super(bytes);
  }

  /**
   * Returns the id with these 64 bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are not 64
   */
  public static EventId of(byte[] bytes) {
    return new EventId(copyOf(bytes, "event"));
  }

  /** Reads the next 64 bytes of a buffer, and moves its position past them. */
  public static EventId read(ByteBuffer source) {
    return new EventId(readBytes(source));
  }

  /**
   * Returns the id written as 128 hexadecimal digits of either case.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static EventId parse(String hex) {
    return new EventId(parseBytes(hex, "event"));
  }
}
