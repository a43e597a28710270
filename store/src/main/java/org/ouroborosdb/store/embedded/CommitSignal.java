package org.ouroborosdb.store.embedded;

import java.util.function.BooleanSupplier;

/** Wakes threads that wait for a commit. Thread-safe. */
final class CommitSignal {
  private long signals; // guarded by this
  private int waiting; // guarded by this

  /** Wakes all who wait, to look again. */
  synchronized void signal() {
    signals++;
    if (waiting > 0) {
      notifyAll();
    }
  }

  /** Waits until a condition holds, which is asked now and after each signal. */
  void await(BooleanSupplier condition) throws InterruptedException {
    while (true) {
      long seen = signals();
      if (condition.getAsBoolean()) {
        return;
      }
      awaitOther(seen);
    }
  }

  private synchronized long signals() {
    return signals;
  }

  private synchronized void awaitOther(long seen) throws InterruptedException {
    waiting++;
    try {
      while (signals == seen) {
        wait();
      }
    } finally {
      waiting--;
    }
  }
}
