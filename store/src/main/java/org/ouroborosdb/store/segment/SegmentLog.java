package org.ouroborosdb.store.segment;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.Guard;

/**
 * The append-only log over its segment files, with group commit. Thread-safe.
 *
 * <p>Committers append one after the other under {@code appendLock}. One of them then forces the
 * file under {@code forceLock} for all that was appended until then, and publishes their batches in
 * log order, while others append behind it. Locks are taken in the order force, append.
 */
public final class SegmentLog implements Closeable {

  /** How many bytes are written between two looks at the free space. */
  private static final long SPACE_CHECK_BYTES = 4 << 20;

  private final Disk disk;
  private final LogOptions options;
  private final SegmentFiles segments = new SegmentFiles();
  private final ReentrantLock appendLock = new BriefLock();
  private final ForceTurns forceLock;

  // Guarded by appendLock.
  private final Deque<Appended> unpublished = new ArrayDeque<>();
  private final ByteBuffer buffer;
  private long nextSeq;
  private long uncheckedBytes = SPACE_CHECK_BYTES;

  // Written under appendLock, read by readers: what is below is in the file.
  private volatile Segment current;
  private volatile long written;

  private final AtomicLong forced; // end position, as Position.toLong
  private volatile @Nullable StoreException broken;
  private final AtomicInteger resumes = new AtomicInteger();

  // Written under forceLock: where the last batch that was published ends.
  private volatile Checkpointable published;

  // Guarded by appendLock: the next segment's file may exist, so this one takes no more.
  private boolean mustRoll;
  private volatile boolean closed;

  private SegmentLog(Disk disk, LogOptions options, Recovery.Result recovered) {
    this.disk = disk;
    this.options = options;
    buffer = ByteBuffer.allocateDirect(options.bufferBytes());
    forceLock = new ForceTurns(options.durability() == Durability.COMMIT);
    recovered.segments().forEach(segments::add);
    recovered.obsolete().forEach(segments::obsolete);
    current = segments.last();
    written = recovered.end().offset();
    forced = new AtomicLong(recovered.end().order());
    nextSeq = recovered.lastSeq() + 1;
    broken = recovered.damage();
    published = new Checkpointable(recovered.end(), recovered.lastSeq());
  }

  /**
   * Opens the log and hands over everything from a position on.
   *
   * @param from where to start; null for the very beginning
   * @param lastSeq the sequence number of the last record before {@code from}
   * @throws StoreException {@link ErrorCode#CORRUPT} if acknowledged records are damaged or missing
   */
  public static SegmentLog open(
      Disk disk, LogOptions options, @Nullable Position from, long lastSeq, LogVisitor replay) {
    try {
      return new SegmentLog(disk, options, Recovery.run(disk, options, from, lastSeq, replay));
    } catch (IOException e) {
      throw IoFailures.translate("opening the log", e);
    }
  }

  /**
   * Appends chunks in one record outside of any batch, and tells the index of them before anything
   * else is appended, so that a checkpoint never lies between the two.
   *
   * @param table the chunks; one alone is written without a table
   * @param stored the stored form of all of them
   */
  public Position appendChunks(GroupTable table, byte codec, ByteBuffer stored, ChunkIndex index) {
    RecordKind kind = table.isGroup() ? RecordKind.CHUNK_GROUP : RecordKind.CHUNK;
    ByteBuffer lead = table.lead();
    int payloadLength = RecordFormat.payloadLength(kind, lead, stored);
    appendLock.lock();
    try {
      requireWritable(payloadLength);
      rollIfFull(RecordFormat.length(kind, payloadLength));
      Position position = append(kind, codec, table.rawLength(), lead, stored);
      table.locate(position, codec, stored.remaining(), index::add);
      return position;
    } catch (IOException e) {
      throw IoFailures.translate("storing a chunk", e);
    } finally {
      appendLock.unlock();
    }
  }

  /** Writes a batch, forces it as the durability asks, publishes it, and returns its last seq. */
  public long commit(Batch batch, boolean alone) {
    if (!alone) {
      return force(appended(batch));
    }
    // Everything before is published first, so that the batch sees it.
    forceLock.lock();
    try {
      appendLock.lock();
      try {
        publishAll();
        return force(appended(batch));
      } finally {
        appendLock.unlock();
      }
    } finally {
      forceLock.unlock();
    }
  }

