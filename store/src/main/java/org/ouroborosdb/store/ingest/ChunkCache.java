package org.ouroborosdb.store.ingest;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;

/** Keeps verified chunks, the least recently used out first, bounded in bytes. Thread-safe. */
final class ChunkCache {
  private static final int ENTRY_BYTES = 256; // 80 of id, 48 of map entry, headers; rounded up
  private static final int CAPACITY = 64;

  private final long maxBytes;
  private final LinkedHashMap<ChunkId, byte[]> chunks = new LinkedHashMap<>(CAPACITY, 0.75f, true);
  private long bytes;

  ChunkCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized byte @Nullable [] get(ChunkId id) {
    return chunks.get(id);
  }

  synchronized void put(ChunkId id, byte[] chunk) {
    if (weight(chunk) > maxBytes || chunks.putIfAbsent(id, chunk) != null) {
      return;
    }
    bytes += weight(chunk);
    Iterator<byte[]> eldest = chunks.values().iterator();
    while (bytes > maxBytes) {
      bytes -= weight(eldest.next());
      eldest.remove();
    }
  }

  synchronized long bytes() {
    return bytes;
  }

  private static int weight(byte[] chunk) {
    return chunk.length + ENTRY_BYTES;
  }
}
