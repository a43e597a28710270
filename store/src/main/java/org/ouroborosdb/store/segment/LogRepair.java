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
      if (known != null && (end == null || end.compareTo(known) < 0)) {
        left.add("the log once ended at " + known + ", and ends at " + end + " in both");
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
      return segment.hasValidHeader(logId)
          && scan.run(new Nothing(), cancellation) == segment.file.size()
          && scan.committedEnd() == segment.file.size();
    }
  }

  private void mend(int number, boolean last) throws IOException {
    String unfinished = Segment.name(number) + UNFINISHED;
    log.delete(unfinished);
    boolean changed;
    int place = Position.placeOf(number);
    boolean missing = !log.exists(Segment.name(number));
    if (missing && (size(copy, number) <= Segment.HEADER_BYTES || !isSameBefore(number))) {
      if (place < lastOf(log)) {
        left.add("segment " + place + " is missing, and the other store went another way");
      }
      return;
    }
    try (RecordFile damaged = new RecordFile(log, number);
        RecordFile source = new RecordFile(copy, number);
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
      if (same && fill(source, target, next, damaged)) {
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
    if (place == 1 || Position.generationOf(number) > 0) {
      return true; // nothing is before it, or the same copying made it
    }
    int before = number(place - 1);
    if (!copy.exists(Segment.name(before))) {
      try (RecordRepair repair =
          new RecordRepair(log, copy, logId, knownSeq, contents, cancellation)) {
        return repair.isSameEnd(place - 1);
      }
    }
    try (RecordFile one = new RecordFile(log, before);
        RecordFile two = new RecordFile(copy, before)) {
      int count = (int) Math.min(COMPARED_BYTES, one.size());
      return one.size() == two.size()
          && one.bytes(one.size() - count, count).equals(two.bytes(two.size() - count, count));
    }
  }

  /** Writes the copy's records up to where the log goes on, if they fit. */
  private boolean fill(RecordFile source, Target target, long next, RecordFile damaged)
      throws IOException {
    List<Long> offsets = new ArrayList<>();
    long at = target.end;
    for (ByteBuffer record = source.at(at);
        record != null && (next < 0 || at < next);
        record = source.at(at)) {
      offsets.add(at);
      at += record.remaining();
    }
    boolean fits = next < 0 || (at == next && isSameOrEnd(source.at(at), damaged.at(at)));
    if (offsets.isEmpty()
        || !fits
        || !isOfOneHistory(source, damaged, next, target.end, Math.min(at, damaged.size()))) {
      return false;
    }
    for (long offset : offsets) {
      cancellation.check();
      ByteBuffer record = source.at(offset);
      if (record == null) {
        throw new IOException("the copy changed while it was read");
      }
      records++;
      bytes += record.remaining();
      target.write(record);
    }
    return true;
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

  /** Takes records that are only checked. */
  private static final class Nothing implements LogVisitor {
    @Override
    public void chunk(LogRecord record) {}

    @Override
    public void committed(LogRecord record, long seq) {}
  }
}
