package org.ouroborosdb.store.ingest;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.Limits;

/**
 * Keeps verified chunks, the least recently used out first, bounded in bytes. A long one is kept
 * from the second time on that it is put, so that going through everything once, as an export does,
 * leaves those that are read again where they are. Thread-safe.
 */
final class ChunkCache {
  private static final int ENTRY_BYTES = 256; // 80 of id, 48 of map entry, headers; rounded up
  private static final int CAPACITY = 64;

  /** From here on a copy in memory that is never read again costs more than a second reading. */
  private static final int LONG_BYTES = Limits.MIN_CHUNK_BYTES;

  /** Four times the long chunks that fit into the largest cache. */
  private static final int REMEMBERED = 4096;

  private final long maxBytes;
  private final LinkedHashMap<ChunkId, byte[]> chunks = new LinkedHashMap<>(CAPACITY, 0.75f, true);
  private final long[] seen = new long[REMEMBERED]; // the start of an id, where its last bits say
  private long bytes;

  ChunkCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized byte @Nullable [] get(ChunkId id) {
    return chunks.get(id);
  }

  synchronized void put(ChunkId id, byte[] chunk) {
    boolean skipped = weight(chunk) > maxBytes || (chunk.length >= LONG_BYTES && isFirst(id));
    if (skipped || chunks.putIfAbsent(id, chunk) != null) {
      return;
    }
    bytes += weight(chunk);
    Iterator<byte[]> eldest = chunks.values().iterator();
    while (bytes > maxBytes) {
      bytes -= weight(eldest.next());
      eldest.remove();
    }
  }

  private boolean isFirst(ChunkId id) {
    long start = id.longAt(0);
    int slot = (int) (start & (REMEMBERED - 1));
    boolean isFirst = seen[slot] != start;
    seen[slot] = start;
    return isFirst;
  }

  synchronized long bytes() {
    return bytes;
  }

  private static int weight(byte[] chunk) {
    return chunk.length + ENTRY_BYTES;
  }
}
