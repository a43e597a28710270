package org.ouroborosdb.store.replication;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;

/** The end of a call's time budget, and its cancellation. For one thread. */
final class Deadline {
  private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE); // 292 years

  private final Cancellation cancellation;
  private final long startNanos = System.nanoTime();
  private final long budgetNanos;

  Deadline(@Nullable Duration budget, Cancellation cancellation) {
    this.cancellation = cancellation;
    this.budgetNanos =
        budget == null || budget.compareTo(MOST) > 0
            ? Long.MAX_VALUE
            : budget.isNegative() ? 0 : budget.toNanos();
  }

  /** Ends a call whose time is up, and is caught at its door. */
  static final class TimeUpException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TimeUpException() {
      super("the time is up", null, false, false);
    }
  }

  /**
   * Returns normally while there is time.
   *
   * @throws TimeUpException if it is up
   */
  void check() {
    cancellation.check();
    if (System.nanoTime() - startNanos > budgetNanos) {
      throw new TimeUpException();
    }
  }
}
