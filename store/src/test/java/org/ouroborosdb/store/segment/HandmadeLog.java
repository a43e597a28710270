package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;
import org.ouroborosdb.store.disk.MemoryDisk;

/** Segments written record by record, whole or not, and the logs that are opened over them. */
final class HandmadeLog {
  static final WriterId ID = new WriterId(1, 2);
  static final int SEGMENT_BYTES = 4 << 20;
  static final ByteBuffer NO_NAME = ByteBuffer.allocate(0);

  final Disk disk;
  private int number = 1;
  private long end;
  private long batchStart;

  HandmadeLog() throws IOException {
    this(new MemoryDisk());
  }

  HandmadeLog(Disk disk) throws IOException {
    this.disk = disk;
    segment(1);
  }

  /** Starts a segment, to which what follows is appended. */
  HandmadeLog segment(int next) throws IOException {
    number = next;
    end = 0;
    batchStart = Segment.HEADER_BYTES;
    return bytes(Segment.header(next, ID));
  }

  /** Appends bytes, whatever they are. */
  HandmadeLog bytes(ByteBuffer bytes) throws IOException {
    try (DiskFile file = disk.open(Segment.name(number), true)) {
      int length = bytes.remaining();
      file.write(bytes.duplicate(), end);
      end += length;
    }
    return this;
  }

  HandmadeLog bytes(byte... bytes) throws IOException {
    return bytes(ByteBuffer.wrap(bytes));
  }

  HandmadeLog record(RecordKind kind, ByteBuffer name, ByteBuffer payload) throws IOException {
    int length = RecordFormat.payloadLength(kind, name, payload);
    ByteBuffer record = ByteBuffer.allocate(RecordFormat.length(kind, length));
    RecordFormat.write(record, number, kind, (byte) 0, payload.remaining(), name, payload);
    return bytes(record.flip());
  }

  static ByteBuffer name(int name) {
    return ByteBuffer.allocate(EventId.BYTES).putInt(0, name);
  }

  HandmadeLog event(int name, int bytes) throws IOException {
    return record(RecordKind.EVENT, name(name), ByteBuffer.allocate(bytes));
  }

  HandmadeLog chunk(int name, int bytes) throws IOException {
    return record(RecordKind.CHUNK, name(name), ByteBuffer.allocate(bytes));
  }

  /** Appends a COMMIT that says the log is forced up to the end of the batch before. */
  HandmadeLog commit(long firstSeq, int count) throws IOException {
    commit(firstSeq, count, new Position(number, batchStart).order());
    batchStart = end;
    return this;
  }

  HandmadeLog commit(long firstSeq, int count, long forced) throws IOException {
    return record(RecordKind.COMMIT, NO_NAME, SegmentScan.commitPayload(firstSeq, count, forced));
  }

  /** Appends a COMMIT as the first stores wrote it. */
  HandmadeLog oldCommit(long firstSeq, int count) throws IOException {
    return record(
        RecordKind.COMMIT,
        NO_NAME,
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(firstSeq).putInt(count).flip());
  }

  /** Overwrites a byte of a segment. */
  void damage(int segment, long at) throws IOException {
    try (DiskFile file = disk.open(Segment.name(segment), false)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.readFully(one, at);
      file.write(one.put(0, (byte) ~one.get(0)).flip(), at);
    }
  }

  void cut(int segment, long length) throws IOException {
    try (DiskFile file = disk.open(Segment.name(segment), false)) {
      file.truncate(length);
    }
  }

  Position end() {
    return new Position(number, end);
  }

  static LogOptions options() {
    return options(null, null);
  }

  static LogOptions options(
      @Nullable Position knownEnd, @Nullable Map<Integer, Integer> generations) {
    return new LogOptions(ID, SEGMENT_BYTES, Durability.COMMIT, 0, knownEnd, generations);
  }

  /** Opens the log on a disk, to which what follows is appended by the log itself. */
  static SegmentLog open(Disk disk, Durability durability, int segmentBytes, long minFreeBytes) {
    LogOptions options = new LogOptions(ID, segmentBytes, durability, minFreeBytes, null, null);
    return SegmentLog.open(disk, options, null, 0, new Seen());
  }

  /** Appends a chunk of zeros. */
  static Position append(SegmentLog log, int name, int bytes) {
    return log.appendChunks(oneChunk(name, bytes), (byte) 0, ByteBuffer.allocate(bytes), NOWHERE);
  }

  SegmentLog open(Seen seen) {
    return SegmentLog.open(disk, options(), null, 0, seen);
  }

  SegmentLog open() {
    return open(new Seen());
  }

  /** Writes down what it is handed. */
  static class Seen implements LogVisitor {
    final List<String> lines = new ArrayList<>();

    @Override
    public void chunk(LogRecord record) {
      lines.add("chunk " + record.name().getInt(0));
    }

    @Override
    public void committed(LogRecord record, long seq) {
      lines.add(
          (record.kind() == RecordKind.EVENT ? "event " : "tombstone ")
              + record.name().getInt(0)
              + " is "
              + seq);
    }

    @Override
    public void freed(Position at, long firstSeq, long count, long level) {
      lines.add(count + " freed from " + firstSeq);
    }
  }

  /** Knows no chunk and keeps none. */
  static final ChunkIndex NOWHERE =
      new ChunkIndex() {
        @Override
        public @Nullable ChunkLocation find(ChunkId id) {
          return null;
        }

        @Override
        public void add(ChunkId id, ChunkLocation location) {}
      };

  static GroupTable oneChunk(int name, int bytes) {
    ChunkId id = ChunkId.read(name(name));
    return new GroupTable(List.of(new GroupTable.Entry(id, 0, bytes)), bytes);
  }

  /** A batch of one event, or of none, that remembers what became of it. */
  static final class OneEvent implements Batch {
    private final int name;
    private final int bytes;
    boolean published;
    boolean failed;

    OneEvent(int name, int bytes) {
      this.name = name;
      this.bytes = bytes;
    }

    @Override
    public List<Entry> records(long firstSeq) {
      return List.of(new Entry(RecordKind.EVENT, name(name), ByteBuffer.allocate(bytes)));
    }

    @Override
    public void publish(List<Position> positions, long firstSeq) {
      published = true;
    }

    @Override
    public void failed() {
      failed = true;
    }
  }
}
