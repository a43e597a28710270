package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.disk.Guard;

/** Reads one segment from a record's start to its end, batch by batch. For one thread. */
final class SegmentScan {
  private static final int BUFFER_BYTES = 1 << 20;

  /** First sequence number, count of records, end of what was forced when it was written. */
  private static final int COMMIT_PAYLOAD_BYTES = 2 * Long.BYTES + Integer.BYTES;

  /** What the first stores wrote: without the end of what was forced. */
  private static final int OLD_COMMIT_PAYLOAD_BYTES = Long.BYTES + Integer.BYTES;

  /** Greatest level, count of events. */
  private static final int FREED_PAYLOAD_BYTES = Long.BYTES + Integer.BYTES;

  private final Segment segment;
  private final long end;
  private final List<LogRecord> batch = new ArrayList<>();
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private long bufferStart;
  private long offset;
  private long committedEnd;
  private Position forced;
  private long numbers; // of the batch
  private boolean damaged;

  SegmentScan(Segment segment, long from, long end) {
    this.segment = segment;
    this.offset = from;
    this.committedEnd = from;
    this.forced = new Position(segment.number, from);
    this.end = end;
  }

  /** Returns up to where the log was forced for certain: the start, or what a COMMIT says. */
  Position forced() {
    return forced;
  }

  /** Returns the offset behind the last whole batch, or the last chunk outside of batches. */
  long committedEnd() {
    return committedEnd;
  }

  /**
   * Hands over everything up to the first bytes that are no record.
   *
   * @return the offset of those bytes; the end if there are none
   */
  long run(LogVisitor visitor, Cancellation cancellation) throws IOException {
    while (offset < end) {
      LogRecord record = next();
      if (record == null) {
        return offset;
      }
      cancellation.check();
      long recordEnd = offset + RecordFormat.length(record.kind(), record.payload().remaining());
      if (!take(record, recordEnd, visitor)) {
        return offset;
      }
      offset = recordEnd;
    }
    return offset;
  }

  /** Returns whether a payload can say what its kind does, so that its numbers can be read. */
  static boolean isOfItsKind(LogRecord record) {
    ByteBuffer payload = record.payload();
    int length = payload.remaining();
    return switch (record.kind()) {
      case COMMIT -> length == COMMIT_PAYLOAD_BYTES || length == OLD_COMMIT_PAYLOAD_BYTES;
      case FREED -> length == FREED_PAYLOAD_BYTES && payload.getInt(Long.BYTES) > 0;
      case CHUNK_GROUP -> GroupTable.isOf(record);
      case CHUNK, EVENT, TOMBSTONE -> true;
    };
  }

  private boolean take(LogRecord record, long recordEnd, LogVisitor visitor) {
    if (!isOfItsKind(record)) {
      return false;
    }
    switch (record.kind()) {
      case CHUNK, CHUNK_GROUP -> {
        visitor.chunk(record);
        if (batch.isEmpty()) {
          committedEnd = recordEnd;
        }
      }
      case EVENT, TOMBSTONE -> {
        batch.add(copy(record));
        numbers++;
      }
      case FREED -> {
        batch.add(copy(record));
        numbers += PlaceRecords.count(record);
      }
      case COMMIT -> {
        ByteBuffer payload = record.payload();
        boolean whole = payload.getInt(Long.BYTES) == numbers;
        if (!whole && !damaged) {
          return false;
        }
        damaged = false;
        long seq = payload.getLong(0);
        for (LogRecord member : batch) {
          long first = whole ? seq : 0;
          if (member.kind() == RecordKind.FREED) {
            long count = PlaceRecords.count(member);
            visitor.freed(member.position(), first, count, member.payload().getLong(0));
            seq += whole ? count : 0;
          } else {
            visitor.committed(member, first);
            seq += whole ? 1 : 0;
          }
        }
        numbers = 0;
        Position said = forcedAt(record);
        forced = said != null && said.compareTo(forced) > 0 ? said : forced;
        batch.clear();
        committedEnd = recordEnd;
        visitor.batchEnd(new Position(segment.number, recordEnd), seq - 1);
      }
    }
    return true;
  }

