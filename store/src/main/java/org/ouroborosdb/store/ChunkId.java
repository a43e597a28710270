package org.ouroborosdb.store;

import java.nio.ByteBuffer;

/** The name of a chunk: the SHA-512 of its plain bytes. */
public final class ChunkId extends HashName<ChunkId> {
  private ChunkId(byte[] bytes) {
    super(bytes);
  }

  /**
   * Returns the id with these 64 bytes, which are copied.
   *
   * @throws IllegalArgumentException if there are not 64
   */
  public static ChunkId of(byte[] bytes) {
    return new ChunkId(copyOf(bytes, "chunk"));
  }

  /** Reads the next 64 bytes of a buffer, and moves its position past them. */
  public static ChunkId read(ByteBuffer source) {
    return new ChunkId(readBytes(source));
  }

  /**
   * Returns the id written as 128 hexadecimal digits of either case.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static ChunkId parse(String hex) {
    return new ChunkId(parseBytes(hex, "chunk"));
  }
}
