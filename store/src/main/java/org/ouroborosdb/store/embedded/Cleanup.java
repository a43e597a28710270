package org.ouroborosdb.store.embedded;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;

/**
 * Removes expired events from time to time, if the options ask for it: a thread that does nothing
 * but look at the first key of an index while nothing has expired. Ends with the store.
 */
final class Cleanup implements AutoCloseable {
  private final EmbeddedEventStore store;
  private final Cancellation cancellation = Cancellation.create();
  private final @Nullable ScheduledThreadPoolExecutor timer;

  @SuppressWarnings("FutureReturnValueIgnored") // run() keeps its failures to itself
  Cleanup(EmbeddedEventStore store) {
    this.store = store;
    long millis = store.options().cleanupMillis();
    if (millis == 0 || store.options().readOnly()) {
      timer = null;
      return;
    }
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "ouroboros-cleanup");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleWithFixedDelay(this::run, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      store.expire(cancellation, ProgressListener.NONE);
    } catch (StoreException e) {
      // A disk that fails, or a conflict, may be gone the next time; the store says the rest.
      if (e.code() == ErrorCode.CLOSED) {
        close();
      }
    }
  }

  @Override
  public void close() {
    cancellation.cancel();
    if (timer != null) {
      timer.shutdown(); // an interrupt would close the file that a commit writes to
    }
  }
}