  static ByteBuffer commitPayload(long firstSeq, int count, long forced) {
    ByteBuffer payload = ByteBuffer.allocate(COMMIT_PAYLOAD_BYTES);
    return payload.putLong(firstSeq).putInt(count).putLong(forced).flip();
  }

  static ByteBuffer freedPayload(long count, long level) {
    return ByteBuffer.allocate(FREED_PAYLOAD_BYTES).putLong(level).putInt((int) count).flip();
  }

  /** Records of a batch wait for its COMMIT, while the buffer moves on. */
  private static LogRecord copy(LogRecord record) {
    ByteBuffer name = ByteBuffer.allocate(record.name().remaining()).put(record.name()).flip();
    ByteBuffer payload =
        ByteBuffer.allocate(record.payload().remaining()).put(record.payload()).flip();
    return new LogRecord(
        record.position(), record.kind(), record.codec(), record.rawLength(), name, payload);
  }

  private @Nullable LogRecord next() throws IOException {
    if (!fill(RecordFormat.HEADER_BYTES)) {
      return null;
    }
    int length = RecordFormat.announcedLength(at(RecordFormat.HEADER_BYTES));
    if (length < 0 || !fill(length)) {
      return null;
    }
    return RecordFormat.read(at(length), new Position(segment.number, offset));
  }

  /**
   * Returns whether bytes that are no record were once forced: then they are damage, not the torn
   * end of what was never acknowledged. A valid COMMIT behind them says so; one that was written
   * before they were forced may outlast them, since a power loss keeps what it likes.
   */
  boolean wasForced(long from) throws IOException {
    int header = RecordFormat.HEADER_BYTES;
    for (offset = from;
        Guard.FORCED_TAIL.isOn() && offset + header + OLD_COMMIT_PAYLOAD_BYTES <= end;
        offset++) {
      fill(header);
      ByteBuffer bytes = at(header);
      if (bytes.getInt(0) == RecordFormat.MAGIC && bytes.get(4) == RecordKind.COMMIT.number()) {
        LogRecord commit = next();
        if (commit != null) {
          Position said = forcedAt(commit);
          if (said == null || said.compareTo(new Position(segment.number, from)) > 0) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * Moves on to the next valid record behind bytes that are none, or to the end; the batch that
   * they lie in has members of unknown sequence numbers then.
   */
  long skipDamage() throws IOException {
    damaged = true;
    for (offset++; offset < end; offset++) {
      if (fill(RecordFormat.HEADER_BYTES)
          && at(RecordFormat.HEADER_BYTES).getInt(0) == RecordFormat.MAGIC
          && next() != null) {
        return offset;
      }
    }
    return offset;
  }

  /** Returns up to where a COMMIT says the log was forced; null if it does not, or cannot know. */
  private static @Nullable Position forcedAt(LogRecord commit) {
    ByteBuffer payload = commit.payload();
    if (payload.remaining() != COMMIT_PAYLOAD_BYTES) {
      return null;
    }
    long said = payload.getLong(Long.BYTES + Integer.BYTES);
    return said < 0 || said > commit.position().order() ? null : Position.ofLong(said);
  }

  private ByteBuffer at(int length) {
    int start = (int) (offset - bufferStart);
    return buffer.slice(start, length);
  }

  /** Makes the buffer hold {@code length} bytes from the offset; false if the file has less. */
  private boolean fill(int length) throws IOException {
    if (offset + length > end) {
      return false;
    }
    if (offset + length <= bufferStart + buffer.limit()) {
      return true; // the offset only grows
    }
    int want = (int) Math.min(end - offset, Math.max(length, BUFFER_BYTES));
    if (buffer.capacity() < want) {
      buffer = ByteBuffer.allocate(want);
    }
    buffer.clear().limit(want);
    segment.file.readFully(buffer, offset);
    buffer.flip();
    bufferStart = offset;
    return true;
  }
}
