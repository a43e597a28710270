package org.ouroborosdb.store.index;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;

/**
 * Finds what were the heads of a base at some moment. Nearly all versions form a chain, where the
 * last one shown is found by halving, however many there are; what follows the first fork is read.
 *
 * <p>The first n versions are a chain exactly if the n-th lies n edges below the base, so where the
 * chain ends is found by halving too. Its order is that of its sequence numbers and of its levels.
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
   * Returns the heads among a base and those of its versions that are shown, in no order; null if
   * some were removed, something merged came later, or writers did not let the versions be counted.
   *
   * @param base the base, which is shown
   * @param someMergedCameLater whether what follows the chain may be merged by one of the chain
   * @param maxSeq no later version is shown
   * @param shown tells it by the sequence number; all that a version replaces are shown with it
   */
  @Nullable List<IndexRow> heads(
      IndexRow base, boolean someMergedCameLater, long maxSeq, LongPredicate shown) {
    for (int i = 0; i < ATTEMPTS; i++) {
      Object before = versions.getRoot();
      List<IndexRow> heads = find(base, someMergedCameLater, maxSeq, shown);
      if (before == versions.getRoot()) { // positions are those of one state of the map
        return heads;
      }
    }
    return null;
  }

  private @Nullable List<IndexRow> find(
      IndexRow base, boolean someMergedCameLater, long maxSeq, LongPredicate shown) {
    long first = place(Keys.first(2, base.seq()));
    long end = place(Keys.last(2, base.seq()));
    long fork = chainEnd(base, first, end);
    long last = fork < 0 ? -1 : lastShown(first, fork, shown);
    IndexRow head = last < first ? base : row(last);
    if (fork < 0 || head == null || (someMergedCameLater && fork < end)) {
      return null;
    }
    List<IndexRow> shownRows = new ArrayList<>(List.of(head));
    for (long place = fork; place < end; place++) {
      long[] key = versions.getKey(place);
      if (key == null) {
        return null;
      }
      if (key[1] > maxSeq) {
        break;
      }
      if (shown.test(key[1])) {
        IndexRow row = index.row(key[1]);
        if (row == null) {
          return null;
        }
        shownRows.add(row);
      }
    }
    return withoutReplaced(shownRows);
  }

  private static List<IndexRow> withoutReplaced(List<IndexRow> rows) {
    if (rows.size() > 1) {
      Set<Long> replaced = new HashSet<>();
      Set<EventId> merged = new HashSet<>();
      for (IndexRow row : rows.subList(1, rows.size())) {
        replaced.add(row.parentSeq());
        merged.addAll(row.merges());
      }
      rows.removeIf(row -> replaced.contains(row.seq()) || merged.contains(row.id()));
    }
    return rows;
  }

  /** Returns the place behind the longest chain that the versions begin with; -1 if unknown. */
  private long chainEnd(IndexRow base, long first, long end) {
    long low = first; // a chain ends before it
    long high = end; // the first that may end no chain
    for (long next = high; low < high; next = low + ((high - low + 1) >>> 1)) {
      IndexRow row = row(next - 1);
      if (row == null) {
        return -1;
      }
      if (row.depth() - base.depth() == next - first) {
        low = next;
      } else {
        high = next - 1;
      }
    }
    return low;
  }

  /** Returns the last place of a chain that is shown; one before the first if none is. */
  private long lastShown(long first, long end, LongPredicate shown) {
    long low = first - 1; // shown, or the base
    long high = end; // not shown, or behind
    for (long next = end - 1; high - low > 1; next = (low + high) >>> 1) {
      long[] key = versions.getKey(next);
      if (key != null && shown.test(key[1])) {
        low = next;
      } else {
        high = next;
      }
    }
    return low;
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
