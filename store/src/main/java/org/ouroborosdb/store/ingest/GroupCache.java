package org.ouroborosdb.store.ingest;

import java.util.Iterator;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;
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
  private long bytes;

  /** The plain bytes of a group, as they were decompressed. */
  record Group(GroupTable table, byte[] bytes) {}

  /** Creates a cache of at most so many bytes, or of one group. */
  GroupCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized @Nullable Group get(Position position) {
    return groups.get(position);
  }

  synchronized void put(Position position, Group group) {
    if (groups.putIfAbsent(position, group) != null) {
      return;
    }
    bytes += group.bytes().length;
    Iterator<Group> eldest = groups.values().iterator();
    while (bytes > maxBytes && groups.size() > 1) {
      bytes -= eldest.next().bytes().length;
      eldest.remove();
    }
  }
}
