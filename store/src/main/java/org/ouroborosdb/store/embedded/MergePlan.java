package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.index.IndexedEvent;

/**
 * What becomes of events of another store in one state of this one: which are new, which are
 * removed already, and which parents are missing. For one thread.
 */
final class MergePlan {
  private final EventIndex index;
  private final IndexSnapshot newest;
  private final Set<EventId> covered;
  private final Map<EventId, Long> patchLengths;
  private final List<PendingEvent> added = new ArrayList<>();
  private final Map<EventId, PendingEvent> byId = new HashMap<>();
  private final Set<EventId> missing = new LinkedHashSet<>();
  private final Set<EventId> waiting = new LinkedHashSet<>();
  private long coveredCount;
  private long voidTombstones;

  /**
   * Starts a plan.
   *
   * @param covered events known to be removed with an ancestor; more are added
   * @param patchLengths the lengths that PATCHes were found to make
   */
  MergePlan(
      EventIndex index,
      IndexSnapshot newest,
      Set<EventId> covered,
      Map<EventId, Long> patchLengths) {
    this.index = index;
    this.newest = newest;
    this.covered = covered;
    this.patchLengths = patchLengths;
  }

  /** Plans events in order, parents before children. */
  MergePlan with(List<SealedEvent> events) {
    events.forEach(this::add);
    return this;
  }

  private void add(SealedEvent sealed) {
    Event event = sealed.event();
    EventId id = event.id();
    if (byId.containsKey(id) || index.find(id) != 0) {
      return;
    }
    if (Changed.of(id, 0, false).isKnownTo(index)) {
      throw new StoreException(
          ErrorCode.PEER_INVALID, "two events have ids that begin alike; " + id + " is refused");
    }
    MergeRules.checkAlone(event);
    boolean named = index.hasTombstone(id);
    EventId parent = event.parent();
    if (parent != null && isRemoved(parent)) {
      MergeRules.checkCovered(event);
      cover(id);
    } else if (named && event.temporary()) {
      cover(id);
    } else if (parent == null) {
      place(sealed, MergeRules.place(event));
    } else {
      EventRow above = find(parent);
      if (above != null) {
        place(sealed, MergeRules.place(event, above));
      } else {
        waiting.add(id);
        if (!waiting.contains(parent)) {
          missing.add(parent);
        }
        return;
      }
    }
    voidTombstones += named && !event.temporary() ? 1 : 0;
  }

  private void cover(EventId id) {
    coveredCount++;
    covered.add(id);
  }

  /** Returns whether an event was here, or came, and is removed. */
  private boolean isRemoved(EventId id) {
    if (covered.contains(id)) {
      return true;
    }
    long seq = index.find(id);
    return seq != 0 && seq <= newest.seq() && newest.find(id) == null;
  }

  private @Nullable EventRow find(EventId id) {
    PendingEvent own = byId.get(id);
    return own == null ? newest.find(id) : own;
  }

  private void place(SealedEvent sealed, Place place) {
    PendingEvent event =
        new PendingEvent(
            sealed.event(),
            EventCodec.encode(sealed),
            EventRow.FIRST_PENDING_SEQ + added.size(),
            place,
            length(sealed.event()));
    added.add(event);
    byId.put(event.id(), event);
  }

  private long length(Event event) {
    if (event.type() == EventType.PATCH) {
      return patchLengths.getOrDefault(event.id(), IndexedEvent.UNKNOWN_LENGTH);
    }
    StoredContent content = event.content();
    return content == null ? -1 : content.length();
  }

  /** Finds an event of the newest state or the plan; a planned one by its pending number. */
  @Nullable EventRow find(long seq) {
    long pending = seq - EventRow.FIRST_PENDING_SEQ;
    return pending < 0 ? newest.find(seq) : added.get(Math.toIntExact(pending));
  }

  /** Returns the events that are new, in order. */
  List<PendingEvent> added() {
    return added;
  }

  /** Returns the parents that are neither here nor among the events. */
  Set<EventId> missing() {
    return missing;
  }

  /** Returns how many events were dropped since they, or ancestors of them, are removed. */
  long coveredCount() {
    return coveredCount;
  }

  /** Returns how many tombstones turn out to name permanent events. */
  long voidTombstones() {
    return voidTombstones;
  }
}
