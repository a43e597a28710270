package org.ouroborosdb.calcite.table;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoredContent;

/**
 * A set of chunks by the first 16 bytes of their names, as the index finds them: 32 to 64 bytes
 * each. For one thread.
 */
final class ChunkSet {
  private static final int FEWEST = 1 << 10;

  private long[] words = new long[2 * FEWEST];
  private int size;

  /** Returns the chunks that any event of a state refers to. */
  static ChunkSet referredTo(ScanContext context) {
    ChunkSet set = new ChunkSet();
    for (EventRow row : context.snapshot().bySeq(1, Long.MAX_VALUE, false)) {
      context.poll();
      set.addAll(row.content());
      set.addAll(row.metadata());
    }
    return set;
  }

  private void addAll(@Nullable StoredContent content) {
    if (content != null) {
      for (ChunkRef chunk : content.chunks()) {
        add(chunk.id());
      }
    }
  }

  void add(ChunkId id) {
    if (4 * size > words.length) { // half full
      long[] old = words;
      words = new long[2 * old.length];
      for (int i = 0; i < old.length; i += 2) {
        if ((old[i] | old[i + 1]) != 0) {
          int at = place(old[i], old[i + 1]);
          words[at] = old[i];
          words[at + 1] = old[i + 1];
        }
      }
    }
    int at = place(id.longAt(0), id.longAt(1));
    if ((words[at] | words[at + 1]) == 0) {
      words[at] = id.longAt(0);
      words[at + 1] = id.longAt(1);
      size++;
    }
  }

  boolean contains(ChunkId id) {
    int at = place(id.longAt(0), id.longAt(1));
    return words[at] == id.longAt(0) && words[at + 1] == id.longAt(1);
  }

  /** Returns where a name stands, or may be put. */
  private int place(long first, long second) {
    int mask = words.length - 1;
    int at = (int) (first ^ (first >>> 32)) * 2 & mask;
    while ((words[at] | words[at + 1]) != 0 && (words[at] != first || words[at + 1] != second)) {
      at = at + 2 & mask;
    }
    return at;
  }
}
