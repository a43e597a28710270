package org.ouroborosdb.store.index;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;

/**
 * Keeps rows that were asked for, their events once those are verified, and short lists of
 * children. Thread-safe, without locks; a row takes the first place of its set, and what was there
 * an empty one or any other: so of a few rows too many, asked for in turn, most stay.
 *
 * <p>A row never changes, so what is kept serves every snapshot that may see it. When rows leave
 * the index the whole cache is replaced: a reader that looked before puts its row into the old one.
 */
final class RowCache {
  /** Longer rows, with many chunks or a long text, are not kept. */
  private static final int MAX_ROW_BYTES = 1024;

  /** The longest list of children that is kept. */
  static final int MAX_CHILDREN = 8;

  /** A row of a title, its objects, its event and its share of a list of children; measured. */
  private static final long BYTES_PER_PLACE = 1024;

  /** Places to a set. */
  private static final int WAYS = 16;

  /** The first bytes of the ids, which lie together where rows are spread over the heap. */
  private final AtomicLongArray tags;

  private final AtomicReferenceArray<IndexRow> byId;
  private final AtomicReferenceArray<IndexRow> bySeq;
  private final AtomicReferenceArray<Family> families;
  private final AtomicLongArray changed; // by parent: when a child came or went last
  private final int mask;

  /** The children of a parent, versions too, as a snapshot showed them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
  private record Family(long parentSeq, long asOf, IndexRow[] rows) {}

  /**
   * Creates an empty cache.
   *
   * @param bytes the bound on what it keeps, roughly
   * @param lastSeq the last change that the index has taken
   */
  RowCache(long bytes, long lastSeq) {
    int places = (int) Long.highestOneBit(Math.max(64, Math.min(bytes / BYTES_PER_PLACE, 1 << 20)));
    tags = new AtomicLongArray(places);
    byId = new AtomicReferenceArray<>(places);
    bySeq = new AtomicReferenceArray<>(places);
    families = new AtomicReferenceArray<>(places);
    changed = new AtomicLongArray(places);
    for (int i = 0; i < places; i++) {
      changed.setPlain(i, lastSeq);
    }
    mask = places - 1;
  }

  @Nullable IndexRow get(EventId id) {
    long tag = id.longAt(0);
    int set = set(tag);
    for (int place = set; place < set + WAYS; place++) {
      if (tags.getOpaque(place) == tag) {
        IndexRow row = byId.get(place);
        if (row != null && row.id().equals(id)) {
          return row;
        }
      }
    }
    return null;
  }

  @Nullable IndexRow get(long seq) {
    IndexRow row = bySeq.get((int) seq & mask);
    return row != null && row.seq() == seq ? row : null;
  }

  void put(IndexRow row) {
    if (row.length() > MAX_ROW_BYTES) {
      return;
    }
    long tag = row.id().longAt(0);
    int first = set(tag);
    int place = placeFor(tag);
    if (place != first) {
      byId.setRelease(place, byId.get(first));
      tags.setOpaque(place, tags.getOpaque(first));
    }
    byId.setRelease(first, row);
    tags.setOpaque(first, tag);
    bySeq.setRelease((int) row.seq() & mask, row);
  }

  /** Returns where the row of a tag is, or an empty place of its set, or any but the first. */
  private int placeFor(long tag) {
    int set = set(tag);
    int empty = -1;
    for (int place = set; place < set + WAYS; place++) {
      if (tags.getOpaque(place) == tag) {
        return place;
      }
      if (empty < 0 && byId.getPlain(place) == null) {
        empty = place;
      }
    }
    return empty < 0 ? set + 1 + ThreadLocalRandom.current().nextInt(WAYS - 1) : empty;
  }

  private int set(long tag) {
    return (int) tag & mask & -WAYS;
  }

  /** Says that a child came or went; before that is published. */
  void change(long parentSeq, long seq) {
    changed.set((int) parentSeq & mask, seq);
  }

  /** Returns the children as a snapshot shows them, if they are known; never change them. */
  IndexRow @Nullable [] children(long parentSeq, long snapshotSeq) {
    int place = (int) parentSeq & mask;
    Family family = families.get(place);
    long last = changed.get(place);
    // Neither the snapshot of then nor that of now is older than the last change.
    boolean same =
        family != null
            && family.parentSeq == parentSeq
            && last <= family.asOf
            && last <= snapshotSeq;
    return same ? family.rows : null;
  }

  /** Keeps all the children that a snapshot shows, at most {@link #MAX_CHILDREN}. */
  void putChildren(long parentSeq, long snapshotSeq, IndexRow[] rows) {
    for (IndexRow row : rows) {
      if (row.length() > MAX_ROW_BYTES) {
        return;
      }
    }
    families.setRelease((int) parentSeq & mask, new Family(parentSeq, snapshotSeq, rows));
  }
}
