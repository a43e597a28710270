package org.ouroborosdb.store.index;

import org.ouroborosdb.store.EventId;

/**
 * The ids that are removed, whether their events were ever here or not. One thread writes; reads
 * are thread-safe.
 *
 * <p>A tombstone of a permanent event is void: it is not kept, and dropped when such an event
 * comes. So stores that hold the same events and were given the same tombstones keep the same.
 */
final class Tombstones {
  private final IndexMaps maps;
  private final Totals totals;

  Tombstones(IndexMaps maps, Totals totals) {
    this.maps = maps;
    this.totals = totals;
  }

  boolean contains(EventId target) {
    return !maps.tombstones.isEmpty() && maps.tombstones.containsKey(Keys.ofTombstone(target));
  }

  void add(EventId target, long seq) {
    long[] key = Keys.ofTombstone(target);
    if (maps.tombstones.putIfAbsent(key, seq) == null) {
      maps.targets.put(seq, target.toBytes());
      totals.countTombstone(key, 1);
    }
  }

  /** Drops the tombstone of an event that turned out to be permanent. */
  void voidOf(EventId target) {
    if (maps.tombstones.isEmpty()) {
      return;
    }
    long[] key = Keys.ofTombstone(target);
    Long seq = maps.tombstones.remove(key);
    if (seq != null) {
      maps.targets.remove(seq);
      maps.voids.incrementAndGet();
      totals.countTombstone(key, -1);
    }
  }
}
