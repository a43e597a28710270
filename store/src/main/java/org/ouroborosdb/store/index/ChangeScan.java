package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.Position;

/**
 * What replicas ask of a snapshot: its changes in order of seq, and its ids by ranges. For one
 * thread, while the snapshot is open; digests and lists by range need {@link EventIndex#settleIds}
 * since the snapshot began.
 */
public final class ChangeScan {
  private static final int TABLE_BITS = 16;

  /** A table takes 1.5 MB; fewer keys are as soon added up. */
  private static final int LEAST_FOR_TABLE = 10_000;

  /** Count, high and low of a digest. */
  private static final int PARTS = 3;

  private final IndexSnapshot snapshot;
  private final EventIndex index;
  private final IndexMaps maps;
  private final long voids;
  private long @Nullable [] events;
  private long @Nullable [] tombstones;

  /** Looks at a snapshot. */
  public ChangeScan(IndexSnapshot snapshot) {
    this.snapshot = snapshot;
    this.index = snapshot.index();
    this.maps = index.maps();
    this.voids = maps.voids.get();
  }

  /** Tombstones that were dropped since are missing from what the snapshot counted. */
  private void requireSameTombstones() {
    if (maps.voids.get() != voids) {
      throw new StoreException(
          ErrorCode.CONFLICT, "a tombstone turned out to name a permanent event; try again");
    }
  }

  /** Returns the digest of all visible events' ids, or of all tombstones'. */
  public SetDigest digest(boolean removals) {
    return removals ? snapshot.state().tombstones() : snapshot.state().ids();
  }

  /** Returns the first visible events and tombstones behind a sequence number, in their order. */
  public List<Changed> after(long seq, int most) {
    snapshot.requireOpen();
    if (seq >= snapshot.seq()) {
      return List.of();
    }
    try {
      List<Changed> found = new ArrayList<>();
      Cursor<Long, byte[]> rows = maps.rows.cursor(seq + 1, snapshot.seq(), false);
      Cursor<Long, byte[]> targets = maps.targets.cursor(seq + 1, snapshot.seq(), false);
      Changed row = next(rows, false);
      Changed target = next(targets, true);
      while (found.size() < most && (row != null || target != null)) {
        if (target == null || (row != null && row.seq() < target.seq())) {
          found.add(java.util.Objects.requireNonNull(row));
          row = next(rows, false);
        } else {
          found.add(target);
          target = next(targets, true);
        }
      }
      return found;
    } catch (MVStoreException e) {
      throw index.failed("listing changes", e);
    }
  }

  /** Returns the last visible event or tombstone; null if there is none. */
  public @Nullable Changed last() {
    snapshot.requireOpen();
    try {
      Changed row = next(maps.rows.cursor(snapshot.seq(), 0L, true), false);
      Changed target = next(maps.targets.cursor(snapshot.seq(), 0L, true), true);
      return row == null || (target != null && target.seq() > row.seq()) ? target : row;
    } catch (MVStoreException e) {
      throw index.failed("looking for the last change", e);
    }
  }

  private @Nullable Changed next(Cursor<Long, byte[]> cursor, boolean removal) {
    while (cursor.hasNext()) {
      long seq = cursor.next();
      if (removal || snapshot.isVisible(seq)) {
        return Changed.of(EventId.read(ByteBuffer.wrap(cursor.getValue())), seq, removal);
      }
    }
    return null;
  }

  /** Returns where the record of a visible event is; null if there is none of this number. */
  public @Nullable Position event(long seq) {
    return snapshot.find(seq) instanceof IndexRow row ? row.position() : null;
  }

  /** Returns what a tombstone names; null if there is none of this number. */
  public @Nullable EventId target(long seq) {
    snapshot.requireOpen();
    try {
      byte[] id = seq <= snapshot.seq() ? maps.targets.get(seq) : null;
      return id == null ? null : EventId.of(id);
    } catch (MVStoreException e) {
      throw index.failed("reading a tombstone", e);
    } catch (IllegalArgumentException e) {
      throw new StoreException(ErrorCode.CORRUPT, "tombstone " + seq + " is damaged", e);
    }
  }

  /** Returns the digest of the keys in a range. */
  public SetDigest digest(boolean removals, IdRange range) {
    if (range.bits() == 0) {
      return digest(removals);
    }
    long[] sums = new long[PARTS];
    if (range.bits() > TABLE_BITS || digest(removals).count() < LEAST_FOR_TABLE) {
      scan(removals, range, null, (seq, high, low) -> add(sums, 0, high, low));
    } else {
      long[] table = table(removals);
      int from = (int) (range.first() >>> (Long.SIZE - TABLE_BITS)) * PARTS;
      int count = PARTS << (TABLE_BITS - range.bits());
      for (int i = 0; i < count; i++) {
        sums[i % PARTS] += table[from + i];
      }
    }
    return new SetDigest(sums[0], sums[1], sums[2]);
  }

  private static boolean add(long[] sums, int at, long high, long low) {
    sums[at]++;
    sums[at + 1] += high;
    sums[at + 2] += low;
    return true;
  }

  /** Digests of all ranges of 16 bits, one behind the other, from one pass over the keys. */
  private long[] table(boolean removals) {
    long[] known = removals ? tombstones : events;
    if (known != null) {
      return known;
    }
    long[] table = new long[PARTS << TABLE_BITS];
    scan(
        removals,
        IdRange.ALL,
        null,
        (seq, high, low) ->
            add(table, (int) (high >>> (Long.SIZE - TABLE_BITS)) * PARTS, high, low));
    if (removals) {
      tombstones = table;
    } else {
      events = table;
    }
    return table;
  }

  /**
   * Returns visible events, or tombstones, of a range in order of their keys, taken as two signed
   * numbers.
   *
   * @param after the one before the first; null for the start of the range
   */
  public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
    List<Changed> found = new ArrayList<>();
    scan(
        removals,
        range,
        after,
        (seq, high, low) -> {
          found.add(new Changed(seq, removals, high, low));
          return found.size() < most;
        });
    return found;
  }

  @FunctionalInterface
  private interface Visit {
    boolean of(long seq, long high, long low);
  }

  private void scan(boolean removals, IdRange range, @Nullable Changed after, Visit visit) {
    snapshot.requireOpen();
    MVMap<long[], Long> map = removals ? maps.tombstones : maps.ids;
    long[] from = after == null ? range.firstKey() : new long[] {after.high(), after.low()};
    try {
      Cursor<long[], Long> keys = map.cursor(from, range.lastKey(), false);
      boolean more = true;
      while (more && keys.hasNext()) {
        long[] key = keys.next();
        long seq = keys.getValue();
        boolean first = after != null && key[0] == after.high() && key[1] == after.low();
        if (!first && (removals ? seq <= snapshot.seq() : snapshot.isVisible(seq))) {
          more = visit.of(seq, key[0], key[1]);
        }
      }
      if (removals) {
        requireSameTombstones();
      }
    } catch (MVStoreException e) {
      throw index.failed("listing ids", e);
    }
  }
}
