package org.ouroborosdb.store.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.Position;

/** Where each chunk is, and the bytes of all of them. One thread changes it, many read. */
final class ChunkEntries {
  private final MVMap<long[], byte[]> map;
  private volatile long uniqueBytes;
  private volatile long storedBytes;

  ChunkEntries(MVMap<long[], byte[]> map, long uniqueBytes, long storedBytes) {
    this.map = map;
    this.uniqueBytes = uniqueBytes;
    this.storedBytes = storedBytes;
  }

  @Nullable ChunkLocation find(ChunkId id) {
    long[] key = Keys.of(id);
    byte[] value = map.get(key);
    return value != null && ChunkCodec.id(key, value).equals(id)
        ? ChunkCodec.location(value)
        : null;
  }

  /** Returns the name of the chunk under a key; null if there is none. */
  @Nullable ChunkId name(long[] key) {
    byte[] value = map.get(key);
    return value == null ? null : ChunkCodec.id(key, value);
  }

  void add(ChunkId id, ChunkLocation location) {
    if (map.put(Keys.of(id), ChunkCodec.encode(id, location)) == null) {
      count(location, 1);
    }
  }

  /** Forgets a chunk. */
  void remove(ChunkId id) {
    long[] key = Keys.of(id);
    byte[] value = map.get(key);
    if (value != null && ChunkCodec.id(key, value).equals(id)) {
      map.remove(key);
      count(ChunkCodec.location(value), -1);
    }
  }

  /** Forgets the chunks from a position on. */
  void forgetFrom(Position end) {
    List<Map.Entry<long[], ChunkLocation>> gone = new ArrayList<>();
    for (Cursor<long[], byte[]> all = map.cursor(null); all.hasNext(); ) {
      long[] key = all.next();
      ChunkLocation location = ChunkCodec.location(all.getValue());
      if (location.position().compareTo(end) >= 0) {
        gone.add(Map.entry(key, location));
      }
    }
    for (Map.Entry<long[], ChunkLocation> chunk : gone) {
      map.remove(chunk.getKey());
      count(chunk.getValue(), -1);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread changes it
  private void count(ChunkLocation location, int sign) {
    uniqueBytes += (long) sign * location.rawLength();
    storedBytes += (long) sign * location.storedLength();
  }

  long uniqueBytes() {
    return uniqueBytes;
  }

  long storedBytes() {
    return storedBytes;
  }
}
