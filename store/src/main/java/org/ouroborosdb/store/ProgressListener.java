package org.ouroborosdb.store;

/** Is told how far a long call has come, on the thread that does the work; must be quick. */
@FunctionalInterface
public interface ProgressListener {
  /** Ignores everything. */
  ProgressListener NONE = (done, total) -> {};

  /**
   * Reports progress.
   *
   * @param done the units done so far, never less than before; the call documents the unit
   * @param total the units in all; -1 if unknown
   */
  void progress(long done, long total);
}