  private Appended appended(Batch batch) {
    appendLock.lock();
    try {
      requireWritable(0);
      long firstSeq = nextSeq;
      List<Batch.Entry> records = batch.records(firstSeq);
      Position start = null;
      try {
        long bytes = 0;
        for (Batch.Entry entry : records) {
          bytes += RecordFormat.length(entry.kind(), entry.payload().remaining());
        }
        requireWritable(bytes);
        rollIfFull(bytes + RecordFormat.HEADER_BYTES * 2);
        start = end();
        List<Position> positions = new ArrayList<>(records.size());
        for (Batch.Entry entry : records) {
          int length = entry.payload().remaining();
          positions.add(append(entry.kind(), (byte) 0, length, entry.name(), entry.payload()));
        }
        ByteBuffer commit = SegmentScan.commitPayload(firstSeq, records.size(), forced.get());
        append(RecordKind.COMMIT, (byte) 0, commit.remaining(), ByteBuffer.allocate(0), commit);
        flush();
        nextSeq += records.size();
        Appended appended = new Appended(batch, positions, firstSeq, end());
        unpublished.add(appended);
        return appended;
      } catch (IOException e) {
        takeBack(start);
        batch.failed();
        throw IoFailures.translate("writing a transaction", e);
      } catch (StoreException e) {
        batch.failed();
        throw e;
      }
    } finally {
      appendLock.unlock();
    }
  }

  /** Drops what a failed write left of a batch; what was before it stays. */
  private void takeBack(@Nullable Position start) {
    if (start == null) {
      return; // the buffer holds chunks only, which the next write brings to the file
    }
    buffer.position((int) Math.max(0, start.offset() - written)); // keeps the chunks before it
    written = Math.min(written, start.offset());
    try {
      current.file.truncate(written);
    } catch (IOException e) {
      broken = IoFailures.translate("taking back a transaction that could not be written", e);
    }
  }

  private long force(Appended appended) {
    forceLock.settle(appended, this::forceAndPublish);
    StoreException failure = appended.failure();
    if (failure != null) {
      throw new StoreException(failure.code(), String.valueOf(failure.getMessage()), failure);
    }
    return appended.lastSeq();
  }

  /** Forces what is appended by now and publishes it. Needs forceLock. */
  private void forceAndPublish() {
    List<Appended> ready;
    Segment segment;
    long end;
    appendLock.lock();
    try {
      ready = new ArrayList<>(unpublished);
      unpublished.clear();
      segment = current;
      end = new Position(current.number, written).order(); // chunks in the buffer come later
    } finally {
      appendLock.unlock();
    }
    if (broken == null && options.durability() == Durability.COMMIT && end > forced.get()) {
      try {
        force(segment, end, "forcing a transaction to the disk");
      } catch (StoreException e) {
        // Each batch gets the failure below.
      }
    }
    StoreException failure = broken;
    for (Appended each : ready) {
      if (failure != null && each.end.order() > forced.get()) {
        each.fail(failure);
      } else {
        each.publish();
        published = new Checkpointable(each.end, each.lastSeq());
      }
    }
  }

  /**
   * Forces a segment whose file has everything below an end. After a failure nobody knows what
   * reached the disk, and forcing again would say nothing about it: the log takes no writes until
   * {@link #resume}.
   */
  private void force(Segment segment, long end, String doing) {
    try {
      if (Guard.COMMIT_FORCE.isOn()) {
        segment.file.force();
      }
      forced.accumulateAndGet(end, Math::max);
    } catch (IOException e) {
      StoreException failure = IoFailures.translate(doing, e);
      broken = failure;
      throw failure;
    }
  }

  /**
   * Takes writes again after a failure, if the disk does: writes anew what was published and not
   * forced, cuts off what came after it, and forces the file. Batches that were cut off have failed
   * already; chunks that were must be put again.
   *
   * @param forget is told from where on the chunks are gone
   * @throws StoreException what the disk says if it still fails; the log stays as it was
   */
  public void resume(Consumer<Position> forget) {
    forceLock.lock();
    appendLock.lock();
    try {
      publishAll();
      if (broken == null || closed || isDamaged()) {
        return;
      }
      Position start = new Position(current.number, Segment.HEADER_BYTES);
      Position from = later(Position.ofLong(forced.get()), start);
      Position end = later(published.end(), from);
      new Rewrite(current).run(from.offset(), end.offset());
      current.file.truncate(end.offset());
      current.file.force();
      disk.forceDirectory();
      buffer.clear();
      written = end.offset();
      nextSeq = published.lastSeq() + 1;
      forced.set(end.order());
      resumes.incrementAndGet();
      forget.accept(end);
      broken = null;
    } catch (IOException e) {
      throw IoFailures.translate("trying to write again after a failure", e);
    } finally {
      appendLock.unlock();
      forceLock.unlock();
    }
  }

