package org.ouroborosdb.store.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.CopyOnWriteDisk;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.disk.RealDisk;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexFile;
import org.ouroborosdb.store.index.LogReads;
import org.ouroborosdb.store.index.SegmentMoves;
import org.ouroborosdb.store.ingest.ChunkGroups;
import org.ouroborosdb.store.ingest.ChunkReader;
import org.ouroborosdb.store.ingest.ContentPins;
import org.ouroborosdb.store.ingest.StoredContentReader;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.IoFailures;
import org.ouroborosdb.store.segment.LogFiles;
import org.ouroborosdb.store.segment.LogOptions;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;
import org.ouroborosdb.store.segment.ReplacedSegments;
import org.ouroborosdb.store.segment.SegmentLog;
import org.ouroborosdb.store.verify.EventRecords;

/** The lock, the log and the index of a store while it is open, opened and closed in order. */
final class OpenStore implements LogReads, AutoCloseable {
  private static final Position START = new Position(1, 0);

  /** An index file is written anew when it is longer than this many times what lives in it. */
  private static final long MOST_FILE_FOR_LIVE = 3;

  /** At close so much is copied, in a quarter of a second, if a fifth of the file is gained. */
  private static final long MOST_COPIED_AT_CLOSE = 16 << 20;

  private final StoreOptions options;
  private final Surroundings surroundings;
  private final @Nullable Path directory;
  private final @Nullable Closeable claim;
  private final Disk disk;
  private final IndexPlace indexPlace;
  private final FormatFile format;
  private final IndexFile indexFile;
  private final List<EventIndex> replaced = new CopyOnWriteArrayList<>();
  private final AtomicReference<EventIndex> index =
      new AtomicReference<>(); // set before the constructor ends
  private final SegmentLog log;
  private final long pageCache;
  private final @Nullable Position notedEnd;
  private final @Nullable Position seenEnd;
  private volatile boolean unusedIndexes;
  private volatile Position replayedFrom = START;
  private final ChunkGroups groups;
  private final ChunkReader chunkReader;
  private final ReplacedSegments replacedSegments;
  private final AtomicInteger indexBuilds = new AtomicInteger();

  /**
   * Opens the files of a store.
   *
   * @param surroundings the disks, the clock and the randomness to use
   */
  static OpenStore open(StoreOptions options, Surroundings surroundings) {
    try {
      Path directory = options.path() == null ? null : StoreDirectory.find(options.path(), options);
      StoreClaim claim = directory == null ? null : StoreClaim.take(directory, options);
      try {
        return new OpenStore(options, directory, claim, surroundings);
      } catch (IOException | RuntimeException | Error e) {
        if (claim != null) {
          claim.giveUp(e);
        }
        throw e;
      }
    } catch (IOException e) {
      throw IoFailures.translate("opening the database", e);
    }
  }

  private OpenStore(
      StoreOptions options,
      @Nullable Path directory,
      @Nullable Closeable claim,
      Surroundings surroundings)
      throws IOException {
    this.options = options;
    this.surroundings = surroundings;
    this.directory = directory;
    this.claim = claim;
    this.disk = covered(directory == null ? new MemoryDisk() : new RealDisk(directory));
    this.format =
        FormatFile.openOrCreate(
            disk, options.create(), options.readOnly(), surroundings.random().get());
    this.indexPlace = IndexPlace.of(options, disk, this::covered);
    this.indexFile = indexPlace.file(format.storeId());
    this.pageCache = options.cacheBytes() / 2;
    IndexFile.Noted noted = indexFile.noted();
    this.notedEnd =
        noted == null ? null : noted.end(); // before an unusable index is put away with its note
    this.seenEnd = LogFiles.endOfFiles(disk);
    EventIndex opened = indexFile.open(format.logId(), pageCache);
    this.log = opened == null ? openLog(emptyIndex()) : openLogOrRebuild(opened);
    this.replacedSegments = new ReplacedSegments(log);
    this.groups = new ChunkGroups(log, chunks(), options.profile().groupBytes());
    this.chunkReader = new ChunkReader(log, chunks(), groups, options.cacheBytes() - pageCache);
    if (opened != null) {
      if (directory != null && !options.readOnly()) {
        ReaderRegistration.anyLive(directory); // clears what readers that were killed have left
      }
      unusedIndexes = indexFile.hasUnused();
      deleteUnusedIndexes();
    }
    if (!options.readOnly()) {
      replacedSegments.deleteUnfinished();
      if (!isRead()) {
        replacedSegments.delete();
      }
    }
  }

