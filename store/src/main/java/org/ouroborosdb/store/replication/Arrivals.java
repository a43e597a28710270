package org.ouroborosdb.store.replication;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.embedded.ReplicaStore;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.replication.Replicator.SyncReport;

/** Events and tombstones on their way in, and how many they are. For one thread. */
final class Arrivals {
  private static final int MOST_RECORDS = 256;
  private static final int MOST_ANCESTORS = 100_000;
  private static final int MOST_COVERED = 100_000;
  private static final int ATTEMPTS = 3;

  private final ReplicaStore store;
  private final CheckedPeer peer;
  private final Deadline deadline;
  private final ChunkArrivals chunks;
  private final Set<EventId> covered = new HashSet<>();
  private long events;
  private long tombstones;
  private long dropped;
  private long ignored;

  Arrivals(ReplicaStore store, CheckedPeer peer, Deadline deadline) {
    this.store = store;
    this.peer = peer;
    this.deadline = deadline;
    this.chunks = new ChunkArrivals(store, peer, deadline);
  }

  SyncReport report(boolean complete) {
    return new SyncReport(
        events,
        tombstones,
        chunks.count(),
        dropped,
        ignored,
        peer.received() + peer.sent(),
        complete);
  }

  /** Takes changes that the peer listed, parents before children. */
  void take(List<Changed> changes) {
    List<Changed> targets = new ArrayList<>();
    List<Changed> lacking = new ArrayList<>();
    for (Changed change : changes) {
      if (!store.knows(change)) {
        (change.removal() ? targets : lacking).add(change);
      }
    }
    // Tombstones first: what they name need not be brought.
    for (int at = 0; at < targets.size(); ) {
      deadline.check();
      List<EventId> ids = peer.targets(next(targets, at));
      count(store.remove(ids), true);
      at += ids.size();
    }
    for (int at = 0; at < lacking.size(); ) {
      deadline.check();
      List<SealedEvent> batch = peer.events(next(lacking, at));
      commit(batch);
      at += batch.size();
    }
  }

  private static List<Changed> next(List<Changed> changes, int from) {
    return changes.subList(from, Math.min(changes.size(), from + MOST_RECORDS));
  }

  private void count(ReplicaStore.Merged merged, boolean removals) {
    events += removals ? 0 : merged.added();
    tombstones += removals ? merged.added() : 0;
    dropped += merged.covered();
    ignored += merged.ignored();
  }

  private void commit(List<SealedEvent> batch) {
    if (covered.size() > MOST_COVERED) {
      covered.clear(); // what is needed is found again
    }
    for (int attempt = 1; ; attempt++) {
      List<SealedEvent> whole = withAncestors(batch);
      chunks.bring(store.plan(whole, covered).chunks());
      try {
        count(store.merge(whole, covered), false);
        return;
      } catch (StoreException e) {
        // A parent or chunk was removed here since it was looked for.
        boolean gone =
            e.code() == ErrorCode.EVENT_NOT_FOUND || e.code() == ErrorCode.CHUNK_NOT_FOUND;
        if (!gone || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Puts ancestors before events that lack them: they are removed here, or were never taken. */
  private List<SealedEvent> withAncestors(List<SealedEvent> batch) {
    List<SealedEvent> whole = new ArrayList<>(batch);
    Set<EventId> known = new HashSet<>();
    Set<EventId> missing = store.plan(whole, covered).missingParents();
    while (!missing.isEmpty()) {
      List<SealedEvent> above = new ArrayList<>();
      for (EventId id : missing) {
        List<SealedEvent> chain = chain(id, known);
        above.addAll(chain);
      }
      above.addAll(whole);
      whole = above;
      Set<EventId> still = store.plan(whole, covered).missingParents();
      if (known.size() > MOST_ANCESTORS || still.equals(missing)) {
        throw new StoreException(
            ErrorCode.PEER_INVALID, "the other store has events without their ancestors");
      }
      missing = still;
    }
    return whole;
  }

  /** Returns an event and what the peer has above it, up to what is known here; top first. */
  private List<SealedEvent> chain(EventId id, Set<EventId> known) {
    List<SealedEvent> chain = new ArrayList<>();
    EventId at = id;
    while (at != null && !isHere(at) && known.add(at) && known.size() <= MOST_ANCESTORS) {
      deadline.check();
      SealedEvent event = peer.event(at);
      chain.add(0, event);
      at = event.event().parent();
    }
    return chain;
  }

  private boolean isHere(EventId id) {
    return covered.contains(id) || store.knows(Changed.of(id, 0, false));
  }
}
