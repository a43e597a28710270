package org.ouroborosdb.store.embedded;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.ReclaimReport;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.SegmentUse;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.index.ChunkMarks;
import org.ouroborosdb.store.segment.IoFailures;
import org.ouroborosdb.store.segment.Position;

/**
 * Frees the space of removed events and unused chunks, segment by segment. Thread-safe; one call
 * works at a time.
 *
 * <p>For each segment: what is dead is decided and leaves the index, so that nobody can come to
 * refer to it; the rest is copied beside; the copy gets its name; the index is moved to it; a
 * checkpoint notes that. Only then is the old file deleted, and only when nobody may read it.
 */
final class Reclaimer implements AutoCloseable {
  private static final long WAIT_MILLIS = 20;

  private final EmbeddedEventStore store;
  private final OpenStore files;
  private final Checkpoints checkpoints;
  private final ReentrantLock running = new ReentrantLock();

  /** Held for reading by whoever goes through all segments, for writing while one is replaced. */
  private final ReentrantReadWriteLock layout = new ReentrantReadWriteLock();

  private volatile boolean unnoted;
  private volatile long replacedAt;

  Reclaimer(EmbeddedEventStore store, OpenStore files, Checkpoints checkpoints) {
    this.store = store;
    this.files = files;
    this.checkpoints = checkpoints;
  }

  /** Returns what to hold while going through all segments. */
  ReentrantReadWriteLock.ReadLock reading() {
    return layout.readLock();
  }

  ReclaimReport run(ReclaimOptions options, Cancellation cancellation, ProgressListener progress) {
    running.lock();
    try {
      store.using(this::prepare);
      ChunkMarks marks = store.using(() -> new LiveBytes(files, cancellation).marks());
      List<Integer> places = store.using(() -> candidates(options, marks, cancellation));
      Pace pace =
          new Pace(
              options.bytesPerSecond(),
              cancellation,
              System::nanoTime,
              TimeUnit.NANOSECONDS::sleep);
      long total = store.using(() -> places.stream().mapToLong(files.log()::segmentBytes).sum());
      long done = 0;
      long freed = 0;
      int segments = 0;
      for (int place : places) {
        cancellation.check();
        long bytes = store.using(() -> files.log().segmentBytes(place));
        long less = new SegmentReclaim(this, options, marks, pace, cancellation).run(place);
        freed += Math.max(0, less);
        segments += less >= 0 ? 1 : 0;
        done += bytes;
        progress.progress(done, total);
      }
      int waiting = store.using(this::deleteReplaced);
      return new ReclaimReport(segments, freed, waiting);
    } finally {
      running.unlock();
    }
  }

  private boolean prepare() {
    files.groups().writeAll();
    deleteUnfinished();
    new LiveBytes(files, Cancellation.create()).purge();
    deleteReplaced();
    return true;
  }

  /** Returns the places of segments that seem to have enough dead in them, the worst first. */
  private List<Integer> candidates(
      ReclaimOptions options, ChunkMarks marks, Cancellation cancellation) {
    Map<Integer, Double> ratios = new HashMap<>();
    List<SegmentUse> uses = new LiveBytes(files, cancellation).segments(marks);
    for (SegmentUse use : uses) {
      SegmentInfo info = use.segment();
      boolean empty = !info.sealed() && info.bytes() < SegmentReclaim.LEAST_BYTES;
      boolean possible = info.generation() < Position.MAX_GENERATION;
      if (use.liveRatio() <= 1 - options.leastDead() && !empty && possible) {
        ratios.put(info.number(), use.liveRatio());
      }
    }
    SegmentInfo last = uses.get(uses.size() - 1).segment();
    if (ratios.containsKey(last.number())) {
      files.log().seal();
    }
    checkpoints.take();
    List<Integer> places = new ArrayList<>(ratios.keySet());
    places.sort(Comparator.comparingDouble(ratios::get));
    return places;
  }

  EmbeddedEventStore store() {
    return store;
  }

  OpenStore files() {
    return files;
  }

  /** Runs an action while nobody goes through all segments. */
  void exclusively(Cancellation cancellation, Runnable action) {
    try {
      while (!layout.writeLock().tryLock(WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
        cancellation.check();
        store.requireOpen();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw IoFailures.translate("waiting for readers of the segments", new IOException(e));
    }
    try {
      action.run();
    } finally {
      layout.writeLock().unlock();
    }
  }

  /** Notes that a segment has been replaced, and takes a checkpoint that says so. */
  void replaced() {
    unnoted = true;
    replacedAt = files.index().lastSeq();
    note();
  }

  private void note() {
    checkpoints.takeAnew();
    unnoted = false;
  }

  private void deleteUnfinished() {
    try {
      files.replacedSegments().deleteUnfinished();
    } catch (IOException e) {
      throw IoFailures.translate("deleting what an earlier call left", e);
    }
  }

  /** Deletes replaced files if nobody may read them; returns how many are left. */
  int deleteReplaced() {
    if (files.replacedSegments().count() == 0 || !layout.writeLock().tryLock()) {
      return files.replacedSegments().count();
    }
    try {
      if (unnoted) {
        note();
      }
      if (!files.mayReadReplaced(replacedAt)) {
        files.replacedSegments().delete();
      }
    } catch (IOException | StoreException e) {
      // They are in nobody's way, and the next call tries again.
    } finally {
      layout.writeLock().unlock();
    }
    return files.replacedSegments().count();
  }

  /** Waits for a call under way, which ends since the store is closed. */
  @Override
  public void close() {
    running.lock();
    try {
      assert running.isHeldByCurrentThread();
    } finally {
      running.unlock();
    }
  }
}
