package org.ouroborosdb.store.index;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.jspecify.annotations.Nullable;

/**
 * The rows by their sequence numbers. New ones wait in a table of memory, where they are found at
 * once, until somebody scans or the index is written. Thread-safe; one thread writes.
 */
final class RowMap {
  private static final int LEAST_PLACES = 256;

  /** A row's array, its place here and its boxed number. */
  private static final int BYTES_PER_ROW = 48;

  private final SortedMap<Long, byte[]> map;
  private volatile Waiting waiting = new Waiting(0, LEAST_PLACES);
  private volatile long end; // behind the last that waits; 0 if none does
  private volatile long waitingBytes;

  /** Rows from a number on; places of tombstones stay empty. */
  private static final class Waiting {
    final long first;
    final AtomicReferenceArray<byte[]> rows;

    Waiting(long first, int places) {
      this.first = first;
      this.rows = new AtomicReferenceArray<>(places);
    }

    byte @Nullable [] get(long seq) {
      long place = seq - first;
      return place < 0 || place >= rows.length() ? null : rows.get((int) place);
    }
  }

  RowMap(MVStore store) {
    map = SortedMap.open(store, "rows", LongDataType.INSTANCE, ByteArrayDataType.INSTANCE);
  }

  byte @Nullable [] get(long seq) {
    byte[] row = waiting.get(seq);
    return row == null ? map.get(seq) : row;
  }

  /** Adds the row of a number above those of all rows added before. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by who holds the lock
  synchronized void add(long seq, byte[] row) {
    Waiting now = waiting;
    if (end == 0) {
      now = new Waiting(seq, LEAST_PLACES);
    } else if (seq - now.first >= now.rows.length()) {
      now = grown(now, seq);
    }
    now.rows.set((int) (seq - now.first), row);
    waiting = now;
    end = seq + 1;
    waitingBytes += row.length + BYTES_PER_ROW;
  }

  /** Returns room for a number; behind many that are none of events, the rows go into the map. */
  private Waiting grown(Waiting full, long seq) {
    int places = full.rows.length();
    if (seq - full.first >= 2L * places) {
      settle(() -> {});
      return new Waiting(seq, LEAST_PLACES);
    }
    Waiting larger = new Waiting(full.first, 2 * places);
    for (int i = 0; i < places; i++) {
      larger.rows.setPlain(i, full.rows.getPlain(i));
    }
    return larger;
  }

  /** Puts another row in the place of one. */
  void replace(long seq, byte[] row) {
    settled().put(seq, row);
  }

  void remove(long seq) {
    settled().remove(seq);
  }

  /** Returns the map, with all rows that were added before in it. */
  SortedMap<Long, byte[]> settled() {
    settle(() -> {});
    return map;
  }

  /**
   * Puts what waits into the map.
   *
   * @param afterEach called after each page, to write what has changed
   */
  void settle(Runnable afterEach) {
    if (end > 0) {
      putWaiting(afterEach);
    }
  }

  private synchronized void putWaiting(Runnable afterEach) {
    Waiting now = waiting;
    List<Long> seqs = new ArrayList<>();
    for (long seq = now.first; seq < end; seq++) {
      if (now.get(seq) != null) {
        seqs.add(seq);
      }
    }
    map.putSorted(seqs, i -> row(now, seqs.get(i)), afterEach);
    waiting = new Waiting(0, LEAST_PLACES);
    end = 0;
    waitingBytes = 0;
  }

  private static byte[] row(Waiting from, Long seq) {
    return java.util.Objects.requireNonNull(from.get(seq));
  }

  /** Returns about how many bytes wait. */
  long waitingBytes() {
    return waitingBytes;
  }
}
