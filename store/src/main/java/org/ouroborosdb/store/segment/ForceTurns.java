package org.ouroborosdb.store.segment;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who forces the log. One thread at a time does, for all batches that are appended by then; the
 * others sleep until their batch is settled, and are then woken all at once rather than through the
 * lock one after the other, so that their next batches meet in one force too. Whoever gives the
 * turn up wakes one of those whose batch came too late for it. Reentrant.
 */
final class ForceTurns {
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Queue<Appended> waiting = new ConcurrentLinkedQueue<>();

  /** Waits for the turn. */
  void lock() {
    lock.lock();
  }

  /** Gives the turn up. */
  void unlock() {
    lock.unlock();
    if (!lock.isHeldByCurrentThread()) {
      for (Appended each : waiting) {
        if (!each.isSettled()) {
          each.wake();
          break;
        }
      }
    }
  }

  /** Returns once a batch is settled, by this thread's turn or by another's. */
  void settle(Appended appended, Runnable turn) {
    if (appended.isSettled()) {
      return;
    }
    // From here on an unlock sees it, so that no turn ends unnoticed between the try and the sleep.
    waiting.add(appended);
    try {
      while (!appended.isSettled()) {
        if (!tryLock()) {
          appended.sleep();
          continue;
        }
        try {
          if (!appended.isSettled()) {
            turn.run();
          }
        } finally {
          unlock();
        }
      }
    } finally {
      waiting.remove(appended);
    }
  }

  /** Takes the turn if it is free and nobody waits for it, as a checkpoint does. */
  private boolean tryLock() {
    return (lock.isHeldByCurrentThread() || !lock.hasQueuedThreads()) && lock.tryLock();
  }
}