  private boolean isRead() {
    return directory != null && ReaderRegistration.anyLive(directory);
  }

  /** Returns whether anybody may read segments that were replaced when a state was the newest. */
  boolean mayReadReplaced(long seq) {
    closeReplaced();
    return !replaced.isEmpty() || SegmentMoves.oldestSnapshot(index()) <= seq || isRead();
  }

  ReplacedSegments replacedSegments() {
    return replacedSegments;
  }

  /** Returns how often the index was built anew from the log since the open. */
  int indexBuilds() {
    return indexBuilds.get();
  }

  /** Returns what keeps chunks from being freed before an event refers to them. */
  ContentPins pins() {
    return groups.pins();
  }

  /** Returns the disk to use: all that a reader writes, a torn tail cut off too, is in memory. */
  private Disk covered(Disk real) {
    Disk seen = surroundings.disks().apply(real);
    return options.readOnly() ? new CopyOnWriteDisk(seen) : seen;
  }

  private SegmentLog openLogOrRebuild(EventIndex opened) throws IOException {
    try {
      return openLog(opened);
    } catch (StoreException e) {
      if (!opened.isDamaged()) {
        throw e;
      }
      return openLog(emptyIndex());
    }
  }

  private SegmentLog openLog(EventIndex opened) throws IOException {
    index.set(opened);
    try {
      long position = opened.number("position");
      if (position != 0) {
        requireSegmentsOf(opened);
      }
      replayedFrom = position == 0 ? START : Position.ofLong(position);
      SegmentLog found =
          SegmentLog.open(
              disk,
              logOptions(SegmentMoves.generations(opened)),
              position == 0 ? null : replayedFrom,
              opened.lastSeq(),
              replay(opened));
      new SegmentMoves(opened).setGenerations(LogFiles.generations(found));
      return found;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  /** Makes the index be built anew if it stands for other segments than there are. */
  private void requireSegmentsOf(EventIndex opened) throws IOException {
    if (SegmentMoves.isHalfDone(opened)
        || !LogFiles.holds(disk, SegmentMoves.generations(opened))) {
      opened.markDamaged();
      throw new StoreException(ErrorCode.CORRUPT, "the index is of segments that were replaced");
    }
  }

  private Replay replay(EventIndex target) {
    return new Replay(target, this, Checkpoints.mostEvents(options.profile()));
  }

  private EventIndex emptyIndex() throws IOException {
    EventIndex empty = indexFile.create(pageCache);
    unusedIndexes = indexFile.hasUnused();
    deleteUnusedIndexes();
    return empty;
  }

  private EventIndex memoryIndex() throws IOException {
    return new IndexFile(new MemoryDisk()).create(pageCache);
  }

  private LogOptions logOptions(Map<Integer, Integer> generations) {
    return new LogOptions(
        format.logId(),
        surroundings.segmentBytes(options.profile()),
        options.durability(),
        options.minFreeBytes(),
        notedEnd,
        generations);
  }

  /** Makes the log take writes again after a failure, if its disk does. */
  void resume() {
    log.resume(end -> index().forgetChunksFrom(end));
  }

  /**
   * Builds a new index beside the old one and puts it in its place. Snapshots of the old one stay
   * readable.
   */
  void rebuildIndex(Cancellation cancellation, ProgressListener progress) {
    long total = log.bytes();
    try {
      replacedSegments.deleteUnfinished();
      EventIndex next = indexFile.createNext(pageCache);
      long length;
      SegmentLog.Checkpointable at;
      try {
        fill(
            new Counted(
                replay(next), total, surroundings.segmentBytes(options.profile()), progress),
            cancellation);
        new SegmentMoves(next).setGenerations(LogFiles.generations(log));
        indexBuilds.incrementAndGet();
        at = log.settle();
        length = next.checkpoint(at.end(), format.logId());
      } catch (RuntimeException e) {
        next.close();
        unusedIndexes = true;
        throw e;
      }
      EventIndex old = index();
      try {
        indexFile.replace(length, at.lastSeq(), at.end());
      } catch (IOException | RuntimeException e) {
        next.close();
        old.loseFile(e); // nobody knows which file is noted: the next checkpoint writes another
        throw e;
      }
      next.serve();
      index.set(next);
      replaced.add(old);
      unusedIndexes = true;
      closeReplaced();
    } catch (IOException e) {
      throw IoFailures.translate("rebuilding the index", e);
    }
  }

  /**
   * Writes the index anew where most of its file is dead, while nothing is appended and right after
   * a checkpoint. Snapshots of the old file stay readable.
   *
   * @param closing whether this is the last checkpoint, when less must be dead
   */
  void compactIndexIfSparse(SegmentLog.Checkpointable at, boolean closing) throws IOException {
    closeReplaced();
    EventIndex old = index();
    long live = old.liveBytes();
    long most =
        closing && live <= MOST_COPIED_AT_CLOSE ? live + live / 4 : live * MOST_FILE_FOR_LIVE;
    if (old.fileBytes() < Math.max(surroundings.leastBytesToCompact(), most)
        || indexFile.usableBytes() < live * MOST_FILE_FOR_LIVE + options.minFreeBytes()) {
      return;
    }
    long length;
    try {
      length = indexFile.copyNext(old);
    } catch (IOException | StoreException e) {
      indexFile.deleteNext(); // the old file serves on, and the next checkpoint tries again
      return;
    }
    replaceByCopy(at, length);
  }

  /** Writes the index anew, under the conditions of {@link #compactIndexIfSparse}. */
  void compactIndex(
      SegmentLog.Checkpointable at, Cancellation cancellation, ProgressListener progress)
      throws IOException {
    closeReplaced();
    EventIndex old = index();
    long needed = old.liveBytes() + options.minFreeBytes();
    if (indexFile.usableBytes() < needed) {
      throw new StoreException(
          ErrorCode.DISK_FULL,
          "a compact copy of the index needs " + needed + " bytes of free space; free some");
    }
    old.prepareCopy(at.end(), format.logId());
    long length;
    try {
      length = indexFile.copyNext(old, cancellation, progress);
    } catch (IOException | StoreException e) {
      indexFile.deleteNext();
      throw e;
    }
    replaceByCopy(at, length);
  }

  private void replaceByCopy(SegmentLog.Checkpointable at, long length) throws IOException {
    EventIndex old = index();
    try {
      index.set(indexFile.replaceByCopy(length, at.lastSeq(), at.end(), pageCache));
      replaced.add(old);
      unusedIndexes = true;
      closeReplaced();
    } catch (IOException | RuntimeException e) {
      old.loseFile(e); // nobody knows which file is noted: the next checkpoint writes another
      throw e;
    }
  }

  /** Writes the index to a new file if a failing disk has parted it from its own. */
  boolean keepIndexAgain(SegmentLog.Checkpointable at) throws IOException {
    if (options.readOnly() || !indexFile.isPersistent()) {
      return false;
    }
    if (!index().isPersistent()) {
      rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      return true;
    }
    if (!index().hasLostFile()) {
      return false;
    }
    index().prepareCopy(at.end(), format.logId());
    replaceByCopy(at, indexFile.copyNext(index()));
    return true;
  }

  private void closeReplaced() {
    List<EventIndex> idle = replaced.stream().filter(old -> old.openSnapshots() == 0).toList();
    idle.forEach(EventIndex::close);
    replaced.removeAll(idle);
    deleteUnusedIndexes();
  }

  /** Deletes replaced index files once nobody, here or in another process, may read them. */
  private void deleteUnusedIndexes() {
    if (unusedIndexes
        && replaced.isEmpty()
        && !options.readOnly()
        && (directory == null || !ReaderRegistration.anyLive(directory))) {
      try {
        indexFile.deleteUnused();
        unusedIndexes = false;
      } catch (IOException e) {
        unusedIndexes = true; // they are in nobody's way, and the next checkpoint tries again
      }
    }
  }

  /** Returns whether the log has not grown since a reader opened it. */
  boolean isCurrent() throws IOException {
    if (directory == null || seenEnd == null || !seenEnd.equals(log.end())) {
      return false;
    }
    try (Disk now = surroundings.disks().apply(new RealDisk(directory))) {
      return seenEnd.equals(LogFiles.endOfFiles(now));
    }
  }

  /** Replaces an index that was found damaged, or that a failed write closed. */
  void healIndex() {
    if (!options.readOnly() && log.broken() == null) {
      try {
        rebuildIndex(Cancellation.create(), ProgressListener.NONE);
        return;
      } catch (StoreException e) {
        if (e.code() == ErrorCode.CORRUPT) {
          throw e;
        }
      }
    }
    // The disk takes no writes: reading goes on over an index in memory, until the next open.
    try {
      EventIndex next = memoryIndex();
      fill(replay(next), Cancellation.create());
      new SegmentMoves(next).setGenerations(LogFiles.generations(log));
      indexBuilds.incrementAndGet();
      replaced.add(index());
      index.set(next);
    } catch (IOException e) {
      throw IoFailures.translate("rebuilding the index in memory", e);
    }
  }

  private void fill(LogVisitor replay, Cancellation cancellation) {
    log.scan(
        replay,
        (segment, offset, next, what) -> {
          throw new StoreException(
              ErrorCode.CORRUPT,
              "segment " + segment + " is damaged at offset " + offset + ": " + what);
        },
        cancellation);
  }

  /** Tells how many bytes have been replayed. */
  private record Counted(
      LogVisitor visitor, long total, long segmentBytes, ProgressListener progress)
      implements LogVisitor {
    @Override
    public void chunk(LogRecord record) {
      visitor.chunk(record);
    }

    @Override
    public void committed(LogRecord record, long seq) {
      visitor.committed(record, seq);
    }

    @Override
    public void freed(Position at, long firstSeq, long count, long level) {
      visitor.freed(at, firstSeq, count, level);
    }

    @Override
    public void batchEnd(Position end, long lastSeq) {
      visitor.batchEnd(end, lastSeq);
      long before = (end.place() - 1L) * segmentBytes;
      progress.progress(Math.min(total, before + end.offset()), total);
    }
  }

  /** Refuses to start what a full disk would leave half done. */
  void requireSpace() throws IOException {
    long usable = indexFile.usableBytes();
    if (usable < options.minFreeBytes() / 2) {
      throw new StoreException(
          ErrorCode.DISK_FULL,
          "the disk has " + usable + " bytes left, too few to write the index; free some space");
    }
  }

  StoreOptions options() {
    return options;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  Disk disk() {
    return disk;
  }

  FormatFile format() {
    return format;
  }

  SegmentLog log() {
    return log;
  }

  EventIndex index() {
    return Objects.requireNonNull(index.get());
  }

  IndexFile indexFile() {
    return indexFile;
  }

  /** Returns where the last checkpoint before this open lies. */
  Position replayedFrom() {
    return replayedFrom;
  }

  LogReads reads() {
    return this;
  }

  /** Returns what reads chunks and verifies them. */
  ChunkReader chunkReader() {
    return chunkReader;
  }

  /** Returns the groups that new chunks go into. */
  ChunkGroups groups() {
    return groups;
  }

  /** Returns the chunks of whichever index is in place. */
  ChunkIndex chunks() {
    return new ChunkIndex() {
      @Override
      public @Nullable ChunkLocation find(ChunkId id) {
        return index().find(id);
      }

      @Override
      public void add(ChunkId id, ChunkLocation location) {
        index().add(id, location);
      }
    };
  }

  @Override
  public Event event(Position position) {
    return EventRecords.event(log.read(position, RecordKind.EVENT));
  }

  @Override
  public Content content(StoredContent content, Runnable requireOpen) {
    return new StoredContentReader(chunkReader, content, requireOpen);
  }

  @Override
  public void close() {
    try (claim;
        disk;
        indexPlace) {
      try {
        log.close();
      } finally {
        replaced.forEach(EventIndex::close);
        replaced.clear();
        index().close();
      }
    } catch (IOException e) {
      throw IoFailures.translate("closing the database", e);
    }
  }
}
