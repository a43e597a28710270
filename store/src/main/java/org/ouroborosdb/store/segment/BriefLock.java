package org.ouroborosdb.store.segment;

import java.util.concurrent.locks.ReentrantLock;

/** A lock that is mostly held for less time than it takes to sleep and to be woken. */
final class BriefLock extends ReentrantLock {
  /** Some ten microseconds; none where the holder could not run meanwhile. */
  static final int TRIES = Runtime.getRuntime().availableProcessors() > 1 ? 256 : 1;

  private static final long serialVersionUID = 1;

  /** Waits for the lock: asks for it a few times, then sleeps. */
  @Override
  public void lock() {
    for (int tries = 0; tries < TRIES; tries++) {
      if (tryLock()) {
        return;
      }
      Thread.onSpinWait();
    }
    super.lock();
  }
}
