package org.ouroborosdb.store.versions;

import java.util.List;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/**
 * Decides what becomes of several heads of one base: versions that went apart, in two stores or by
 * two writers. Called by {@link Conflicts#join}, once for a conflict, on the caller's thread, and
 * again if the caller repeats the transaction: it must not count on being called once, and one that
 * is shared by threads must be thread-safe. It writes nothing itself.
 *
 * <p>Stores that each join one conflict by themselves have two joins, which is a conflict again: a
 * function that gives the same for the same heads ends this the sooner.
 */
@FunctionalInterface
public interface MergeFunction {
  /** The winner's state: that of the greatest (level, id). */
  MergeFunction WINNER = (view, heads) -> VersionState.of(view, heads.get(0));

  /**
   * Returns the state that takes the place of all heads: that of one of them, {@link
   * VersionState#of}, perhaps with other parts, or {@link VersionState#REMOVED}.
   *
   * <p>New content is put into the store beforehand ({@link
   * org.ouroborosdb.store.EventStore#put(byte[])}); content and metadata of the heads are read
   * through the view, also of a PATCH, whose content is the finished one. What it throws comes out
   * of {@link Conflicts#join} as it is, and nothing is appended; a state that breaks a rule of the
   * model (over-long metadata, content that is not stored) fails there with a {@link
   * org.ouroborosdb.store.StoreException}.
   *
   * @param view what the transaction sees; valid during the call
   * @param heads the heads, the winner first and then by falling (level, id); two or more, of any
   *     type, REMOVE and the base too; unmodifiable
   */
  VersionState merge(Snapshot view, List<EventRow> heads);
}
