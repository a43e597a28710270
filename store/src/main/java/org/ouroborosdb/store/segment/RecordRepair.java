package org.ouroborosdb.store.segment;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/**
 * Mends segments from a log that has other rewritings of them, in which nothing stands where it
 * stood: events are found by their sequence numbers, which all rewritings share, and chunks by
 * their hashes. For one thread, once.
 *
 * <p>A mended segment is the next rewriting of its place, so the index is built anew. All are
 * written before the first gets its name.
 */
final class RecordRepair implements Closeable {
  private static final int BATCH = 1_000;
  private static final String UNFINISHED = SegmentRewrite.UNFINISHED;

  private final Disk log;
  private final Disk copy;
  private final WriterId logId;
  private final long knownSeq;
  private final RecordContents contents;
  private final Cancellation cancellation;
  private final List<PlaceRecords> open = new ArrayList<>();
  private final Map<Integer, PlaceMend> mends = new TreeMap<>();
  private final Map<Integer, PlaceRecords> damaged = new TreeMap<>();
  private final MissingChunks chunks;
  private long records;
  private long bytes;

  /**
   * Prepares a repair.
   *
   * @param knownSeq a sequence number that the log once had; 0 if none is known
   */
  RecordRepair(
      Disk log,
      Disk copy,
      WriterId logId,
      long knownSeq,
      RecordContents contents,
      Cancellation cancellation) {
    this.knownSeq = knownSeq;
    this.log = log;
    this.copy = copy;
    this.logId = logId;
    this.contents = contents;
    this.chunks = new MissingChunks(contents, cancellation);
    this.cancellation = cancellation;
  }

  /** Returns how many records were taken from the copy. */
  long records() {
    return records;
  }

  /** Returns the bytes that mended segments have more than what could be read of them. */
  long bytes() {
    return bytes;
  }

  /** Returns how many segments were written. */
  int segments() {
    return mends.size();
  }

  /** Returns whether the segment in a place has all that it ever had, as far as it can be told. */
  boolean isWhole(int place) throws IOException {
    PlaceRecords own = read(log, place);
    return own != null && own.whole && reachesNext(own.lastSeq(), place);
  }

  /** Chooses what mends the segment in a place; returns whether its events are all there then. */
  boolean add(int place) throws IOException {
    PlaceRecords own = read(log, place);
    PlaceRecords other = read(copy, place);
    if (own == null) {
      return false;
    }
    damaged.put(place, own);
    PlaceMend mend =
        new PlaceMend(own, other == null ? own : other, place == lastPlace(), knownSeq);
    if (!mend.choose()) {
      return false;
    }
    mends.put(place, mend);
    return followsLast(mend.firstSeq(), place)
        && reachesNext(mend.lastSeq(), place)
        && (mend.lastHole() == 0 || isOfOneHistory(mend, place));
  }

  /** Returns whether a number is the one behind the segments before a place; 0 is no number. */
  private boolean followsLast(long firstSeq, int place) throws IOException {
    for (int before = place - 1; before > 0 && firstSeq > 0; before--) {
      PlaceMend mended = mends.get(before);
      PlaceRecords own = mended == null ? read(log, before) : null;
      long last = mended != null ? mended.lastSeq() : own == null ? 0 : own.lastSeq();
      if (last > 0) {
        return last + 1 == firstSeq;
      }
    }
    return firstSeq <= 1;
  }

  /** Returns whether what follows a segment goes on where it ends. */
  private boolean reachesNext(long lastSeq, int place) throws IOException {
    for (int behind = place + 1; behind <= lastPlace(); behind++) {
      PlaceRecords next = read(log, behind);
      if (next != null && next.seqs.size() > 0) {
        return next.seqs.get(0) == lastSeq + 1;
      }
    }
    return lastSeq >= knownSeq;
  }

  private void addWhole(int place) throws IOException {
    PlaceRecords own = read(log, place);
    if (own != null) {
      PlaceMend mend = new PlaceMend(own, own, false, 0);
      mend.choose();
      damaged.put(place, own);
      mends.put(place, mend);
    }
  }

