package org.ouroborosdb.store.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.ReclaimReport;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.SegmentUse;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StorageUse;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.ingest.ContentWriter;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.IoFailures;
import org.ouroborosdb.store.verify.StoreVerifier;

/**
 * An event store in a directory of this machine, or in memory. Thread-safe.
 *
 * <p>Calls that use the files hold the read side of a lock whose write side closing takes, so a
 * call under way ends before the files do.
 */
public final class EmbeddedEventStore implements EventStore {
  private final OpenStore files;
  private final ContentWriter writer;
  private final LevelClock clock;
  private final Set<String> inFlightRoots = ConcurrentHashMap.newKeySet();
  private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
  private final Checkpoints checkpoints;
  private final StorageSizes sizes;
  private final Cleanup cleanup;
  private final CommitSignal commits = new CommitSignal();
  private final Reclaimer reclaimer;
  private volatile boolean closed;

  private EmbeddedEventStore(OpenStore files) {
    this.files = files;
    this.writer = new ContentWriter(files.groups());
    this.clock = new LevelClock(files.surroundings().clock(), files.index().greatestLevel());
    this.checkpoints = new Checkpoints(files);
    this.sizes = new StorageSizes(files);
    this.reclaimer = new Reclaimer(this, files, checkpoints);
    this.cleanup = new Cleanup(this);
  }

  /**
   * Opens a store, recovering it from an unclean stop. One that is opened for reading only may have
   * a writer, in this process or another; it is seen as it is now until it is {@link
   * EventStore#refresh refreshed}.
   *
   * @throws StoreException {@link ErrorCode#STORE_NOT_FOUND}, {@link ErrorCode#UNKNOWN_FORMAT},
   *     {@link ErrorCode#LOCKED} naming the holder, {@link ErrorCode#CORRUPT}, or what the disk
   *     says
   */
  public static EventStore open(StoreOptions options) {
    return options.readOnly() && options.path() != null
        ? new ReadOnlyEventStore(options)
        : open(options, UnaryOperator.identity());
  }

  /** Opens a store over disks that tests make fail. */
  static EmbeddedEventStore open(StoreOptions options, UnaryOperator<Disk> seam) {
    return open(options, Surroundings.real(seam));
  }

  /** Opens a store in surroundings that tests make. */
  static EmbeddedEventStore open(StoreOptions options, Surroundings surroundings) {
    return new EmbeddedEventStore(OpenStore.open(options, surroundings));
  }

  @Override
  public WriterId id() {
    return files.format().storeId();
  }

  WriterId writerId() {
    return files.format().writerId();
  }

  StoreOptions options() {
    return files.options();
  }

  OpenStore files() {
    return files;
  }

  /** Returns what wakes those who wait for commits. */
  CommitSignal commits() {
    return commits;
  }

  EventIndex index() {
    return files.index();
  }

  Set<String> inFlightRoots() {
    return inFlightRoots;
  }

  byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    files.surroundings().random().get().nextBytes(bytes);
    return bytes;
  }

  long nextLevel(long parentLevel) {
    return clock.next(parentLevel);
  }

  IndexSnapshot newest() {
    while (true) {
      EventIndex index = files.index();
      IndexSnapshot snapshot = new IndexSnapshot(index, files.reads());
      if (index == files.index()) {
        return snapshot;
      }
      snapshot.close(); // a compact copy has just taken that index's place
    }
  }

  void requireOpen() {
    if (closed) {
      throw new StoreException(ErrorCode.CLOSED, "the store is closed");
    }
  }

  void requireWritable() {
    requireOpen();
    if (files.options().readOnly()) {
      throw new StoreException(ErrorCode.READ_ONLY, "the store was opened for reading only");
    }
    if (files.log().broken() != null) {
      files.resume();
    }
  }

  /** Checks a pending event's chunks again if the log may have lost some since it was appended. */
  void requireChunksStillThere(Event event) {
    if (files.log().resumes() > 0 || files.replacedSegments().anySinceOpen()) {
      Stream.of(Optional.ofNullable(event.metadata()), Optional.ofNullable(event.content()))
          .flatMap(Optional::stream)
          .forEach(content -> content.chunks().forEach(this::requireChunk));
    }
  }

  /** Keeps the chunks of a content that is about to be appended. */
  void hold(StoredContent content) {
    files.pins().hold(content);
  }

  boolean hasChunk(ChunkRef chunk) {
    // In this order: a chunk is in the index before it ceases to be pending.
    if (files.groups().isPending(chunk)) {
      return true;
    }
    ChunkLocation location = files.index().find(chunk.id());
    return location != null && location.rawLength() == chunk.length();
  }

  void requireChunk(ChunkRef chunk) {
    if (!hasChunk(chunk)) {
      throw new StoreException(
          ErrorCode.CHUNK_NOT_FOUND,
          "the content refers to a chunk this store does not hold: "
              + chunk.id()
              + "; put the content into this store first");
    }
  }

  /** Returns whether the log has not grown since it was opened for reading only. */
  boolean isCurrent() {
    try {
      return files.isCurrent();
    } catch (IOException e) {
      throw IoFailures.translate("looking at the end of the log", e);
    }
  }

  @Override
  public boolean isReadOnly() {
    return files.options().readOnly() || files.log().broken() != null;
  }

  @Override
  public Snapshot snapshot() {
    return current();
  }

  @Override
  public Transaction begin() {
    return new EmbeddedTransaction(this, current());
  }

  /** Returns the newest state, over a sound index. */
  private IndexSnapshot current() {
    requireOpen();
    if (isIndexLost()) {
      healIndex();
    }
    return newest(); // reads from the index alone until something is asked, so close need not wait
  }

  private boolean isIndexLost() {
    EventIndex index = files.index();
    return index.isDamaged() || index.isClosed();
  }

  private void healIndex() {
    closing.writeLock().lock();
    try {
      requireOpen();
      if (isIndexLost()) {
        files.healIndex();
      }
    } finally {
      closing.writeLock().unlock();
    }
  }

  long commit(EventBatch batch) {
    return writing(
        () -> {
          files.groups().write(batch.chunks());
          return commitOnceTitlesAreKnown(batch);
        });
  }

  /** Runs what appends to the log, and takes a checkpoint when one is due. */
  <T> T writing(Supplier<T> work) {
    return using(
        () -> {
          requireWritable();
          checkpoints.requireShortTail();
          T result = work.get();
          checkpoints.afterWrite();
          return result;
        });
  }

  private long commitOnceTitlesAreKnown(EventBatch batch) {
    while (true) {
      try {
        return files.log().commit(batch, batch.standsAlone());
      } catch (TitleInFlightException e) {
        files.log().publishPending();
      }
    }
  }

  @Override
  public StoredContent put(
      InputStream bytes, Cancellation cancellation, ProgressListener progress) {
    requireWritable();
    ProgressListener growing =
        (done, total) -> {
          afterSomeBytes();
          progress.progress(done, total);
        };
    StoredContent content = writer.put(bytes, cancellation, growing);
    using(checkpoints::afterWrite);
    return content;
  }

  /** Keeps the log's tail short while a long content goes into it. */
  private void afterSomeBytes() {
    using(
        () -> {
          checkpoints.requireShortTail();
          checkpoints.afterWrite();
        });
  }

  @Override
  public StoredContent put(byte[] bytes) {
    return using(
        () -> {
          requireWritable();
          checkpoints.requireShortTail();
          return writer.put(bytes);
        });
  }

  @Override
  public Statistics statistics() {
    return using(
        () -> {
          writePending();
          long[] counters = files.index().counters();
          return new Statistics(
              counters[0],
              counters[1],
              counters[2],
              counters[3],
              counters[4],
              counters[5],
              files.log().segmentCount(),
              files.log().bytes(),
              files.index().fileBytes());
        });
  }

  @Override
  public List<StorageUse> storage(Cancellation cancellation, ProgressListener progress) {
    return readingLog(snapshot -> sizes.count(snapshot, cancellation, progress));
  }

  /** Runs an action that uses the files, while they cannot be closed. */
  <T> T using(Supplier<T> action) {
    closing.readLock().lock();
    try {
      requireOpen();
      return action.get();
    } finally {
      closing.readLock().unlock();
    }
  }

  private void using(Runnable action) {
    using(
        () -> {
          action.run();
          return true;
        });
  }

  @Override
  public ReclaimReport reclaim(
      ReclaimOptions options, Cancellation cancellation, ProgressListener progress) {
    requireWritable();
    return reclaimer.run(options, cancellation, progress);
  }

  @Override
  public List<SegmentInfo> segments() {
    return using(files.log()::infos);
  }

  @Override
  public List<SegmentUse> segmentUse(Cancellation cancellation) {
    return using(
        () -> {
          writePending();
          return new LiveBytes(files, cancellation).segments();
        });
  }

  /** Brings what was put into the log, so that it is counted and verified. */
  private void writePending() {
    if (!isReadOnly()) {
      try {
        files.groups().writeAll();
      } catch (StoreException e) {
        if (e.code() != ErrorCode.DISK_FULL && e.code() != ErrorCode.IO_FAILED) {
          throw e;
        } // else it stays pending: a disk that takes no writes is read all the same
      }
    }
  }

  @Override
  public VerifyReport verify(
      VerifyDepth depth, Cancellation cancellation, ProgressListener progress) {
    return readingLog(
        snapshot ->
            new StoreVerifier(files.log(), files.index(), snapshot, depth, cancellation, progress)
                .run());
  }

  /** Runs what reads the whole log, with all that was put in it, while no segment is replaced. */
  private <T> T readingLog(Function<IndexSnapshot, T> action) {
    return using(
        () -> {
          writePending();
          reclaimer.reading().lock();
          try (IndexSnapshot snapshot = newest()) {
            return action.apply(snapshot);
          } finally {
            reclaimer.reading().unlock();
          }
        });
  }

  @Override
  public void rebuildIndex(Cancellation cancellation, ProgressListener progress) {
    closing.writeLock().lock();
    try {
      requireWritable();
      files.rebuildIndex(cancellation, progress);
    } finally {
      closing.writeLock().unlock();
    }
  }

  @Override
  public void checkpoint() {
    using(
        () -> {
          requireWritable();
          files.groups().writeAll();
          checkpoints.take();
          reclaimer.deleteReplaced();
        });
  }

  @Override
  public long compact(Cancellation cancellation, ProgressListener progress) {
    return using(
        () -> {
          requireWritable();
          files.groups().writeAll();
          long before = files.index().fileBytes();
          checkpoints.compact(cancellation, progress);
          return Math.max(0, before - files.index().fileBytes());
        });
  }

  @Override
  public long expire(Cancellation cancellation, ProgressListener progress) {
    requireWritable();
    return new Expiry(this, cancellation, progress).run(files.surroundings().clock().instant());
  }

  @Override
  public void close() {
    @Nullable StoreException failure = null;
    synchronized (writer) {
      if (closed) {
        return;
      }
      closed = true;
    }
    cleanup.close();
    commits.signal();
    reclaimer.close();
    checkpoints.close();
    writer.close();
    closing.writeLock().lock();
    try {
      if (!files.options().readOnly() && !files.log().isDamaged()) {
        files.resume();
        files.groups().writeAll();
        checkpoints.takeLast();
        reclaimer.deleteReplaced();
      }
    } catch (StoreException e) {
      failure = e; // what is acknowledged is in the log: the next open replays it
    } finally {
      files.close();
      closing.writeLock().unlock();
    }
    if (failure != null && failure.code() != ErrorCode.DISK_FULL) {
      throw failure;
    }
  }
}
