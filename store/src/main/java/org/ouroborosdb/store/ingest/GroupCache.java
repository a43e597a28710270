package org.ouroborosdb.store.ingest;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.Position;

/**
 * Keeps the last groups that were decompressed, since neighbours are often read together. What is
 * in here is not verified yet. Thread-safe.
 */
final class GroupCache {
  private static final float LOAD_FACTOR = 0.75f;

  private final long maxBytes;
  private final LinkedHashMap<Position, Group> groups = new LinkedHashMap<>(16, LOAD_FACTOR, true);
  private final Map<ChunkId, Position> places = new HashMap<>(); // the group that each chunk is in
  private long bytes;

  /** The plain bytes of a group, as they were decompressed. */
  record Group(GroupTable table, byte[] bytes) {}

  /** Creates a cache of at most so many bytes, or of one group. */
  GroupCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Returns a group that has a chunk, without the index being asked where it is; or null. */
  synchronized @Nullable Group holding(ChunkId id) {
    Position position = places.get(id);
    return position == null ? null : groups.get(position);
  }

  synchronized void put(Position position, Group group) {
    if (groups.putIfAbsent(position, group) != null) {
      return;
    }
    group.table().entries().forEach(entry -> places.put(entry.id(), position));
    bytes += group.bytes().length;
    Iterator<Map.Entry<Position, Group>> eldest = groups.entrySet().iterator();
    while (bytes > maxBytes && groups.size() > 1) {
      Map.Entry<Position, Group> out = eldest.next();
      Position from = out.getKey();
      out.getValue().table().entries().forEach(entry -> places.remove(entry.id(), from));
      bytes -= out.getValue().bytes().length;
      eldest.remove();
    }
  }
}
