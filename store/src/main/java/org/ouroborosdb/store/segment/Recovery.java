package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.Guard;

/**
 * Finds the end of the log after a stop of any kind, and replays what the index lacks.
 *
 * <p>Only the last segment may end in bytes that are no whole batch: they were never acknowledged
 * and are cut off. Anything else that is no record is damage. What is left is forced before anybody
 * sees it, so that it is never lost again.
 */
final class Recovery {
  private final Disk disk;
  private final LogOptions options;
  private final LastSeq visitor;
  private final Map<String, Integer> obsolete = new HashMap<>();
  private @Nullable StoreException damage;

  /**
   * What was found.
   *
   * @param segments the open segments
   * @param obsolete files to be deleted when nobody reads them, and their numbers
   * @param end the end of the log
   * @param lastSeq the last sequence number
   * @param damage damage before the last checkpoint, with which the rest can be read and nothing
   *     written; null if none was met
   */
  record Result(
      List<Segment> segments,
      Map<String, Integer> obsolete,
      Position end,
      long lastSeq,
      @Nullable StoreException damage) {}

  private Recovery(Disk disk, LogOptions options, LastSeq visitor) {
    this.disk = disk;
    this.options = options;
    this.visitor = visitor;
  }

  static Result run(
      Disk disk, LogOptions options, @Nullable Position from, long lastSeq, LogVisitor replay)
      throws IOException {
    Recovery recovery = new Recovery(disk, options, new LastSeq(replay, lastSeq));
    List<Segment> segments = recovery.openSegments(from);
    long end = Segment.HEADER_BYTES;
    for (Segment segment : segments) {
      boolean last = segment == segments.get(segments.size() - 1);
      if (from == null || segment.place() >= from.place()) {
        long start =
            from != null && segment.place() == from.place() ? from.offset() : Segment.HEADER_BYTES;
        end = recovery.replay(segment, start, last);
      }
    }
    int number = segments.get(segments.size() - 1).number;
    return new Result(
        segments,
        recovery.obsolete,
        new Position(number, end),
        recovery.visitor.lastSeq,
        recovery.damage);
  }

  private List<Segment> openSegments(@Nullable Position from) throws IOException {
    List<Integer> numbers = new ArrayList<>(chosen(from));
    if (numbers.isEmpty() && from != null) {
      throw new StoreException(ErrorCode.CORRUPT, "the segments are missing");
    }
    dropUnfinished(numbers, from);
    List<Segment> segments = new ArrayList<>();
    for (int number : numbers) {
      Segment segment = Segment.open(disk, number);
      if (segment.place() != segments.size() + 1) {
        throw new StoreException(
            ErrorCode.CORRUPT, "segment " + (segments.size() + 1) + " is missing");
      }
      if (!segment.hasValidHeader(options.storeId())) {
        damaged(segment.corrupt(0, "its header is not one of this store"), from);
      }
      segments.add(segment);
    }
    if (from != null && from.place() > segments.size()) {
      throw new StoreException(ErrorCode.CORRUPT, "segment " + from.place() + " is missing");
    }
    if (segments.isEmpty()) {
      segments.add(Segment.create(disk, 1, options.storeId()));
    }
    return segments;
  }

  /**
   * Returns the segment in each place. One that is younger than what the index stands for was not
   * put in its place before a crash: it goes before anything is written that it would not have.
   */
  private List<Integer> chosen(@Nullable Position from) throws IOException {
    List<Integer> all = SegmentFiles.numbers(disk);
    Map<Integer, Integer> chosen =
        SegmentFiles.choose(all, from == null ? null : options.generations());
    boolean deleted = false;
    for (int number : all) {
      Integer there = chosen.get(Position.placeOf(number));
      if (there != null && number > there) {
        disk.delete(Segment.name(number));
        deleted = true;
      } else if (there != null && number < there) {
        obsolete.put(Segment.name(number), number);
      }
    }
    for (String name : disk.list()) {
      if (LogCopy.isSegment(name) && Segment.number(name) < 0) {
        obsolete.put(name, 0);
      }
    }
    if (deleted) {
      disk.forceDirectory();
    }
    return List.copyOf(chosen.values());
  }

