package org.ouroborosdb.store.segment;

import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.StoreException;

/** A batch in the log that waits to be forced and published. */
final class Appended {
  final Batch batch;
  final List<Position> positions;
  final long firstSeq;
  final Position end;
  private final Semaphore awake = new Semaphore(0);
  private volatile boolean published;
  private volatile @Nullable StoreException failure;

  Appended(Batch batch, List<Position> positions, long firstSeq, Position end) {
    this.batch = batch;
    this.positions = positions;
    this.firstSeq = firstSeq;
    this.end = end;
  }

  void publish() {
    try {
      batch.publish(positions, firstSeq);
    } finally {
      published = true;
      wake();
    }
  }

  void fail(StoreException why) {
    failure = why;
    batch.failed();
    wake();
  }

  boolean isSettled() {
    return published || failure != null;
  }

  @Nullable StoreException failure() {
    return failure;
  }

  /**
   * Waits until woken. An interrupt does not end it: whether the batch is durable must be known.
   */
  void sleep() {
    awake.acquireUninterruptibly();
  }

  void wake() {
    awake.release();
  }

  long lastSeq() {
    return firstSeq + positions.size() - 1;
  }
}
