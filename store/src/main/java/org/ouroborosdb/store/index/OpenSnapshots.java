package org.ouroborosdb.store.index;

import java.util.concurrent.ConcurrentSkipListMap;

/** How many snapshots are open at each sequence number. Thread-safe. */
final class OpenSnapshots {
  private final ConcurrentSkipListMap<Long, Integer> counts = new ConcurrentSkipListMap<>();

  void add(long seq) {
    counts.merge(seq, 1, Integer::sum);
  }

  void remove(long seq) {
    counts.computeIfPresent(seq, (key, count) -> count == 1 ? null : count - 1);
  }

  /** Returns the oldest sequence number; the greatest number if none is open. */
  long oldest() {
    var oldest = counts.firstEntry();
    return oldest == null ? Long.MAX_VALUE : oldest.getKey();
  }

  int count() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
