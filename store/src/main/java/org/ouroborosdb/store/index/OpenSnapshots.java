package org.ouroborosdb.store.index;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many snapshots are open at each sequence number. Thread-safe.
 *
 * <p>Each has a place of its own in a table, near those of its thread, so that readers on several
 * cores write to no memory that they share; those that find the table full are counted in a map.
 */
final class OpenSnapshots {
  private static final int PLACES = 64;
  private static final int PLACES_PER_THREAD = 4;

  /** A place has a cache line of 64 bytes to itself. */
  private static final int STRIDE = 8;

  private static final int NO_PLACE = -1;

  /** A sequence number and one; 0 where nothing is open. */
  private final AtomicLongArray places = new AtomicLongArray(PLACES * STRIDE);

  private final ConcurrentSkipListMap<Long, Integer> others = new ConcurrentSkipListMap<>();

  /** Counts a snapshot, and returns its place. */
  int add(long seq) {
    int start = (int) Thread.currentThread().getId() * PLACES_PER_THREAD;
    for (int i = 0; i < PLACES; i++) {
      int place = ((start + i) & (PLACES - 1)) * STRIDE;
      if (places.getPlain(place) == 0 && places.compareAndSet(place, 0, seq + 1)) {
        return place;
      }
    }
    others.merge(seq, 1, Integer::sum);
    return NO_PLACE;
  }

  /** Takes back what {@link #add} counted. */
  void remove(long seq, int place) {
    if (place == NO_PLACE) {
      others.computeIfPresent(seq, (key, count) -> count == 1 ? null : count - 1);
    } else {
      places.setRelease(place, 0);
    }
  }

  /** Returns the oldest sequence number; the greatest number if none is open. */
  long oldest() {
    var first = others.firstEntry();
    long oldest = first == null ? Long.MAX_VALUE : first.getKey();
    for (int place = 0; place < places.length(); place += STRIDE) {
      long open = places.get(place);
      oldest = open == 0 ? oldest : Math.min(oldest, open - 1);
    }
    return oldest;
  }

  int count() {
    int count = others.values().stream().mapToInt(Integer::intValue).sum();
    for (int place = 0; place < places.length(); place += STRIDE) {
      count += places.get(place) == 0 ? 0 : 1;
    }
    return count;
  }
}