  private @Nullable PlaceRecords read(Disk disk, int place) throws IOException {
    Integer number = LogCopy.segments(disk).get(place);
    if (number == null) {
      return null;
    }
    PlaceRecords records = PlaceRecords.read(new RecordFile(disk, number, contents), cancellation);
    open.add(records);
    return records;
  }

  private boolean isOfOneHistory(PlaceMend mend, int place) throws IOException {
    int same = mend.sameBehind();
    for (int behind = place + 1; same == 0 && behind <= lastPlace(); behind++) {
      same = same(behind);
    }
    if (mend.sameAhead() < 0) {
      return false;
    }
    int alike = same == 0 ? mend.isAlike() : -1;
    return same > 0 || alike > 0 || (alike == 0 && isSameBefore(place));
  }

  private boolean isSameBefore(int place) throws IOException {
    int same = same(place);
    return same > 0 || (same == 0 && (place == 1 || isSameEnd(place - 1)));
  }

  /** Returns whether both logs have the same first event in a place; 0 if they have none there. */
  private int same(int place) throws IOException {
    Map<Integer, Integer> mine = LogCopy.segments(log);
    Map<Integer, Integer> theirs = LogCopy.segments(copy);
    if (!mine.containsKey(place) || !theirs.containsKey(place)) {
      return 0;
    }
    try (RecordFile one = new RecordFile(log, mine.getOrDefault(place, 0), contents);
        RecordFile two = new RecordFile(copy, theirs.getOrDefault(place, 0), contents)) {
      PlaceRecords own = PlaceRecords.read(one, cancellation);
      return PlaceMend.same(own, PlaceRecords.read(two, cancellation), 0);
    }
  }

  /** Returns whether both logs end a place with the same number, in one history. */
  boolean isSameEnd(int place) throws IOException {
    PlaceRecords own = read(log, place);
    PlaceRecords other = read(copy, place);
    if (own == null || other == null || !own.whole || own.lastSeq() != other.lastSeq()) {
      return false;
    }
    int same = PlaceMend.sameLast(own, other, Long.MAX_VALUE);
    return same > 0 || (same == 0 && (place == 1 || isSameEnd(place - 1)));
  }

  /** Returns whether chunks that events refer to are missing, or events are. */
  boolean isNeeded() throws IOException {
    chunks.find(LogCopy.segments(log).keySet(), this::scan);
    return !damaged.isEmpty() || !chunks.missing().isEmpty();
  }

  /** Hands over what will be in a place: what can be read of it, and what mends it. */
  private void scan(int place, MissingChunks.Reading reading) throws IOException {
    PlaceRecords own = damaged.get(place);
    PlaceMend mend = mends.get(place);
    if (own != null && mend != null) {
      own.eachChunk(reading::chunk);
      mend.write(new Reader(reading));
      return;
    }
    try (RecordFile file =
        new RecordFile(log, LogCopy.segments(log).getOrDefault(place, place), contents)) {
      PlaceRecords records = PlaceRecords.read(file, cancellation);
      records.eachChunk(reading::chunk);
      for (int i = 0; i < records.offsets.size(); i++) {
        LogRecord record = file.record(records.offsets.get(i));
        if (record != null) {
          reading.member(record);
        }
      }
    }
  }

  /** Reads members. */
  private record Reader(MissingChunks.Reading reading) implements PlaceMend.Target {
    @Override
    public void record(LogRecord record, long seq) {
      reading.member(record);
    }

    @Override
    public void freed(LogRecord record, long seq, long count) {}
  }

