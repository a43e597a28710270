package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/**
 * Puts the records that a log has lost back in their places, from a copy of the same log. For one
 * thread, once.
 *
 * <p>All valid records stay. A gap is filled only if the record before it is the same in the copy,
 * and the copy's records end exactly where the log goes on, with the same record and then the same
 * event: a copy that has gone another way since it was made is so told from one that has not. What
 * cannot be filled stays as it is. A segment is written under another name, forced, and renamed.
 */
public final class LogRepair {
  private static final String UNFINISHED = ".next";
  private static final int COMPARED_BYTES = 4096;
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int KIND_OFFSET = 4;
  private static final long UNKNOWN = -1;

  private final Disk log;
  private final Disk copy;
  private final WriterId logId;
  private final @Nullable Position known;
  private final long knownSeq;
  private final RecordContents contents;
  private final ForgetIndex forgetIndex;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final List<String> left = new ArrayList<>();
  private final Set<Integer> damaged = new TreeSet<>();
  private int segments;
  private long records;
  private long bytes;
  private long total;
  private long done;

  /**
   * What was repaired.
   *
   * @param segments the segments written anew
   * @param records the records taken from the copy
   * @param bytes the bytes of these
   * @param left each damage that the copy could not mend, in one sentence
   */
  public record Result(int segments, long records, long bytes, List<String> left) {}

