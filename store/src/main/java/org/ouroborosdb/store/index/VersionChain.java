package org.ouroborosdb.store.index;

import java.util.function.LongPredicate;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/**
 * The versions of a base that form a chain without forks, as nearly all do: which of them was the
 * last at some moment is found by halving, however many there are.
 *
 * <p>They are a chain exactly if the last one lies as many edges below the base as there are
 * versions. A chain's order is that of its sequence numbers and of its levels.
 */
final class VersionChain {
  private static final int ATTEMPTS = 3;

  private final EventIndex index;
  private final MVMap<long[], Boolean> versions;

  VersionChain(EventIndex index, MVMap<long[], Boolean> versions) {
    this.index = index;
    this.versions = versions;
  }

  /**
   * Returns the last event of a base's chain, the base included, that satisfies what every earlier
   * one satisfies too; null if the versions are no chain, or writers did not let them be counted.
   *
   * @param base the base, which satisfies it
   * @param shown tells it by the sequence number
   */
  @Nullable IndexRow last(IndexRow base, LongPredicate shown) {
    for (int i = 0; i < ATTEMPTS; i++) {
      Object before = versions.getRoot();
      IndexRow last = find(base, shown);
      if (before == versions.getRoot()) { // positions are those of one state of the map
        return last;
      }
    }
    return null;
  }

  private @Nullable IndexRow find(IndexRow base, LongPredicate shown) {
    long first = place(Keys.first(2, base.seq()));
    long end = place(Keys.last(2, base.seq()));
    long count = end - first;
    if (count <= 0) {
      return count == 0 ? base : null;
    }
    IndexRow last = row(end - 1);
    if (last == null || last.depth() - base.depth() != count) {
      return null;
    }
    if (shown.test(last.seq())) {
      return last;
    }
    long low = first - 1; // shown, or the base
    long high = end - 1; // not shown
    while (high - low > 1) {
      long middle = (low + high) >>> 1;
      long[] key = versions.getKey(middle);
      if (key == null) {
        return null;
      }
      if (shown.test(key[1])) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low < first ? base : row(low);
  }

  /** Returns how many keys are below one that is not in the map. */
  private long place(long[] key) {
    long at = versions.getKeyIndex(key);
    return at < 0 ? -at - 1 : at;
  }

  private @Nullable IndexRow row(long place) {
    long[] key = versions.getKey(place);
    return key == null ? null : index.row(key[1]);
  }
}
