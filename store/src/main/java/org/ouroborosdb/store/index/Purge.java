package org.ouroborosdb.store.index;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.ouroborosdb.store.Event;

/**
 * Takes removed events out of the maps when no open snapshot can see them. One thread at a time.
 *
 * <p>That one was removed is remembered until the snapshots open then are closed: a scan of theirs
 * may still meet its keys.
 */
final class Purge {
  private final EventIndex index;
  private final IndexMaps maps;
  private final Heads heads;
  private final OpenSnapshots snapshots;
  private final List<Long> purged = new ArrayList<>();
  private long purgedAt;
  private long firstRemoval;

  Purge(EventIndex index, Heads heads, OpenSnapshots snapshots) {
    this.index = index;
    this.maps = index.maps();
    this.heads = heads;
    this.snapshots = snapshots;
  }

  /** Learns of a removal. */
  void removed(long seq) {
    firstRemoval = Math.min(firstRemoval, seq);
  }

  /** Returns whether rows left the maps. */
  boolean run(long publishedSeq) {
    long oldestSeq = snapshots.oldest();
    if (!purged.isEmpty() && oldestSeq > purgedAt) {
      purged.forEach(maps.removed::remove);
      purged.clear();
    }
    if (purged.isEmpty() && !maps.removed.isEmpty() && oldestSeq >= firstRemoval) {
      purge(oldestSeq, publishedSeq);
      return true;
    }
    return false;
  }

  private void purge(long oldestSeq, long publishedSeq) {
    firstRemoval = Long.MAX_VALUE;
    purgedAt = publishedSeq;
    for (Iterator<Long> seqs = maps.removed.keyIterator(null); seqs.hasNext(); ) {
      Long seq = seqs.next();
      Long by = maps.removed.get(seq);
      if (by == null || by > oldestSeq || by > purgedAt) {
        firstRemoval = Math.min(firstRemoval, by == null ? Long.MAX_VALUE : by);
        continue;
      }
      IndexRow row = index.row(seq);
      if (row != null) {
        remove(row);
      }
      purged.add(seq);
    }
  }

  private void remove(IndexRow row) {
    long seq = row.seq();
    Event event =
        new Event(
            row.id(),
            row.type(),
            row.writer(),
            row.level(),
            null,
            List.of(),
            true,
            row.expiresAt(),
            false,
            row.title(),
            null,
            row.tags(),
            null,
            null);
    EventKeys.forEach(
        maps,
        event,
        seq,
        row.parentSeq(),
        row.rootSeq(),
        row.baseSeq(),
        (map, key) -> map.remove(key));
    index.ids().remove(row.id());
    if (row.baseSeq() == seq) {
      heads.remove(seq);
    }
    maps.rows.remove(seq);
  }
}
