package org.ouroborosdb.store.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.segment.Batch;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;

/**
 * Tombstones of another store on their way into the log, committed with nothing in flight. One may
 * come before its event; one that names a permanent event is left out.
 */
final class TombstoneBatch implements Batch {
  private final EmbeddedEventStore store;
  private final List<EventId> targets;
  private final List<EventId> added = new ArrayList<>();
  private long ignored;

  TombstoneBatch(EmbeddedEventStore store, List<EventId> targets) {
    this.store = store;
    this.targets = targets;
  }

  @Override
  public List<Entry> records(long firstSeq) {
    List<Entry> entries = new ArrayList<>();
    Set<EventId> unique = new LinkedHashSet<>(targets);
    try (IndexSnapshot newest = store.newest()) {
      for (EventId target : unique) {
        EventRow row = newest.find(target);
        if (row != null && !row.temporary()) {
          ignored++;
        } else if (!store.index().hasTombstone(target)) {
          added.add(target);
          ByteBuffer name = ByteBuffer.wrap(target.toBytes());
          entries.add(new Entry(RecordKind.TOMBSTONE, name, ByteBuffer.allocate(0)));
        }
      }
    }
    if (entries.isEmpty()) {
      throw new MergeBatch.NothingNewException();
    }
    return entries;
  }

  @Override
  public void publish(List<Position> positions, long firstSeq) {
    EventIndex index = store.index();
    try (IndexSnapshot before = store.newest()) {
      for (int i = 0; i < added.size(); i++) {
        EventRow row = before.find(added.get(i));
        List<Long> removed = new ArrayList<>();
        if (row != null) {
          before.subtree(row.seq(), Integer.MAX_VALUE).forEach(below -> removed.add(below.seq()));
        }
        index.tombstone(added.get(i), firstSeq + i, removed);
      }
    } catch (StoreException e) {
      index.markDamaged(); // the batch is in the log: it is committed, and the index is rebuilt
    }
    try {
      index.publish();
    } catch (StoreException e) {
      index.markDamaged();
    } finally {
      store.commits().signal();
    }
  }

  @Override
  public void failed() {}

  int added() {
    return added.size();
  }

  /** Returns how many name permanent events. */
  long ignored() {
    return ignored;
  }
}
