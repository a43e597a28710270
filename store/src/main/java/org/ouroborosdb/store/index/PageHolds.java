package org.ouroborosdb.store.index;

import java.util.ArrayDeque;
import java.util.Deque;
import org.h2.mvstore.MVStore;

/**
 * Keeps the pages that scans of open snapshots may read, whatever is written. For one thread.
 *
 * <p>A scan reads pages of the version of the maps that was the newest when it began, or later. So
 * it is enough to hold each version until the snapshots that were open when the next one began are
 * closed, which is looked at when another begins: a snapshot itself holds nothing.
 */
final class PageHolds {
  private final MVStore store;
  private final OpenSnapshots snapshots;
  private final Deque<Held> earlier = new ArrayDeque<>();
  private MVStore.TxCounter newest;

  /**
   * A version.
   *
   * @param lastSeq what was published last when the next version began
   */
  private record Held(MVStore.TxCounter version, long lastSeq) {}

  PageHolds(MVStore store, OpenSnapshots snapshots) {
    this.store = store;
    this.snapshots = snapshots;
    newest = store.registerVersionUsage();
  }

  /** Begins another version after a commit. */
  void next(long lastSeq) {
    earlier.add(new Held(newest, lastSeq));
    newest = store.registerVersionUsage();
    long oldest = snapshots.oldest();
    while (!earlier.isEmpty() && earlier.getFirst().lastSeq < oldest) {
      store.deregisterVersionUsage(earlier.removeFirst().version);
    }
  }
}
