package org.ouroborosdb.store.verify;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.LogRecord;

/**
 * Checks records of chunks on all processors while the log is read on. One thread submits; it takes
 * a check itself when the others have enough, so that few records are in memory.
 */
final class ChunkChecks implements AutoCloseable {
  private final Consumer<LogRecord> check;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final ThreadPoolExecutor threads;

  ChunkChecks(int processors, Consumer<LogRecord> check) {
    this.check = check;
    int helpers = Math.max(1, processors - 1);
    threads =
        new ThreadPoolExecutor(
            helpers,
            helpers,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(helpers),
            work -> {
              Thread thread = new Thread(work, "ouroboros-verify");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** Takes a record, whose bytes are the caller's again when the call returns. */
  void submit(LogRecord record) {
    LogRecord copy =
        new LogRecord(
            record.position(),
            record.kind(),
            record.codec(),
            record.rawLength(),
            copy(record.name()),
            copy(record.payload()));
    threads.execute(
        () -> {
          try {
            check.accept(copy);
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        });
  }

  private static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }

  /** Waits for all checks; throws what one of them threw. */
  void finish() {
    threads.shutdown();
    try {
      while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
        // a record takes milliseconds; a slow machine is no failure
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(ErrorCode.CANCELLED, "the verification was interrupted", e);
    }
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