  /** Goes on if an index knows what the log held there, which then tells damage from loss. */
  private void damaged(StoreException failure, @Nullable Position from) {
    if (from == null) {
      throw failure;
    }
    damage = damage == null ? failure : damage;
  }

  /** A last segment that was being created when the power went holds nothing acknowledged. */
  private void dropUnfinished(List<Integer> numbers, @Nullable Position from) throws IOException {
    if (numbers.isEmpty()) {
      return;
    }
    int last = numbers.get(numbers.size() - 1);
    Segment segment = Segment.open(disk, last);
    boolean unfinished =
        segment.file.size() <= Segment.HEADER_BYTES
            && !segment.hasValidHeader(options.storeId())
            && (from == null || from.place() < segment.place());
    segment.file.close();
    if (unfinished) {
      disk.delete(Segment.name(last));
      disk.forceDirectory();
      numbers.remove(numbers.size() - 1);
    }
  }

  private long replay(Segment segment, long from, boolean last) throws IOException {
    long size = segment.file.size();
    if (size < from) {
      Position checkpoint = new Position(segment.number, from);
      StoreException failure =
          segment.corrupt(size, "it ends before the last checkpoint at " + checkpoint);
      damaged(failure, last && checkpoint.equals(options.knownEnd()) ? checkpoint : null);
      return from;
    }
    SegmentScan scan = new SegmentScan(segment, from, size);
    long stop = scan.run(visitor, Cancellation.create());
    long end = scan.committedEnd();
    if (stop < size && (!last || scan.wasForced(stop))) {
      throw segment.corrupt(stop, "no valid record starts there");
    }
    if (!last && end < size) {
      throw segment.corrupt(end, "a transaction lacks its end");
    }
    Position known = options.knownEnd();
    if (last
        && known != null
        && Guard.NOTED_END.isOn()
        && known.compareTo(new Position(segment.number, end)) > 0) {
      throw segment.corrupt(end, "the log once ended at " + known + ", and ends here");
    }
    if (end < size) {
      segment.file.truncate(end);
    }
    boolean asNoted = new Position(segment.number, end).equals(known);
    if (last && !asNoted && Guard.OPEN_FORCE.isOn()) {
      // A process that was killed may have left bytes and names that no power loss has tried yet,
      // and one whose force failed, bytes that the system takes for written.
      new Rewrite(segment).run(scan.forced().offset(), end);
      segment.file.force();
      disk.forceDirectory();
    }
    return end;
  }

  /** Follows the sequence numbers, which have no gaps. */
  private static final class LastSeq implements LogVisitor {
    private final LogVisitor replay;
    private long lastSeq;

    LastSeq(LogVisitor replay, long lastSeq) {
      this.replay = replay;
      this.lastSeq = lastSeq;
    }

    @Override
    public void chunk(LogRecord record) {
      replay.chunk(record);
    }

    @Override
    public void committed(LogRecord record, long seq) {
      requireNext(record.position(), seq);
      lastSeq = seq;
      replay.committed(record, seq);
    }

    private void requireNext(Position at, long seq) {
      if (seq != lastSeq + 1) {
        throw new StoreException(
            ErrorCode.CORRUPT,
            "segment "
                + at.place()
                + " is damaged at offset "
                + at.offset()
                + ": sequence number "
                + seq
                + " follows "
                + lastSeq);
      }
    }

    @Override
    public void freed(Position at, long firstSeq, long count, long level) {
      requireNext(at, firstSeq);
      lastSeq = firstSeq + count - 1;
      replay.freed(at, firstSeq, count, level);
    }

    @Override
    public void batchEnd(Position end, long last) {
      replay.batchEnd(end, last);
    }
  }
}
