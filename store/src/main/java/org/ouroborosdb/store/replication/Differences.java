package org.ouroborosdb.store.replication;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.embedded.ReplicaStore;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;

/**
 * Finds what a peer has and a store lacks without a cursor: digests of ranges of ids, narrowed
 * sixteenfold where they differ, then lists. For one thread.
 */
final class Differences {
  /** Ids to a range that is listed: a list takes as much as the digests one step down. */
  private static final int LISTED_IDS = 16;

  /** 10 MB of numbers here; more differences are as well found by listing all changes. */
  private static final int MOST = 1 << 17;

  /** Ranges that are narrowed by one question: 4,096 digests. */
  private static final int RANGES_PER_CALL = 256;

  private static final int PARTS = 1 << IdRange.STEP;

  private final ReplicaStore store;
  private final CheckedPeer peer;
  private final Peer.State state;
  private final Runnable check;
  private final List<Changed> found = new ArrayList<>();

  /** A range in which the two differ, and what the peer says it has in it. */
  private record Differing(IdRange range, SetDigest there) {}

  /**
   * Prepares a comparison.
   *
   * @param check called often; may throw
   */
  Differences(ReplicaStore store, CheckedPeer peer, Peer.State state, Runnable check) {
    this.store = store;
    this.peer = peer;
    this.state = state;
    this.check = check;
  }

  /**
   * Returns what is lacking in order of the peer's numbers; null if that is too much. It is all
   * that the digests of the peer's state stand for: an answer that does not add up is refused.
   */
  @Nullable List<Changed> find() {
    try (ReplicaStore.View own = store.view()) {
      if (!compare(own, true, state.tombstones()) || !compare(own, false, state.events())) {
        return null;
      }
    }
    found.sort(Comparator.comparingLong(Changed::seq));
    return found;
  }

  private boolean compare(ReplicaStore.View own, boolean removals, SetDigest all) {
    List<Differing> open = new ArrayList<>();
    if (!look(own, removals, new Differing(IdRange.ALL, all), open)) {
      return false;
    }
    while (!open.isEmpty()) {
      List<Differing> narrower = new ArrayList<>();
      for (int i = 0; i < open.size(); i += RANGES_PER_CALL) {
        check.run();
        List<Differing> asked = open.subList(i, Math.min(open.size(), i + RANGES_PER_CALL));
        for (Differing part : parts(asked, removals)) {
          if (!look(own, removals, part, narrower)) {
            return false;
          }
        }
      }
      if (narrower.size() > MOST) {
        return false;
      }
      open = narrower;
    }
    return true;
  }

  /** Returns the parts of ranges with what the peer has in each, which adds up. */
  private List<Differing> parts(List<Differing> ranges, boolean removals) {
    List<IdRange> asked = new ArrayList<>();
    for (Differing each : ranges) {
      for (int part = 0; part < PARTS; part++) {
        asked.add(each.range().part(part));
      }
    }
    List<SetDigest> digests = peer.digests(removals, asked);
    List<Differing> parts = new ArrayList<>();
    for (int i = 0; i < ranges.size(); i++) {
      SetDigest sum = SetDigest.EMPTY;
      for (int at = i * PARTS; at < (i + 1) * PARTS; at++) {
        sum = sum.plus(digests.get(at));
        parts.add(new Differing(asked.get(at), digests.get(at)));
      }
      CheckedPeer.require(sum.equals(ranges.get(i).there()), "its digests do not add up");
    }
    return parts;
  }

  /** Lists a range that differs, or leaves it to be narrowed; returns false if it is too much. */
  private boolean look(
      ReplicaStore.View own, boolean removals, Differing differing, List<Differing> narrower) {
    SetDigest there = differing.there();
    SetDigest here = own.ranges().digest(removals, differing.range());
    if (here.equals(there) || there.equals(SetDigest.EMPTY)) {
      return true;
    }
    boolean listed =
        here.count() == 0
            || there.count() <= LISTED_IDS
            || differing.range().bits() + IdRange.STEP > IdRange.MAX_BITS;
    if (!listed) {
      narrower.add(differing);
      return true;
    }
    return list(differing, removals);
  }

  private boolean list(Differing differing, boolean removals) {
    SetDigest sum = SetDigest.EMPTY;
    Changed last = null;
    while (true) {
      check.run();
      List<Changed> page = peer.list(removals, differing.range(), last, state.lastSeq());
      for (Changed change : page) {
        sum = sum.with(change);
        if (!store.knows(change)) {
          found.add(change);
        }
      }
      if (found.size() > MOST) {
        return false;
      }
      if (page.isEmpty() || sum.count() >= differing.there().count()) {
        CheckedPeer.require(sum.equals(differing.there()), "its lists do not add up");
        return true;
      }
      last = page.get(page.size() - 1);
    }
  }
}
