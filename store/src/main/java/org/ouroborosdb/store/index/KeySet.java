package org.ouroborosdb.store.index;

import java.util.Arrays;
import org.h2.mvstore.MVStore;

/**
 * A set of keys. New ones wait in memory, in no order, until somebody looks for keys or the index
 * is written: then they go into their map together. Thread-safe; one thread adds and removes.
 */
final class KeySet {
  private static final int LEAST_PLACES = 16;

  private final SortedMap<long[], Boolean> map;
  private final LongsType type;
  private long[][] waiting = new long[LEAST_PLACES][]; // guarded by this
  private volatile int count; // of those waiting; written by who holds this

  KeySet(MVStore store, String name, int parts) {
    type = new LongsType(parts);
    map = SortedMap.open(store, name, type, NothingType.INSTANCE);
  }

  String name() {
    return map.getName();
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by who holds the lock
  synchronized void add(long[] key) {
    if (count == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * count);
    }
    waiting[count++] = key;
  }

  void remove(long[] key) {
    settled().remove(key);
  }

  boolean contains(long[] key) {
    return settled().has(key);
  }

  /** Returns the map, with all keys that were added before in it. */
  SortedMap<long[], Boolean> settled() {
    settle(() -> {});
    return map;
  }

  /**
   * Puts what waits into the map.
   *
   * @param afterEach called after each page, to write what has changed
   */
  void settle(Runnable afterEach) {
    if (count > 0) {
      putWaiting(afterEach);
    }
  }

  private synchronized void putWaiting(Runnable afterEach) {
    Arrays.sort(waiting, 0, count, type);
    map.putSorted(Arrays.asList(waiting).subList(0, count), i -> Boolean.TRUE, afterEach);
    waiting = new long[LEAST_PLACES][];
    count = 0;
  }

  /** Returns about how many bytes wait. */
  long waitingBytes() {
    return (long) count * type.bytes();
  }
}
