package org.ouroborosdb.store.segment;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;

/** Knows where the chunks are. Thread-safe. */
public interface ChunkIndex {
  /** Returns where a chunk is; null if it is not stored. */
  @Nullable ChunkLocation find(ChunkId id);

  /** Remembers where a chunk is. */
  void add(ChunkId id, ChunkLocation location);
}