  private static Position later(Position one, Position other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Returns how often chunks may have been lost to a {@link #resume}. */
  public int resumes() {
    return resumes.get();
  }

  /** Forces and publishes all batches that are in flight now; those that cannot be have failed. */
  public void publishPending() {
    forceLock.lock();
    try {
      forceAndPublish();
    } finally {
      forceLock.unlock();
    }
  }

  private void publishAll() {
    if (!unpublished.isEmpty()) {
      forceAndPublish();
    }
  }

  private void requireWritable(long bytes) {
    if (closed) {
      throw new StoreException(ErrorCode.CLOSED, "the store is closed");
    }
    if (broken != null) {
      throw new StoreException(
          broken.code(),
          (isDamaged()
                  ? "the store takes no writes since it is damaged: "
                  : "the store takes no writes until its disk does; each write tries it again: ")
              + broken.getMessage(),
          broken);
    }
    requireSpace(bytes);
  }

  private void requireSpace(long bytes) {
    uncheckedBytes += bytes;
    if (uncheckedBytes < SPACE_CHECK_BYTES) {
      return;
    }
    try {
      long usable = disk.usableBytes();
      if (usable - bytes < options.minFreeBytes()) {
        throw new StoreException(
            ErrorCode.DISK_FULL,
            "the disk has %d bytes left for %d, and minFreeBytes asks for %d; free some space"
                .formatted(usable, bytes, options.minFreeBytes()));
      }
      boolean near = usable - bytes < options.minFreeBytes() + SPACE_CHECK_BYTES;
      uncheckedBytes = near ? SPACE_CHECK_BYTES : 0;
    } catch (IOException e) {
      throw IoFailures.translate("asking for the free space", e);
    }
  }

  private void rollIfFull(long bytes) throws IOException {
    boolean fits =
        end().offset() + bytes <= options.segmentBytes() || end().offset() <= Segment.HEADER_BYTES;
    if (fits && !mustRoll) {
      return;
    }
    flush();
    // A segment is durable before the next one starts, so only the last one can be torn.
    force(current, end().order(), "forcing a full segment to the disk");
    mustRoll = true;
    Segment next = Segment.create(disk, current.place() + 1, options.storeId());
    mustRoll = false;
    segments.add(next);
    current = next;
    written = Segment.HEADER_BYTES;
    forced.accumulateAndGet(end().order(), Math::max);
  }

  // One appender at a time writes; the buffer is itself or a stand-in for one long record.
  @SuppressWarnings({"NonAtomicVolatileUpdate", "ReferenceEquality"})
  private Position append(
      RecordKind kind, byte codec, int rawLength, ByteBuffer lead, ByteBuffer payload)
      throws IOException {
    int length = RecordFormat.length(kind, RecordFormat.payloadLength(kind, lead, payload));
    if (length > buffer.remaining()) {
      flush();
    }
    Position position = end();
    ByteBuffer target = length > buffer.capacity() ? ByteBuffer.allocate(length) : buffer;
    int start = target.position();
    RecordFormat.write(target, position.segment(), kind, codec, rawLength, lead, payload);
    assert target.position() - start == length;
    if (target != buffer) {
      current.file.write(target.flip(), written);
      written += length;
    }
    return position;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one appender at a time flushes
  private void flush() throws IOException {
    if (buffer.position() == 0) {
      return;
    }
    int length = buffer.position();
    current.file.write(buffer.duplicate().flip(), written);
    buffer.clear();
    written += length;
  }

  /**
   * Reads the record at a position, and checks that it is what was written there.
   *
   * @throws StoreException {@link ErrorCode#CORRUPT} with segment and offset if it is not
   */
  public LogRecord read(Position position, RecordKind kind) {
    Segment segment = segments.ofNumber(position.segment());
    if (segment == null) {
      throw new StoreException(ErrorCode.CORRUPT, "segment " + position.place() + " is missing");
    }
    try {
      flushUpTo(position);
      return segment.read(position.offset(), kind);
    } catch (IOException e) {
      throw IoFailures.translate("reading segment " + position.place(), e);
    }
  }

  private void flushUpTo(Position position) throws IOException {
    if (position.segment() == current.number && position.offset() >= written) {
      appendLock.lock();
      try {
        flush();
      } finally {
        appendLock.unlock();
      }
    }
  }

  /** Makes everything appended durable, publishes it, and returns the end and the last seq. */
  public Checkpointable settle() {
    forceLock.lock();
    try {
      appendLock.lock();
      try {
        publishAll();
        if (broken != null) {
          throw broken;
        }
        flush();
        if (end().order() > forced.get()) {
          force(current, end().order(), "forcing the log to the disk");
        }
        return new Checkpointable(end(), nextSeq - 1);
      } catch (IOException e) {
        throw IoFailures.translate("writing the log to the disk", e);
      } finally {
        appendLock.unlock();
      }
    } finally {
      forceLock.unlock();
    }
  }

  /** A place where replay can start. */
  public record Checkpointable(Position end, long lastSeq) {}

  /** Runs an action while nothing is appended or published; used to take a checkpoint. */
  public <T> T quiesced(java.util.function.Function<Checkpointable, T> action) {
    forceLock.lock();
    try {
      appendLock.lock();
      try {
        return action.apply(settle());
      } finally {
        appendLock.unlock();
      }
    } finally {
      forceLock.unlock();
    }
  }

  /** Seals the last segment, so that it can be rewritten; does nothing if it is empty. */
  public void seal() {
    quiesced(
        at -> {
          try {
            mustRoll = at.end().offset() > Segment.HEADER_BYTES;
            rollIfFull(0);
            return at;
          } catch (IOException e) {
            throw IoFailures.translate("sealing a segment", e);
          }
        });
  }

  /** Returns the end of what is appended. Exact only while nothing is appended. */
  public Position end() {
    return new Position(current.number, written + buffer.position());
  }

  Position publishedEnd() {
    return published.end();
  }

  @Nullable Segment segment(int place) {
    return segments.at(place);
  }

  SegmentFiles files() {
    return segments;
  }

  Disk disk() {
    return disk;
  }

  WriterId id() {
    return options.storeId();
  }

  /** Returns the number of segments. */
  public int segmentCount() {
    return segments.count();
  }

  /** Returns the bytes of all segments. */
  public long bytes() {
    return infos().stream().mapToLong(SegmentInfo::bytes).sum();
  }

  /** Returns the segments in order; all but the last are sealed. */
  public List<SegmentInfo> infos() {
    List<SegmentInfo> infos = new ArrayList<>();
    Segment last = current;
    for (Segment segment : segments.all()) {
      try {
        long bytes = segment == last ? written : segment.file.size();
        infos.add(
            new SegmentInfo(
                segment.place(),
                Position.generationOf(segment.number),
                Segment.name(segment.number),
                bytes,
                segment != last));
      } catch (IOException e) {
        throw IoFailures.translate("measuring segment " + segment.place(), e);
      }
    }
    return infos;
  }

  /** Returns whether damage was met at the open, with which nothing may be written. */
  public boolean isDamaged() {
    StoreException why = broken;
    return why != null && why.code() == ErrorCode.CORRUPT;
  }

  /** Returns the length of a segment in bytes, what is not written yet included; 0 if missing. */
  public long segmentBytes(int place) {
    Segment segment = segments.at(place);
    try {
      if (place == current.place() && !isDamaged()) {
        return end().offset();
      }
      return segment == null ? 0 : segment.file.size();
    } catch (IOException e) {
      throw IoFailures.translate("measuring segment " + place, e);
    }
  }

  /** Returns why the log takes no writes; null while it takes them. */
  public @Nullable StoreException broken() {
    return broken;
  }

  /**
   * Reads all segments up to the present end.
   *
   * @param damage is told of bytes that are no record; the scan goes on behind them
   */
  public void scan(LogVisitor visitor, DamageListener damage, Cancellation cancellation) {
    // Behind what was published lies what a failed force left: nobody was told of it.
    Position end =
        broken == null ? settle().end() : later(published.end(), Position.ofLong(forced.get()));
    new LogScan(segments.all(), end, options.storeId()).run(visitor, damage, cancellation);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    Closeable files =
        () -> {
          closed = true;
          segments.close();
        };
    try (files) {
      if (broken == null) {
        settle();
      }
    } catch (IOException e) {
      throw IoFailures.translate("closing the segments", e);
    }
  }
}
