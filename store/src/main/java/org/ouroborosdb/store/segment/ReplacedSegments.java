package org.ouroborosdb.store.segment;

import java.io.IOException;

/** The files of a log that rewritten segments have replaced, or that were not finished. */
public final class ReplacedSegments {
  private final SegmentLog log;

  /** Looks after the files of a log. */
  public ReplacedSegments(SegmentLog log) {
    this.log = log;
  }

  /** Returns how many files were replaced and are still there. */
  public int count() {
    return log.files().replacedCount();
  }

  /** Returns whether a segment was replaced since the log was opened. */
  public boolean anySinceOpen() {
    return log.files().anyReplacedSinceOpen();
  }

  /**
   * Deletes what was replaced; nobody may read it, and a checkpoint must have noted what is new.
   */
  public void delete() throws IOException {
    log.files().deleteObsolete(log.disk(), true);
  }

  /** Deletes what was not finished. */
  public void deleteUnfinished() throws IOException {
    log.files().deleteObsolete(log.disk(), false);
  }
}
