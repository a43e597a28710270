package org.ouroborosdb.store;

import java.util.concurrent.TimeUnit;

/**
 * A handle that stops long calls from another thread, or when a deadline has passed. Thread-safe.
 *
 * <p>Long calls ask it at least once per chunk, record or thousand rows.
 */
public final class Cancellation {
  private static final long NO_DEADLINE = Long.MAX_VALUE;

  private final long startNanos = System.nanoTime();
  private final long timeoutNanos;
  private volatile boolean cancelled;

  private Cancellation(long timeoutNanos) {
    this.timeoutNanos = timeoutNanos;
  }

  /** Returns a handle that cancels only when it is told to. */
  public static Cancellation create() {
    return new Cancellation(NO_DEADLINE);
  }

  /**
   * Returns a handle that also cancels after a time from now.
   *
   * @param timeoutMillis the time in milliseconds; at once if below 0, never if it is more than 292
   *     years
   */
  public static Cancellation after(long timeoutMillis) {
    return new Cancellation(TimeUnit.MILLISECONDS.toNanos(timeoutMillis)); // NO_DEADLINE if beyond
  }

  /** Cancels the calls that have this handle. Idempotent. */
  public void cancel() {
    cancelled = true;
  }

  /** Returns whether it was told to cancel, or its deadline has passed. */
  public boolean isCancelled() {
    return cancelled
        || (timeoutNanos != NO_DEADLINE && System.nanoTime() - startNanos > timeoutNanos);
  }

  /**
   * Returns normally unless cancelled.
   *
   * @throws StoreException {@link ErrorCode#CANCELLED} if cancelled
   */
  public void check() {
    if (isCancelled()) {
      throw new StoreException(
          ErrorCode.CANCELLED, cancelled ? "the call was cancelled" : "the call timed out");
    }
  }
}
