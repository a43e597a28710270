package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;

/** Writes the records of a segment that is to stand in another's place. For one thread. */
final class SegmentWriter implements LogVisitor {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Segment segment;
  private final SegmentRewrite.Needed needed;
  private final LongConsumer paced;
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long written;

  // Numbers of events that were dropped, and are still to be accounted for.
  private long freedFirst;
  private long freedCount;
  private long freedLevel;

  // The batch that is being written.
  private long batchFirst;
  private long batchCount;
  private boolean anyLive;

  SegmentWriter(Segment segment, SegmentRewrite.Needed needed, LongConsumer paced) {
    this.segment = segment;
    this.needed = needed;
    this.paced = paced;
  }

  @Override
  public void chunk(LogRecord record) {
    SegmentRewrite.Chunks live = needed.chunks(record);
    if (live != null) {
      chunks(live);
    }
  }

  void chunks(SegmentRewrite.Chunks live) {
    RecordKind kind = live.table().isGroup() ? RecordKind.CHUNK_GROUP : RecordKind.CHUNK;
    record(kind, live.codec(), live.table().rawLength(), live.table().lead(), live.stored());
  }

  @Override
  public void committed(LogRecord record, long seq) {
    if (record.kind() == RecordKind.EVENT && !needed.event(record, seq)) {
      free(seq, 1, needed.levelOf(record));
      return;
    }
    account();
    batchFirst = batchCount == 0 ? seq : batchFirst;
    batchCount++;
    anyLive = true;
    record(record.kind(), (byte) 0, record.rawLength(), record.name(), record.payload());
  }

  @Override
  public void freed(Position at, long firstSeq, long count, long level) {
    free(firstSeq, count, level);
  }

  private void free(long seq, long count, long level) {
    freedFirst = freedCount == 0 ? seq : freedFirst;
    freedCount += count;
    freedLevel = Math.max(freedLevel, level);
  }

  /** Writes a record that stands for the numbers of dropped events. */
  private void account() {
    if (freedCount == 0) {
      return;
    }
    batchFirst = batchCount == 0 ? freedFirst : batchFirst;
    batchCount += freedCount;
    ByteBuffer payload = SegmentScan.freedPayload(freedCount, freedLevel);
    record(RecordKind.FREED, (byte) 0, payload.remaining(), ByteBuffer.allocate(0), payload);
    freedCount = 0;
    freedLevel = 0;
  }

  @Override
  public void batchEnd(Position end, long lastSeq) {
    if (anyLive) {
      account();
      commit();
    }
  }

  private void commit() {
    if (batchCount > Integer.MAX_VALUE) {
      throw new StoreException(ErrorCode.LIMIT_EXCEEDED, batchCount + " events in a batch");
    }
    long end = new Position(segment.number, written + buffer.position()).order();
    ByteBuffer commit = SegmentScan.commitPayload(batchFirst, (int) batchCount, end);
    record(RecordKind.COMMIT, (byte) 0, commit.remaining(), ByteBuffer.allocate(0), commit);
    batchCount = 0;
    anyLive = false;
  }

  void finish() throws IOException {
    if (freedCount > 0) {
      account();
      commit();
    }
    flush();
  }

  private void record(
      RecordKind kind, byte codec, int rawLength, ByteBuffer lead, ByteBuffer payload) {
    int length = RecordFormat.length(kind, RecordFormat.payloadLength(kind, lead, payload));
    try {
      if (length > buffer.remaining()) {
        flush();
      }
      if (length > buffer.capacity()) {
        buffer = ByteBuffer.allocate(length);
      }
    } catch (IOException e) {
      throw IoFailures.translate("rewriting a segment", e);
    }
    RecordFormat.write(buffer, segment.number, kind, codec, rawLength, lead, payload);
  }

  void write(ByteBuffer bytes) throws IOException {
    paced.accept(bytes.remaining());
    int length = bytes.remaining();
    segment.file.write(bytes, written);
    written += length;
  }

  private void flush() throws IOException {
    buffer.flip();
    if (buffer.hasRemaining()) {
      write(buffer);
    }
    buffer.clear();
  }
}
