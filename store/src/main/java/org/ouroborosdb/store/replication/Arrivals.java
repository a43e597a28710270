package org.ouroborosdb.store.replication;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
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

  /** The bytes of ancestors that are brought at once, for they are held until all are here. */
  private static final long MOST_ANCESTOR_BYTES = 64L << 20;

  /** PATCHes of one commit: each may take long to apply, and what is committed is kept. */
  private static final int MOST_PATCHES = 16;

  private final ReplicaStore store;
  private final CheckedPeer peer;
  private final Deadline deadline;
  private final ChunkArrivals chunks;
  private final Set<EventId> covered = new HashSet<>();
  private long events;
  private long tombstones;
  private long dropped;
  private long ignored;

  private final long mostTombstones;

  Arrivals(ReplicaStore store, CheckedPeer peer, Deadline deadline, long mostTombstones) {
    this.store = store;
    this.peer = peer;
    this.deadline = deadline;
    this.mostTombstones = mostTombstones;
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
      requireRoom(ids.size());
      count(store.remove(ids), true);
      at += ids.size();
    }
    for (int at = 0; at < lacking.size(); ) {
      deadline.check();
      List<SealedEvent> batch = peer.events(next(lacking, at));
      for (int from = 0; from < batch.size(); ) {
        int to = from + withFewPatches(batch.subList(from, batch.size()));
        commit(batch.subList(from, to));
        from = to;
      }
      at += batch.size();
    }
  }

  /** Nobody can say which events a tombstone waits for; so there is an end to them. */
  private void requireRoom(int more) {
    if (store.tombstones() + more > mostTombstones) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          "more than " + mostTombstones + " removals are not taken from another store");
    }
  }

  /** Returns how many of some events are committed at once. */
  private static int withFewPatches(List<SealedEvent> events) {
    int patches = 0;
    for (int i = 0; i < events.size(); i++) {
      patches += events.get(i).event().type() == EventType.PATCH ? 1 : 0;
      if (patches == MOST_PATCHES) {
        return i + 1;
      }
    }
    return events.size();
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
      List<ChunkRef> needed = store.plan(whole, covered).chunks();
      ReplicaStore.Pins pins = store.pin(needed);
      try {
        chunks.bring(needed);
        count(store.merge(whole, covered, deadline::check), false);
        return;
      } catch (StoreException e) {
        // A parent or chunk was removed here since it was looked for.
        boolean gone =
            e.code() == ErrorCode.EVENT_NOT_FOUND || e.code() == ErrorCode.CHUNK_NOT_FOUND;
        if (!gone || attempt == ATTEMPTS) {
          throw e;
        }
      } finally {
        pins.close();
      }
    }
  }

  /** Puts ancestors before events that lack them: they are removed here, or were never taken. */
  private List<SealedEvent> withAncestors(List<SealedEvent> batch) {
    List<SealedEvent> whole = new ArrayList<>(batch);
    long before = peer.received();
    Set<EventId> known = new HashSet<>();
    Set<EventId> missing = store.plan(whole, covered).missingParents();
    while (!missing.isEmpty()) {
      List<SealedEvent> above = new ArrayList<>();
      for (EventId id : missing) {
        above.addAll(chain(id, known, before));
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
  private List<SealedEvent> chain(EventId id, Set<EventId> known, long before) {
    List<SealedEvent> chain = new ArrayList<>();
    EventId at = id;
    while (at != null && !isHere(at) && known.add(at) && known.size() <= MOST_ANCESTORS) {
      deadline.check();
      SealedEvent event = peer.event(at);
      CheckedPeer.require(
          peer.received() - before <= MOST_ANCESTOR_BYTES, "its events have too much above them");
      chain.add(0, event);
      at = event.event().parent();
    }
    return chain;
  }

  private boolean isHere(EventId id) {
    return covered.contains(id) || store.knows(Changed.of(id, 0, false));
  }
}
