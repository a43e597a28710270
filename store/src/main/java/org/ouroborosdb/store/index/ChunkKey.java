package org.ouroborosdb.store.index;

import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;

/**
 * The first 16 bytes of a chunk's name, under which an index has one chunk at most: enough to ask
 * for it, and nothing to trust. Immutable.
 *
 * @param high bytes 0 to 7 of the name
 * @param low bytes 8 to 15 of the name
 */
public record ChunkKey(long high, long low) {
  /** Returns the key of a name. */
  public static ChunkKey of(ChunkId id) {
    return new ChunkKey(id.longAt(0), id.longAt(Long.BYTES));
  }

  /** Returns the name of the chunk that an index has under the key; null if it has none. */
  public @Nullable ChunkId find(EventIndex index) {
    try {
      return index.chunks().name(new long[] {high, low});
    } catch (MVStoreException e) {
      throw index.failed("looking up a chunk", e);
    }
  }
}
