package org.ouroborosdb.store.index;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.h2.mvstore.MVMap;
import org.ouroborosdb.store.EventId;

/**
 * Finds events by their ids. One thread writes; reads are thread-safe.
 *
 * <p>The ids that came since the last checkpoint are in a table of memory: put into their map one
 * by one they would touch a page each, sorted they share them.
 */
final class EventIds {
  /** Ids kept out of the map, 6 MB of them; a checkpoint usually comes earlier. */
  private static final int MOST_RECENT = 128_000;

  private static final int LEAST_PLACES = 1 << 8;

  /** An entry's parts: the first 16 bytes of the id, then the sequence number. */
  private static final int PARTS = 3;

  private volatile AtomicLongArray table = new AtomicLongArray(LEAST_PLACES * PARTS);
  private final MVMap<long[], Long> ids;
  private int size;

  EventIds(MVMap<long[], Long> ids) {
    this.ids = ids;
  }

  /** Returns the sequence number of an event with the same first 16 bytes; 0 if there is none. */
  long get(EventId id) {
    long recent = recent(id);
    Long moved = recent != 0 ? (Long) recent : ids.get(Keys.of(id));
    return moved == null ? 0 : moved;
  }

  private long recent(EventId id) {
    AtomicLongArray at = table;
    int places = at.length() / PARTS;
    long high = id.longAt(0);
    long low = id.longAt(Long.BYTES);
    for (int place = (int) high & (places - 1); ; place = (place + 1) & (places - 1)) {
      long seq = at.get(place * PARTS + 2);
      boolean same = at.getPlain(place * PARTS) == high && at.getPlain(place * PARTS + 1) == low;
      if (seq == 0 || same) {
        return seq;
      }
    }
  }

  void put(EventId id, long seq) {
    if ((size + 1) * 2 * PARTS > table.length()) {
      grow();
    }
    set(table, id.longAt(0), id.longAt(Long.BYTES), seq);
    size++;
    if (size >= MOST_RECENT) {
      settle(() -> {});
    }
  }

  void remove(EventId id) {
    if (recent(id) != 0) {
      settle(() -> {});
    }
    ids.remove(Keys.of(id));
  }

  /** Sets the keys first: a reader that sees the number sees them. */
  private static void set(AtomicLongArray target, long high, long low, long seq) {
    int places = target.length() / PARTS;
    int place = (int) high & (places - 1);
    while (target.getPlain(place * PARTS + 2) != 0
        && (target.getPlain(place * PARTS) != high || target.getPlain(place * PARTS + 1) != low)) {
      place = (place + 1) & (places - 1);
    }
    target.setPlain(place * PARTS, high);
    target.setPlain(place * PARTS + 1, low);
    target.set(place * PARTS + 2, seq);
  }

  private void grow() {
    AtomicLongArray larger = new AtomicLongArray(table.length() * 2);
    AtomicLongArray at = table;
    for (int entry = 0; entry < at.length(); entry += PARTS) {
      if (at.getPlain(entry + 2) != 0) {
        set(larger, at.getPlain(entry), at.getPlain(entry + 1), at.getPlain(entry + 2));
      }
    }
    table = larger;
  }

  /**
   * Returns where the entries are, in the order of the first bits of their ids, which is as good as
   * that of all: sorting numbers takes a fifth of the time of sorting objects.
   */
  private int[] sorted(AtomicLongArray at) {
    int placeBits = Integer.numberOfTrailingZeros(Integer.highestOneBit(at.length())) + 1;
    long places = (1L << placeBits) - 1;
    long[] order = new long[size];
    int found = 0;
    for (int entry = 0; entry < at.length(); entry += PARTS) {
      if (at.getPlain(entry + 2) != 0) {
        order[found++] = (at.getPlain(entry) & ~places) | entry;
      }
    }
    Arrays.sort(order, 0, found);
    int[] sorted = new int[found];
    for (int i = 0; i < found; i++) {
      sorted[i] = (int) (order[i] & places);
    }
    return sorted;
  }

  /**
   * Puts everything into the map in its order, before it is written or copied.
   *
   * @param afterEach called after each, to write what has changed
   */
  void settle(Runnable afterEach) {
    if (size == 0) {
      return;
    }
    AtomicLongArray at = table;
    for (int entry : sorted(at)) {
      long[] key = {at.getPlain(entry), at.getPlain(entry + 1)};
      ids.put(key, at.getPlain(entry + 2));
      afterEach.run();
    }
    table = new AtomicLongArray(LEAST_PLACES * PARTS);
    size = 0;
  }
}
