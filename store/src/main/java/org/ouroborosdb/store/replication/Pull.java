package org.ouroborosdb.store.replication;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.embedded.ReplicaStore;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.replication.Replicator.SyncReport;

/**
 * One store taking what it lacks from a peer: behind a cursor, or what a comparison finds. What was
 * taken is committed as it comes, so an end at any point costs nothing but the rest. For one
 * thread.
 */
final class Pull {
  /** Pages of changes between two cursors written. */
  private static final int PAGES_PER_CURSOR = 64;

  private final ReplicaStore store;
  private final CheckedPeer peer;
  private final Peer.State state;
  private final ReplicaList replicas;
  private final Deadline deadline;
  private final ProgressListener progress;
  private final LongSupplier millis;
  private final Arrivals arrivals;
  private Cursor.Taken taken = Cursor.Taken.NOTHING;

  Pull(
      ReplicaStore store,
      Peer peer,
      Deadline deadline,
      ProgressListener progress,
      LongSupplier millis,
      long mostTombstones) {
    this.store = store;
    this.peer = new CheckedPeer(peer);
    this.replicas = new ReplicaList(store.disk());
    this.deadline = deadline;
    this.progress = progress;
    this.millis = millis;
    this.arrivals = new Arrivals(store, this.peer, deadline, mostTombstones);
    this.state = this.peer.state();
  }

  /**
   * Takes what is lacking until the time is up.
   *
   * @param compare whether not to rely on a cursor
   */
  SyncReport run(boolean compare) {
    if (state.storeId().equals(store.id())) {
      throw new StoreException(
          ErrorCode.CONFLICT, "a database is not merged with itself: " + peer.name());
    }
    if (store.isReadOnly()) {
      throw new StoreException(
          ErrorCode.READ_ONLY, "the store that is to take changes takes no writes");
    }
    Cursor cursor = replicas.find(state.storeId());
    taken = cursor == null || compare ? Cursor.Taken.NOTHING : cursor.taken();
    boolean complete = false;
    try {
      deadline.check();
      take(compare);
      complete = true;
    } catch (Deadline.TimeUpException e) {
      complete = false; // what came is kept
    } finally {
      keepCursor(cursor, complete);
    }
    return arrivals.report(complete);
  }

  private void take(boolean compare) {
    Peer.State own = Replicator.state(store);
    if (own.showsTheSameAs(state)) {
      taken = Cursor.Taken.all(state);
      return;
    }
    boolean empty = changes(own) == 0;
    boolean goOn = !empty && isOfItsHistory(taken.last());
    if (empty || (!goOn && changes(own) < changes(state) / 2)) {
      taken = Cursor.Taken.NOTHING; // most is lacking, and is taken as all changes are listed
      goOn = true;
    }
    if (!compare && goOn) {
      takeChanges();
    }
    if (!isComplete() && !takeDifferences()) {
      taken = Cursor.Taken.NOTHING;
      takeChanges();
      CheckedPeer.require(isComplete(), "its changes do not add up");
    }
    taken = Cursor.Taken.all(state);
  }

  private static long changes(Peer.State of) {
    return of.events().count() + of.tombstones().count();
  }

  /** Returns whether what was taken is all that the peer says it has. */
  private boolean isComplete() {
    return taken.events().equals(state.events()) && taken.tombstones().equals(state.tombstones());
  }

  /** Returns whether the peer still has the change up to which its changes were taken. */
  private boolean isOfItsHistory(@Nullable Changed change) {
    if (change == null || change.seq() > state.lastSeq()) {
      return false;
    }
    List<Changed> there = peer.changes(change.seq() - 1, state.lastSeq(), 1);
    return !there.isEmpty() && there.get(0).equals(change);
  }

  /** Returns whether the differences were few enough to be found. */
  private boolean takeDifferences() {
    List<Changed> lacking = new Differences(store, peer, state, deadline::check).find();
    if (lacking == null) {
      return false;
    }
    for (int from = 0; from < lacking.size(); from += Peer.MOST_CHANGES) {
      int to = Math.min(lacking.size(), from + Peer.MOST_CHANGES);
      arrivals.take(lacking.subList(from, to));
      progress.progress(to, lacking.size());
    }
    return true;
  }

  private void takeChanges() {
    long from = taken.seq();
    long total = state.lastSeq() - from;
    for (int pages = 1; taken.seq() < state.lastSeq(); pages++) {
      List<Changed> page = peer.changes(taken.seq(), state.lastSeq(), Peer.MOST_CHANGES);
      if (page.isEmpty()) {
        return;
      }
      deadline.check();
      arrivals.take(page);
      taken = taken.with(page);
      CheckedPeer.require(from > 0 || isWithin(), "it lists more than it says it has");
      progress.progress(taken.seq() - from, total);
      if (pages % PAGES_PER_CURSOR == 0) {
        keep(taken);
      }
    }
  }

  private boolean isWithin() {
    return taken.events().count() <= state.events().count()
        && taken.tombstones().count() <= state.tombstones().count();
  }

  /** Keeps how far it came; a comparison that did not end leaves the cursor as it was. */
  private void keepCursor(@Nullable Cursor before, boolean complete) {
    boolean nothing = taken.equals(Cursor.Taken.NOTHING) && !complete;
    keep(nothing && before != null ? before.taken() : taken);
  }

  private void keep(Cursor.Taken known) {
    store.force(); // a cursor is never ahead of what is on the disk
    replicas.put(
        new Cursor(state.storeId(), peer.name(), known, state.lastSeq(), millis.getAsLong()));
  }
}
