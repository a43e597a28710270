package org.ouroborosdb.store.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.SetDigest;

/**
 * How far a store has taken another's changes. Immutable.
 *
 * @param storeId the other store
 * @param name what it was called last
 * @param taken the point up to which its changes were taken
 * @param lastSeq the number of its last change when it was asked last
 * @param millis when that was, since the epoch
 */
record Cursor(WriterId storeId, String name, Taken taken, long lastSeq, long millis) {
  /**
   * A point in another store's history. Together with what is listed behind it, the digests must
   * give those that the other says it has: else something was kept from this store, or events were
   * removed there, and both are compared.
   *
   * @param last the last change taken: if the other has another of that number, its history is not
   *     the one it was; null if nothing is known to be taken
   * @param events the ids of the events taken
   * @param tombstones the ids of the tombstones taken
   */
  record Taken(@Nullable Changed last, SetDigest events, SetDigest tombstones) {
    static final Taken NOTHING = new Taken(null, SetDigest.EMPTY, SetDigest.EMPTY);

    static Taken all(Peer.State state) {
      return new Taken(state.last(), state.events(), state.tombstones());
    }

    Taken with(List<Changed> changes) {
      SetDigest moreEvents = events;
      SetDigest moreTombstones = tombstones;
      for (Changed change : changes) {
        if (change.removal()) {
          moreTombstones = moreTombstones.with(change);
        } else {
          moreEvents = moreEvents.with(change);
        }
      }
      return new Taken(changes.get(changes.size() - 1), moreEvents, moreTombstones);
    }

    long seq() {
      return last == null ? 0 : last.seq();
    }
  }
}
