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
  private long bytes;

  /** The plain bytes of a group, as they were decompressed. Immutable. */
  static final class Group {
    private final byte[] bytes;
    private final Map<ChunkId, GroupTable.Entry> entries;

    Group(GroupTable table, byte[] bytes) {
      this.bytes = bytes;
      entries = new HashMap<>((int) (table.entries().size() / LOAD_FACTOR) + 1);
      for (GroupTable.Entry entry : table.entries()) {
        entries.put(entry.id(), entry);
      }
    }

    /** Returns the bytes of all its chunks, which others share. */
    byte[] bytes() {
      return bytes;
    }

    /** Returns where a chunk lies in the bytes; null if it is not one of the group. */
    GroupTable.@Nullable Entry entry(ChunkId id) {
      return entries.get(id);
    }
  }

  /** Creates a cache of at most so many bytes, or of one group. */
  GroupCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Returns a group that has a chunk, without the index being asked where it is; or null. */
  synchronized @Nullable Group holding(ChunkId id) {
    for (Map.Entry<Position, Group> each : groups.entrySet()) {
      if (each.getValue().entry(id) != null) {
        return groups.get(each.getKey()); // which makes it the last one used
      }
    }
    return null;
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
