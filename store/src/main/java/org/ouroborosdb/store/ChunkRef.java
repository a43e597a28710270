package org.ouroborosdb.store;

import java.util.Objects;

/**
 * One entry of an event's chunk list: a chunk's name and its plain length in bytes.
 *
 * @param id the chunk's name
 * @param length its plain length, 1 to {@link Limits#MAX_CHUNK_BYTES}
 */
public record ChunkRef(ChunkId id, int length) {
  /** Checks the length. */
  public ChunkRef {
    Objects.requireNonNull(id, "id");
    if (length < 1 || length > Limits.MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException("chunk length " + length + " is out of range");
    }
  }
}
