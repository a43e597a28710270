package org.ouroborosdb.store.index;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.h2.mvstore.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * The sequence numbers of one parent's events in order of (level, id): the keys have them in order
 * of (level, seq), and stores that were merged number events of one level differently. For one
 * thread.
 */
final class Siblings {
  private final Cursor<long[], Boolean> keys;
  private final EventIndex index;
  private final Deque<Long> ofOneLevel = new ArrayDeque<>();
  private long @Nullable [] ahead;

  Siblings(Cursor<long[], Boolean> keys, EventIndex index) {
    this.keys = keys;
    this.index = index;
  }

  /** Returns the next number; 0 at the end. */
  long next() {
    Long waiting = ofOneLevel.poll();
    if (waiting != null) {
      return waiting;
    }
    long[] key = ahead == null && keys.hasNext() ? keys.next() : ahead;
    ahead = keys.hasNext() ? keys.next() : null;
    if (key == null) {
      return 0;
    }
    if (ahead == null || ahead[1] != key[1]) {
      return key[2];
    }
    gather(key);
    Long first = ofOneLevel.poll();
    return first == null ? next() : first;
  }

  private void gather(long[] first) {
    List<IndexRow> rows = new ArrayList<>();
    add(first[2], rows);
    while (ahead != null && ahead[1] == first[1]) {
      add(ahead[2], rows);
      ahead = keys.hasNext() ? keys.next() : null;
    }
    rows.sort(Comparator.comparing(IndexRow::id));
    rows.forEach(row -> ofOneLevel.add(row.seq()));
  }

  private void add(long seq, List<IndexRow> rows) {
    IndexRow row = index.row(seq);
    if (row != null) {
      rows.add(row);
    }
  }
}
