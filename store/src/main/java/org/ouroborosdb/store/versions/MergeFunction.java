package org.ouroborosdb.store.versions;

import java.util.List;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/** Decides what becomes of several heads of one base. */
@FunctionalInterface
public interface MergeFunction {
  /** The winner's state: that of the greatest (level, id). */
  MergeFunction WINNER = (view, heads) -> VersionState.of(view, heads.get(0));

  /**
   * Returns the state that takes the place of all heads.
   *
   * @param view what the transaction sees
   * @param heads the heads, the winner first; two or more
   */
  VersionState merge(Snapshot view, List<EventRow> heads);
}
