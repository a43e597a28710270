package org.ouroborosdb.store.embedded;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.segment.Batch;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;

/**
 * Events of another store on their way into the log, committed with nothing in flight: planned once
 * more against the newest state, written, and applied to the index.
 */
final class MergeBatch implements Batch {
  private final EmbeddedEventStore store;
  private final List<SealedEvent> events;
  private final Set<EventId> covered;
  private final Map<EventId, Long> patchLengths;
  private @Nullable MergePlan plan;

  /**
   * Creates the batch.
   *
   * @param patchLengths what {@link MergeContents} found of the PATCHes
   */
  MergeBatch(
      EmbeddedEventStore store,
      List<SealedEvent> events,
      Set<EventId> covered,
      Map<EventId, Long> patchLengths) {
    this.store = store;
    this.events = events;
    this.covered = covered;
    this.patchLengths = patchLengths;
  }

  /** Says that there is nothing to write. */
  static final class NothingNewException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NothingNewException() {
      super("nothing is new", null, false, false);
    }
  }

  @Override
  public List<Entry> records(long firstSeq) {
    try (IndexSnapshot newest = store.newest()) {
      MergePlan made = new MergePlan(store.index(), newest, covered, patchLengths).with(events);
      plan = made;
      if (!made.missing().isEmpty()) {
        throw new StoreException(
            ErrorCode.EVENT_NOT_FOUND, "a parent is missing: " + made.missing().iterator().next());
      }
      if (made.added().isEmpty()) {
        throw new NothingNewException();
      }
      List<Entry> entries = new ArrayList<>();
      for (PendingEvent event : made.added()) {
        event.chunks().forEach(store::requireChunk);
        requireApplied(event);
        ByteBuffer name = ByteBuffer.wrap(event.id().toBytes());
        entries.add(new Entry(RecordKind.EVENT, name, ByteBuffer.wrap(event.record())));
      }
      return entries;
    }
  }

  private void requireApplied(PendingEvent event) {
    if (event.type() == EventType.PATCH && !patchLengths.containsKey(event.id())) {
      throw new StoreException(
          ErrorCode.EVENT_NOT_FOUND, "the parent of a PATCH came after it was asked for");
    }
  }

  @Override
  public void publish(List<Position> positions, long firstSeq) {
    EventIndex index = store.index();
    try {
      List<PendingEvent> added = plan().added();
      for (int i = 0; i < added.size(); i++) {
        index.apply(EventBatch.indexed(added.get(i), firstSeq + i, firstSeq, positions.get(i)));
      }
      index.publish();
    } catch (StoreException e) {
      index.markDamaged(); // the batch is in the log: it is committed, and the index is rebuilt
    } finally {
      store.commits().signal();
    }
  }

  @Override
  public void failed() {}

  /** Returns what became of the events; only after {@link #records}. */
  MergePlan plan() {
    return java.util.Objects.requireNonNull(plan);
  }
}
