package org.ouroborosdb.store.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.index.IndexedEvent;
import org.ouroborosdb.store.segment.Batch;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;

/**
 * A transaction's changes on their way into the log: checked once more against the newest state,
 * written, and applied to the index.
 */
final class EventBatch implements Batch {
  private final EmbeddedEventStore store;
  private final Changes changes;
  private final Set<String> claimed = new HashSet<>();

  EventBatch(EmbeddedEventStore store, Changes changes) {
    this.store = store;
    this.changes = changes;
  }

  /** Returns whether it must be committed with nothing in flight: it removes, or has conditions. */
  boolean standsAlone() {
    return changes.isConditional() || changes.hasRemovals();
  }

  /** Returns all chunks that its events refer to. */
  List<ChunkRef> chunks() {
    List<ChunkRef> chunks = new ArrayList<>();
    for (Changes.Change change : changes.all()) {
      if (change instanceof Changes.Appended appended) {
        chunks.addAll(appended.event().chunks());
      }
    }
    return chunks;
  }

  @Override
  public List<Entry> records(long firstSeq) {
    List<Entry> entries = new ArrayList<>(changes.size());
    try (IndexSnapshot newest = store.newest()) {
      for (Changes.Change change : changes.all()) {
        if (change instanceof Changes.Appended appended) {
          check(newest, appended.event());
          appended.condition().check(newest, changes, appended.event());
          store.requireChunksStillThere(appended.event().event());
          ByteBuffer name = ByteBuffer.wrap(appended.event().id().toBytes());
          entries.add(
              new Entry(RecordKind.EVENT, name, ByteBuffer.wrap(appended.event().record())));
        } else {
          Changes.Removed removed = (Changes.Removed) change;
          requireStillThere(newest, removed);
          ByteBuffer name = ByteBuffer.wrap(removed.target().toBytes());
          entries.add(new Entry(RecordKind.TOMBSTONE, name, ByteBuffer.allocate(0)));
        }
      }
      return entries;
    } catch (RuntimeException e) {
      failed();
      throw e;
    }
  }

  private void check(IndexSnapshot newest, PendingEvent event) {
    long parent = event.parentSeq();
    if (event.type() == EventType.ROOT) {
      claim(String.valueOf(event.title()));
    } else if (parent < EventRow.FIRST_PENDING_SEQ && newest.find(parent) == null) {
      throw deletedMeanwhile("the parent", event.parent());
    }
    for (EventId merged : event.merges()) {
      if (changes.find(merged) == null && newest.find(merged) == null) {
        throw deletedMeanwhile("a merged version", merged);
      }
    }
  }

  private static StoreException deletedMeanwhile(String what, @Nullable EventId id) {
    return new StoreException(
        ErrorCode.CONFLICT, what + " was deleted by another transaction: " + id + "; start again");
  }

  /**
   * Claims a root title against batches in flight, then looks for it among what is published: the
   * other order would miss a batch that is published between the two.
   */
  private void claim(String title) {
    // One transaction may use a title again when it removed its own root of it.
    if (claimed.contains(title)) {
      return;
    }
    if (!store.inFlightRoots().add(title) && Guard.TITLE_CLAIM.isOn()) {
      throw new TitleInFlightException();
    }
    claimed.add(title);
    try (IndexSnapshot newest = store.newest()) {
      // A root of this title that this transaction removes counts until its tombstone is written.
      if (newest.titled(0, title).stream().anyMatch(row -> !changes.isRemoved(row.seq()))) {
        throw EmbeddedTransaction.titleTaken(title);
      }
    }
  }

  private static void requireStillThere(IndexSnapshot newest, Changes.Removed removed) {
    long target = removed.seqs().get(0);
    if (target < EventRow.FIRST_PENDING_SEQ && newest.find(target) == null) {
      throw deletedMeanwhile("the event", removed.target());
    }
  }

  @Override
  public void publish(List<Position> positions, long firstSeq) {
    EventIndex index = store.index();
    try {
      publish(index, positions, firstSeq);
    } catch (RuntimeException | Error e) {
      // The batch is in the log: it is committed, whatever befell (a full heap, say), and others
      // wait for theirs. The index is rebuilt.
      index.markDamaged();
    } finally {
      release();
      store.commits().signal();
    }
  }

  private void publish(EventIndex index, List<Position> positions, long firstSeq) {
    List<Changes.Change> all = changes.all();
    for (int i = 0; i < all.size(); i++) {
      long seq = firstSeq + i;
      if (all.get(i) instanceof Changes.Appended appended) {
        index.apply(indexed(appended.event(), seq, firstSeq, positions.get(i)));
      } else {
        Changes.Removed removed = (Changes.Removed) all.get(i);
        index.tombstone(removed.target(), seq, removedNow(removed, firstSeq));
      }
    }
    index.publish();
  }

  static IndexedEvent indexed(PendingEvent event, long seq, long firstSeq, Position position) {
    Place place = event.place();
    return new IndexedEvent(
        event.event(),
        seq,
        committed(place.parentSeq(), firstSeq),
        place.rootSeq() == 0 ? seq : committed(place.rootSeq(), firstSeq),
        place.baseSeq() == 0 ? seq : committed(place.baseSeq(), firstSeq),
        place.depth(),
        position,
        event.contentLength());
  }

  private static long committed(long seq, long firstSeq) {
    return seq >= EventRow.FIRST_PENDING_SEQ ? seq - EventRow.FIRST_PENDING_SEQ + firstSeq : seq;
  }

  /** What the tombstone removes in the newest state: also what others put below meanwhile. */
  private List<Long> removedNow(Changes.Removed removed, long firstSeq) {
    Set<Long> seqs = new LinkedHashSet<>();
    removed.seqs().forEach(seq -> seqs.add(committed(seq, firstSeq)));
    long target = removed.seqs().get(0);
    if (target < EventRow.FIRST_PENDING_SEQ) {
      try (IndexSnapshot newest = store.newest()) {
        newest.subtree(target, Integer.MAX_VALUE).forEach(row -> seqs.add(row.seq()));
      }
    }
    return List.copyOf(seqs);
  }

  @Override
  public void failed() {
    release();
  }

  private void release() {
    claimed.forEach(store.inFlightRoots()::remove);
    claimed.clear();
  }
}