  /**
   * Prepares a repair.
   *
   * @param logId the id of both logs
   * @param known an end that the log once had; null if none is known
   * @param knownSeq a sequence number that it once had; 0 if none is known
   * @param contents reads records
   * @param forgetIndex makes the next open build the index anew
   * @param progress is told bytes of segments looked at, of all
   */
  public LogRepair(
      Disk log,
      Disk copy,
      WriterId logId,
      @Nullable Position known,
      long knownSeq,
      RecordContents contents,
      ForgetIndex forgetIndex,
      Cancellation cancellation,
      ProgressListener progress) {
    this.knownSeq = knownSeq;
    this.contents = contents;
    this.forgetIndex = forgetIndex;
    this.log = log;
    this.copy = copy;
    this.logId = logId;
    this.known = known;
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /** Makes an index be built anew. */
  @FunctionalInterface
  public interface ForgetIndex {
    /** Does it before the segments are others. */
    void run() throws IOException;
  }

  /** Repairs. */
  public Result run() {
    try {
      int last = Math.max(lastOf(log), lastOf(copy));
      for (int place = 1; place <= last; place++) {
        int number = number(place);
        total += Math.max(size(log, number), size(copy, number));
      }
      for (int place = 1; place <= last; place++) {
        int number = number(place);
        cancellation.check();
        int before = left.size();
        if (!isWhole(number)) {
          mend(number, place == last);
        }
        if (left.size() > before) {
          damaged.add(place);
        }
        done += Math.max(size(log, number), size(copy, number));
        progress.progress(Math.min(done, total), total);
      }
      mendFromOtherRewritings();
      Position end = LogFiles.endOfFiles(log);
      if (known != null && (end == null || end.compareTo(known) < 0 || !hasKnown())) {
        left.add("the log once ended at " + known + ", and ends at " + end + " in both");
      }
      String gap = left.isEmpty() ? new LogGaps(log, logId, knownSeq, cancellation).first() : null;
      if (gap != null) {
        left.add(gap);
      }
      return new Result(segments, records, bytes, List.copyOf(left));
    } catch (IOException e) {
      throw IoFailures.translate("repairing the segments", e);
    }
  }

  /** Mends what the copy has in another rewriting, in which it stands elsewhere. */
  private void mendFromOtherRewritings() throws IOException {
    Set<Integer> others = new TreeSet<>(damaged);
    Map<Integer, Integer> mine = LogCopy.segments(log);
    LogCopy.segments(copy)
        .forEach(
            (place, number) -> {
              if (!number.equals(mine.getOrDefault(place, number))) {
                others.add(place);
              }
            });
    if (others.isEmpty()) {
      return;
    }
    try (RecordRepair repair =
        new RecordRepair(log, copy, logId, knownSeq, contents, cancellation)) {
      for (int place : others) {
        boolean sound = !damaged.contains(place) && repair.isWhole(place);
        if (!sound && !repair.add(place)) {
          return; // what is damaged has been said
        }
      }
      if (!repair.isNeeded()) {
        return;
      }
      List<String> lacking = repair.write(forgetIndex);
      if (lacking.isEmpty()) {
        left.clear();
      } else if (left.isEmpty()) {
        left.addAll(lacking);
      }
      segments += lacking.isEmpty() ? repair.segments() : 0;
      records += repair.records();
      bytes += repair.bytes();
    }
  }

  /** Returns the number of the segment in a place: what the log has, else what the copy has. */
  private int number(int place) throws IOException {
    Integer there = LogCopy.segments(log).get(place);
    return there == null ? LogCopy.segments(copy).getOrDefault(place, place) : there;
  }

  private static int lastOf(Disk disk) throws IOException {
    Position end = LogFiles.endOfFiles(disk);
    return end == null ? 0 : end.place();
  }

  private static long size(Disk disk, int number) throws IOException {
    try (RecordFile file = new RecordFile(disk, number)) {
      return file.size();
    }
  }

  /** Returns whether a segment has neither a gap nor less than the copy. */
  private boolean isWhole(int number) throws IOException {
    if (!log.exists(Segment.name(number)) || size(log, number) < size(copy, number)) {
      return false;
    }
    Segment segment = Segment.open(log, number);
    try (segment.file) {
      SegmentScan scan = new SegmentScan(segment, Segment.HEADER_BYTES, segment.file.size());
      Events events = new Events(contents);
      return segment.hasValidHeader(logId)
          && scan.run(events, cancellation) == segment.file.size()
          && scan.committedEnd() == segment.file.size()
          && events.sound;
    }
  }

  private void mend(int number, boolean last) throws IOException {
    String unfinished = Segment.name(number) + UNFINISHED;
    log.delete(unfinished);
    boolean changed;
    int place = Position.placeOf(number);
    boolean missing = !log.exists(Segment.name(number));
    boolean there =
        size(copy, number) > Segment.HEADER_BYTES
            && place <= lastOf(log) + 1
            && (known == null || place <= known.place() || hasKnown());
    if (missing && !(there && isSameBefore(number))) {
      if (place < lastOf(log)) {
        left.add("segment " + place + " is missing, and the other store went another way");
      }
      return;
    }
    try (RecordFile damaged = new RecordFile(log, number, contents);
        RecordFile source = new RecordFile(copy, number, contents);
        DiskFile file = log.open(unfinished, true)) {
      Target target = new Target(file);
      target.write(Segment.header(number, logId));
      long fetched = records;
      boolean headed = damaged.size() >= Segment.HEADER_BYTES && hasValidHeader(number);
      splice(number, damaged, source, target, last);
      changed = records > fetched || !headed;
      file.force();
    }
    if (changed) {
      log.rename(unfinished, Segment.name(number));
      log.forceDirectory();
      segments++;
    } else {
      log.delete(unfinished);
    }
  }

  private boolean hasValidHeader(int number) throws IOException {
    Segment segment = Segment.open(log, number);
    try (segment.file) {
      return segment.hasValidHeader(logId);
    }
  }

  private void splice(
      int number, RecordFile damaged, RecordFile source, Target target, boolean last)
      throws IOException {
    boolean same = isSameBefore(number);
    while (true) {
      cancellation.check();
      ByteBuffer record = damaged.at(target.end);
      if (record != null) {
        same = record.equals(source.at(target.end));
        target.write(record);
        continue;
      }
      long next = damaged.nextValid(target.end);
      if (same && fill(number, source, target, next, damaged)) {
        continue;
      }
      long stop = next < 0 ? damaged.size() : next;
      if (stop > target.end) {
        keep(number, damaged, target, stop, last && next < 0);
      }
      if (next < 0) {
        return;
      }
    }
  }

  /** Returns whether log and copy end the segment before this one alike. */
  private boolean isSameBefore(int number) throws IOException {
    int place = Position.placeOf(number);
    boolean rewritten = Position.generationOf(number) > 0 && log.exists(Segment.name(number));
    if (place == 1 || rewritten) {
      return true; // nothing is before it, or the same copying made it
    }
    int before = number(place - 1);
    try (RecordFile one = new RecordFile(log, before);
        RecordFile two = new RecordFile(copy, before);
        RecordRepair repair =
            new RecordRepair(log, copy, logId, knownSeq, contents, cancellation)) {
      int count = (int) Math.min(COMPARED_BYTES, one.size());
      return (one.size() == two.size()
              && one.bytes(one.size() - count, count).equals(two.bytes(two.size() - count, count)))
          || repair.isSameEnd(place - 1);
    }
  }

  /** Writes the copy's records up to where the log goes on, if they fit. */
  private boolean fill(int number, RecordFile source, Target target, long next, RecordFile damaged)
      throws IOException {
    List<Long> offsets = new ArrayList<>();
    long at = target.end;
    for (ByteBuffer record = source.at(at);
        record != null && (next < 0 || at < next);
        record = source.at(at)) {
      offsets.add(at);
      at += record.remaining();
    }
    boolean fits =
        next < 0
            ? reachesKnown(number, at, offsets)
            : at == next && isSameOrEnd(source.at(at), damaged.at(at));
    if (!fits || !isOfOneHistory(source, damaged, next, target.end, Math.min(at, damaged.size()))) {
      return false;
    }
    int count = next < 0 ? upToNext(number, source, damaged, offsets) : offsets.size();
    for (long offset : offsets.subList(0, count)) {
      cancellation.check();
      ByteBuffer record = source.at(offset);
      if (record == null) {
        throw new IOException("the copy changed while it was read");
      }
      records++;
      bytes += record.remaining();
      target.write(record);
    }
    return count > 0;
  }

  /** Returns whether the copy has the end that the log once had, if that was in this segment. */
  private boolean reachesKnown(int number, long end, List<Long> offsets) {
    return known == null
        || known.segment() != number
        || known.offset() >= end
        || offsets.isEmpty()
        || known.offset() <= offsets.get(0)
        || offsets.contains(known.offset());
  }

  /** Returns whether the segment in which the log once ended is as long, or was rewritten since. */
  private boolean hasKnown() throws IOException {
    int number = known == null ? 0 : known.segment();
    return known == null
        || !log.exists(Segment.name(number))
        || size(log, number) >= known.offset();
  }

  /**
   * Returns how many of the records that end the copy's segment do so in the log: those up to the
   * first event of its next segment, and the chunks behind them. A copy that was written on may
   * have ended it elsewhere.
   */
  private int upToNext(int number, RecordFile source, RecordFile damaged, List<Long> offsets)
      throws IOException {
    PlaceRecords copied = PlaceRecords.read(source, cancellation);
    long first = firstSeqBehind(Position.placeOf(number), copied);
    int count = 0;
    boolean reached = PlaceRecords.read(damaged, cancellation).lastSeq() + 1 == first;
    boolean inBatch = false;
    for (int i = 0; i < offsets.size(); i++) {
      LogRecord record = source.record(offsets.get(i));
      if (record == null) {
        throw new IOException("the copy changed while it was read");
      }
      boolean chunk = record.kind() == RecordKind.CHUNK || record.kind() == RecordKind.CHUNK_GROUP;
      if (reached && !chunk) {
        return count;
      }
      if (record.kind() == RecordKind.COMMIT) {
        long next = record.payload().getLong(0) + record.payload().getInt(Long.BYTES);
        if (first != 0 && next > first) {
          return 0;
        }
        reached = next == first;
      }
      inBatch = chunk ? inBatch : record.kind() != RecordKind.COMMIT;
      count = inBatch && first != 0 ? count : i + 1;
    }
    return count;
  }

  /**
   * Returns the sequence number with which the log goes on behind a place; 0 if it has no more
   * events, or if the copy goes on with the same, below 0 if it does not or nothing tells.
   */
  private long firstSeqBehind(int place, PlaceRecords copied) throws IOException {
    boolean hidden = false;
    for (int behind = place + 1; behind <= lastOf(log); behind++) {
      try (RecordFile file = new RecordFile(log, number(behind), contents);
          RecordFile theirs = new RecordFile(copy, number(behind), contents)) {
        PlaceRecords records = PlaceRecords.read(file, cancellation);
        int same = PlaceMend.same(records, PlaceRecords.read(theirs, cancellation), 0);
        if (same < 0 || PlaceMend.same(records, copied, 0) < 0) {
          return UNKNOWN;
        }
        boolean any = records.seqs.size() > 0;
        hidden |= any ? records.isFirstHidden() : !records.whole;
        if (hidden && (same > 0 || anyEqual(records.loose, file, theirs))) {
          return 0;
        }
        if (any && !hidden) {
          return records.seqs.get(0);
        }
      }
    }
    return hidden ? UNKNOWN : 0;
  }

  private static boolean anyEqual(Longs offsets, RecordFile file, RecordFile other)
      throws IOException {
    for (int i = 0; i < offsets.size(); i++) {
      ByteBuffer record = file.at(offsets.get(i));
      if (record != null && record.equals(other.at(offsets.get(i)))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether the copy's records can be what was there. The next event says so: by its salt
   * no two histories have the same one. Where there is none, what is left of the bytes must be
   * theirs.
   */
  private static boolean isOfOneHistory(
      RecordFile source, RecordFile damaged, long next, long from, long to) throws IOException {
    for (long at = next; at >= 0 && at < source.size(); ) {
      ByteBuffer kept = damaged.at(at);
      if (kept == null) {
        at = damaged.nextValid(at);
      } else if (kept.get(KIND_OFFSET) == RecordKind.EVENT.number()) {
        return kept.equals(source.at(at)) || isAlike(source, damaged, from, to, false);
      } else {
        at += kept.remaining();
      }
    }
    return isAlike(source, damaged, from, to, true);
  }

  /**
   * Returns whether three of four bytes are the same, of those that are not lost (zero) or of all.
   */
  private static boolean isAlike(
      RecordFile source, RecordFile damaged, long from, long to, boolean mayBeLost)
      throws IOException {
    long compared = 0;
    long equal = 0;
    for (long at = from; at < to; at += BUFFER_BYTES) {
      int count = (int) Math.min(BUFFER_BYTES, to - at);
      ByteBuffer kept = damaged.bytes(at, count);
      ByteBuffer copied = source.bytes(at, count);
      for (int i = 0; i < count; i++) {
        boolean there = !mayBeLost || kept.get(i) != 0;
        compared += there ? 1 : 0;
        equal += there && kept.get(i) == copied.get(i) ? 1 : 0;
      }
    }
    return equal * 4 >= compared * 3;
  }

  private static boolean isSameOrEnd(@Nullable ByteBuffer copied, @Nullable ByteBuffer kept) {
    return copied == null || copied.equals(kept);
  }

  /** Keeps bytes that are no record, and says so unless they are what a crash leaves. */
  private void keep(int number, RecordFile damaged, Target target, long stop, boolean tail)
      throws IOException {
    long start = target.end;
    while (target.end < stop) {
      target.write(damaged.bytes(target.end, (int) Math.min(BUFFER_BYTES, stop - target.end)));
    }
    if (!tail || (known != null && known.compareTo(new Position(number, start)) > 0)) {
      left.add(
          "segment "
              + Position.placeOf(number)
              + " at offset "
              + start
              + ": "
              + (stop - start)
              + " bytes are damaged, and the other store does not have what was there");
    }
  }

  /** The segment being written. */
  private static final class Target {
    private final DiskFile file;
    private long end;

    Target(DiskFile file) {
      this.file = file;
    }

    void write(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      file.write(bytes.duplicate(), end);
      end += length;
    }
  }

  /** Reads events: a checksum may fit what is none. */
  private static final class Events implements LogVisitor {
    private final RecordContents contents;
    private boolean sound = true;

    Events(RecordContents contents) {
      this.contents = contents;
    }

    @Override
    public void chunk(LogRecord record) {}

    @Override
    public void committed(LogRecord record, long seq) {
      sound = sound && contents.isSound(record);
    }
  }
}
