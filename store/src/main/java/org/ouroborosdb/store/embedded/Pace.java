package org.ouroborosdb.store.embedded;

import java.util.function.LongSupplier;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Holds work to so many bytes a second. For one thread. */
final class Pace {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final long LONGEST_NAP_NANOS = 20_000_000;

  private final long bytesPerSecond;
  private final Cancellation cancellation;
  private final LongSupplier nanoTime;
  private final Nap nap;
  private final long start;
  private long passed;

  /** Waits. */
  interface Nap {
    void nanos(long nanos) throws InterruptedException;
  }

  Pace(long bytesPerSecond, Cancellation cancellation, LongSupplier nanoTime, Nap nap) {
    this.bytesPerSecond = bytesPerSecond;
    this.cancellation = cancellation;
    this.nanoTime = nanoTime;
    this.nap = nap;
    this.start = nanoTime.getAsLong();
  }

  /** Returns once so many more bytes may pass. */
  void pass(long bytes) {
    passed += bytes;
    while (bytesPerSecond > 0) {
      cancellation.check();
      long due = (long) (passed / (double) bytesPerSecond * NANOS_PER_SECOND);
      long early = due - (nanoTime.getAsLong() - start);
      if (early <= 0) {
        return;
      }
      try {
        nap.nanos(Math.min(early, LONGEST_NAP_NANOS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreException(ErrorCode.CANCELLED, "the call was interrupted", e);
      }
    }
  }
}
