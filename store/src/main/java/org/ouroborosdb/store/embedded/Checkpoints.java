package org.ouroborosdb.store.embedded;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.IoFailures;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.SegmentLog;

/**
 * Decides when the index is written to its file, and when commits that did not wait for the disk
 * are forced. Thread-safe.
 */
final class Checkpoints implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 100;

  /**
   * Events between checkpoints, which bound the pages that wait in memory, and what an open after a
   * kill replays: 5 us of CPU each.
   */
  private static final long SERVER_EVENTS = 100_000;

  private static final long SMALL_EVENTS = 2_500;

  private final OpenStore files;
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean forcing = new AtomicBoolean();
  private final @Nullable ScheduledThreadPoolExecutor interval;
  private volatile Position noted; // where the last checkpoint that succeeded lies
  private volatile Position lastEnd;
  private volatile long lastSeq;

  Checkpoints(OpenStore files) {
    this.files = files;
    this.noted = files.replayedFrom();
    this.lastEnd = noted;
    this.lastSeq = files.index().number("lastSeq");
    this.interval =
        files.options().durability() == Durability.INTERVAL && !files.options().readOnly()
            ? startInterval()
            : null;
  }

  /** Returns a timer whose thread ends when there is nothing to force. */
  private static ScheduledThreadPoolExecutor startInterval() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "ouroboros-interval");
              thread.setDaemon(true);
              return thread;
            });
    timer.setKeepAliveTime(INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    timer.allowCoreThreadTimeOut(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    return timer;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // force() keeps its failures to itself
  private void forceSoon() {
    if (interval != null && forcing.compareAndSet(false, true)) {
      try {
        interval.schedule(this::force, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        forcing.set(false); // the store is being closed, which forces everything
      }
    }
  }

  private void force() {
    forcing.set(false);
    try {
      files.log().settle();
    } catch (StoreException e) {
      // The log keeps the failure and gives it to the next who writes.
    }
  }

  /** Returns after how many events the index is written to its file. */
  static long mostEvents(Profile profile) {
    return profile == Profile.SMALL ? SMALL_EVENTS : SERVER_EVENTS;
  }

  /** Takes a checkpoint if enough has been written since the last. */
  void afterWrite() {
    forceSoon();
    Position end = files.log().end();
    Profile profile = files.options().profile();
    long bytes = bytesBetween(lastEnd, end);
    long events = files.index().lastSeq() - lastSeq;
    if ((bytes >= files.surroundings().checkpointBytes(profile) || events >= mostEvents(profile))
        && running.compareAndSet(false, true)) {
      try {
        take();
      } catch (StoreException e) {
        // What called this is committed already: the log keeps it whatever becomes of the index,
        // which the next snapshot heals. Another try comes after as much again.
        lastEnd = end;
        lastSeq = files.index().lastSeq();
      } finally {
        running.set(false);
      }
    }
  }

  private long bytesBetween(Position from, Position to) {
    int segmentBytes = files.surroundings().segmentBytes(files.options().profile());
    return (long) (to.place() - from.place()) * segmentBytes + to.offset() - from.offset();
  }

  /**
   * Refuses more log than an open may have to replay, if the index cannot be written.
   *
   * @throws StoreException what kept the checkpoint from being taken
   */
  void requireShortTail() {
    long most = files.options().profile().tailBytes();
    if (!files.indexFile().isPersistent() || bytesBetween(noted, files.log().end()) < most) {
      return;
    }
    take();
    if (bytesBetween(noted, files.log().end()) >= most) {
      throw new StoreException(
          ErrorCode.DISK_FULL,
          "the index cannot be written, and the log is "
              + most
              + " bytes ahead of it; free some space for the index");
    }
  }

  /** Takes a checkpoint: the log is forced first, then the index, then the note of both. */
  void take() {
    take(null);
  }

  /** Takes the last checkpoint before a close, which leaves a short index file. */
  void takeLast() {
    take(at -> files.compactIndexIfSparse(at, true));
  }

  /** Takes a checkpoint, and writes the index anew however little of its file is dead. */
  void compact(Cancellation cancellation, ProgressListener progress) {
    take(at -> files.compactIndex(at, cancellation, progress));
  }

  /** Takes a checkpoint though the log has not grown: the index has been moved. */
  void takeAnew() {
    noted = new Position(1, 0);
    take();
  }

  /** Writes the index anew, while nothing is appended and right after a checkpoint. */
  private interface Compaction {
    void run(SegmentLog.Checkpointable at) throws IOException;
  }

  private void take(@Nullable Compaction compaction) {
    files
        .log()
        .quiesced(
            at -> {
              lastEnd = at.end();
              lastSeq = at.lastSeq();
              try {
                if (files.keepIndexAgain(at)) {
                  noted = at.end();
                  return 0L;
                }
                if (!files.index().isPersistent()) {
                  return 0L;
                }
                if (!at.end().equals(noted)) {
                  files.requireSpace();
                  long length = files.index().checkpoint(at.end(), files.format().logId());
                  files.indexFile().note(length, at.lastSeq(), at.end());
                  noted = at.end();
                  files.compactIndexIfSparse(at, false);
                }
                if (compaction != null) {
                  compaction.run(at);
                }
                return files.index().fileBytes();
              } catch (IOException e) {
                throw IoFailures.translate("noting the checkpoint", e);
              }
            });
  }

  @Override
  public void close() {
    if (interval != null) {
      interval.shutdown();
    }
  }
}
