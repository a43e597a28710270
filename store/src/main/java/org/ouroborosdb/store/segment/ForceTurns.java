package org.ouroborosdb.store.segment;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who forces the log and publishes what is in it. One thread at a time does, for all batches that
 * are appended by then. Reentrant.
 *
 * <p>Where a batch waits for the disk the others sleep until theirs is settled, and are then woken
 * all at once rather than through the lock one after the other, so that their next batches meet in
 * one force too. Whoever gives the turn up wakes one of those whose batch came too late for it.
 *
 * <p>Where no batch waits for the disk a turn is shorter than a sleep: the others ask for it a few
 * times first, and whoever asks when it is free has it, whoever sleeps for it.
 */
final class ForceTurns {
  private final boolean forces;
  private final ReentrantLock lock;
  private final Queue<Appended> waiting = new ConcurrentLinkedQueue<>();

  /** How many want the turn for more than a batch: a checkpoint waits for one turn, not for all. */
  private final AtomicInteger checkpoints = new AtomicInteger();

  /**
   * Creates the turns of a log.
   *
   * @param forces whether a batch is settled only when it is on the disk
   */
  ForceTurns(boolean forces) {
    this.forces = forces;
    lock = new ReentrantLock(forces);
  }

  /** Waits for the turn. */
  void lock() {
    checkpoints.incrementAndGet();
    try {
      lock.lock();
    } finally {
      checkpoints.decrementAndGet();
    }
  }

  /** Gives the turn up. */
  void unlock() {
    lock.unlock();
    if (forces && !lock.isHeldByCurrentThread()) {
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
    if (forces) {
      settleAsleep(appended, turn);
    } else {
      settleAwake(appended, turn);
    }
  }

  private void settleAwake(Appended appended, Runnable turn) {
    boolean mayPass = lock.isHeldByCurrentThread();
    for (int tries = 0; tries < BriefLock.TRIES && !appended.isSettled(); tries++) {
      if ((mayPass || checkpoints.get() == 0) && lock.tryLock()) {
        run(appended, turn);
        return;
      }
      Thread.onSpinWait();
    }
    if (!appended.isSettled()) {
      lock.lock();
      run(appended, turn);
    }
  }

  private void run(Appended appended, Runnable turn) {
    try {
      if (!appended.isSettled()) {
        turn.run();
      }
    } finally {
      unlock();
    }
  }

  private void settleAsleep(Appended appended, Runnable turn) {
    if (appended.isSettled()) {
      return;
    }
    // From here on an unlock sees it, so that no turn ends unnoticed between the try and the sleep.
    waiting.add(appended);
    try {
      while (!appended.isSettled()) {
        if (tryLock()) {
          run(appended, turn);
        } else {
          appended.sleep();
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
