package org.ouroborosdb.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that a store holds as a list of chunks, in order; what {@link EventStore#put} returns and
 * an event refers to.
 *
 * <p>That of a PATCH is a change, which {@link Snapshot#open} applies; an event that is given it as
 * its content gets the bytes that the change makes.
 *
 * @param chunks the chunks in order, none for content of no bytes; of a PATCH, those of the change
 * @param patch the PATCH whose content this is; null if the chunks are the content
 */
public record StoredContent(List<ChunkRef> chunks, @Nullable EventId patch) {
  /** Content of no bytes, which is different from absent content. */
  public static final StoredContent EMPTY = new StoredContent(List.of());

  /** Creates content that its chunks are. */
  public StoredContent(List<ChunkRef> chunks) {
    this(chunks, null);
  }

  /** Copies the list. */
  public StoredContent {
    chunks = List.copyOf(chunks);
  }

  /** Returns the plain length of the chunks in bytes. */
  public long length() {
    long length = 0;
    for (ChunkRef chunk : chunks) {
      length += chunk.length();
    }
    return length;
  }

  @Override
  public String toString() {
    return "StoredContent[chunks=" + chunks + (patch == null ? "]" : ", patch=" + patch + "]");
  }
}
