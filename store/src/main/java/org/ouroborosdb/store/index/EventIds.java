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
    for (long[] each : entries()) {
      set(larger, each[0], each[1], each[2]);
    }
    table = larger;
  }

  private long[][] entries() {
    AtomicLongArray at = table;
    long[][] entries = new long[size][];
    int found = 0;
    for (int entry = 0; entry < at.length(); entry += PARTS) {
      long seq = at.get(entry + 2);
      if (seq != 0) {
        entries[found++] = new long[] {at.get(entry), at.get(entry + 1), seq};
      }
    }
    return Arrays.copyOf(entries, found);
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
    long[][] entries = entries();
    Arrays.sort(
        entries, (a, b) -> a[0] != b[0] ? Long.compare(a[0], b[0]) : Long.compare(a[1], b[1]));
    for (long[] each : entries) {
      ids.put(new long[] {each[0], each[1]}, each[2]);
      afterEach.run();
    }
    table = new AtomicLongArray(LEAST_PLACES * PARTS);
    size = 0;
  }
}
