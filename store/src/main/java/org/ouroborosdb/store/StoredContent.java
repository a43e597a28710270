package org.ouroborosdb.store;

import java.util.List;

/**
 * Bytes that a store holds as a list of chunks, in order; what {@link EventStore#put} returns and
 * an event refers to.
 *
 * @param chunks the chunks in order; none for content of no bytes
 */
public record StoredContent(List<ChunkRef> chunks) {
  /** Content of no bytes, which is different from absent content. */
  public static final StoredContent EMPTY = new StoredContent(List.of());

  /** Copies the list. */
  public StoredContent {
    chunks = List.copyOf(chunks);
  }

  /** Returns the plain length in bytes. */
  public long length() {
    long length = 0;
    for (ChunkRef chunk : chunks) {
      length += chunk.length();
    }
    return length;
  }
}