  /**
   * Writes the mended segments.
   *
   * @param forgetIndex makes the next open build the index anew
   * @return each chunk that the copy lacks too; if there is any, nothing was written
   */
  List<String> write(LogRepair.ForgetIndex forgetIndex) throws IOException {
    if (damaged.isEmpty()) {
      addWhole(LogCopy.segments(log).keySet().iterator().next()); // any may hold lost chunks
    }
    Map<Integer, Integer> numbers = new TreeMap<>();
    for (int place : damaged.keySet()) {
      numbers.put(place, nextNumber(place));
      write(place, nextNumber(place), numbers.size() == 1);
    }
    if (!chunks.missing().isEmpty()) {
      for (int number : numbers.values()) {
        log.delete(Segment.name(number) + UNFINISHED);
      }
      return chunks.missing().stream().map(id -> "chunk " + id + " is in neither").toList();
    }
    forgetIndex.run();
    for (int number : numbers.values()) {
      log.rename(Segment.name(number) + UNFINISHED, Segment.name(number));
    }
    int last = lastPlace();
    if (numbers.containsKey(last)) {
      Segment.create(log, last + 1, logId).file.close(); // no rewritten segment is written on
    }
    log.forceDirectory();
    for (int number : SegmentFiles.numbers(log)) {
      Integer by = numbers.get(Position.placeOf(number));
      if (by != null && number < by) {
        log.delete(Segment.name(number));
      }
    }
    return List.of();
  }

  private int lastPlace() throws IOException {
    return LogCopy.segments(log).keySet().stream().mapToInt(i -> i).max().orElse(0);
  }

  private int nextNumber(int place) throws IOException {
    int newest = 0;
    for (int number : SegmentFiles.numbers(log)) {
      newest = Position.placeOf(number) == place ? Math.max(newest, number) : newest;
    }
    for (int number : SegmentFiles.numbers(copy)) {
      newest = Position.placeOf(number) == place ? Math.max(newest, number) : newest;
    }
    return Position.numberOf(place, Position.generationOf(newest) + 1);
  }

  private void write(int place, int number, boolean withLostChunks) throws IOException {
    PlaceRecords own = damaged.get(place);
    PlaceMend mend = mends.get(place);
    if (own == null || mend == null) {
      throw new AssertionError("place " + place + " cannot be mended");
    }
    String name = Segment.name(number) + UNFINISHED;
    log.delete(name);
    try (DiskFile file = log.open(name, true)) {
      Segment segment = new Segment(number, file);
      SegmentWriter writer = new SegmentWriter(segment, new All(), count -> {});
      writer.write(Segment.header(number, logId));
      own.eachChunk(writer::chunk);
      if (withLostChunks) {
        records += chunks.fetch(copy, writer);
      }
      mend.write(new Members(writer));
      writer.batchEnd(new Position(number, 0), 0);
      writer.finish();
      file.force();
      check(segment);
      records += mend.recordsTaken();
      bytes += Math.max(0, file.size() - own.file.size() + own.damagedBytes());
    }
  }

  private void check(Segment segment) throws IOException {
    long size = segment.file.size();
    SegmentScan scan = new SegmentScan(segment, Segment.HEADER_BYTES, size);
    if (scan.run(new Nothing(), cancellation) < size || scan.committedEnd() < size) {
      throw segment.corrupt(scan.committedEnd(), "it is not what was written");
    }
  }

  /** Writes members in batches of some size: where a batch of old ended matters to nobody. */
  private static final class Members implements PlaceMend.Target {
    private final SegmentWriter writer;
    private int count;

    Members(SegmentWriter writer) {
      this.writer = writer;
    }

    @Override
    public void record(LogRecord record, long seq) {
      writer.committed(record, seq);
      if (++count % BATCH == 0) {
        writer.batchEnd(record.position(), seq);
      }
    }

    @Override
    public void freed(LogRecord record, long seq, long numbers) {
      writer.freed(record.position(), seq, numbers, record.payload().getLong(0));
    }
  }

  /** Keeps every record. */
  private static final class All implements SegmentRewrite.Needed {
    @Override
    public boolean event(LogRecord record, long seq) {
      return true;
    }

    @Override
    public long levelOf(LogRecord record) {
      return 0;
    }

    @Override
    public SegmentRewrite.Chunks chunks(LogRecord record) {
      GroupTable table = GroupTable.of(record);
      return new SegmentRewrite.Chunks(table, record.codec(), table.stored(record));
    }
  }

  /** Takes records that are only checked. */
  private static final class Nothing implements LogVisitor {
    @Override
    public void chunk(LogRecord record) {}

    @Override
    public void committed(LogRecord record, long seq) {}
  }

  @Override
  public void close() throws IOException {
    for (PlaceRecords records : open) {
      records.file.close();
    }
  }
}
