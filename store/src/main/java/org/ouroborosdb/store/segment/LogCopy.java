package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.DiskFile;

/**
 * Copies the segments of a log up to a commit, or what an earlier copy lacks of them. For one
 * thread, once.
 *
 * <p>A segment is written under another name, forced, read back and checked record by record, and
 * renamed. So the copy is a whole log at any moment, if perhaps a shorter one.
 */
public final class LogCopy {
  private static final String UNFINISHED = ".next";
  private static final int BUFFER_BYTES = 1 << 20;

  /** Ends of segments are compared by this much: a commit with its checksum, or random content. */
  private static final int COMPARED_BYTES = 4096;

  private final Disk from;
  private final Disk to;
  private final Map<Integer, Integer> segments;
  private final Position end;
  private final RecordContents contents;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final ByteBuffer other = ByteBuffer.allocate(BUFFER_BYTES);
  private long total;
  private long done;
  private long copiedBytes;
  private int copiedSegments;

  /**
   * What was copied.
   *
   * @param segments the segments written, whole or longer than before
   * @param bytes the bytes written
   * @param totalBytes the bytes of the whole copy
   */
  public record Result(int segments, long bytes, long totalBytes) {}

  /**
   * Prepares a copy.
   *
   * @param segments which segments the log had in its places before its end was determined
   * @param end the end of a batch, or of a chunk outside of batches, in the last segment to copy
   * @param contents reads events, none of which is copied that cannot be read
   * @param progress is told bytes copied or found there, of all bytes
   */
  public LogCopy(
      Disk from,
      Disk to,
      Map<Integer, Integer> segments,
      Position end,
      RecordContents contents,
      Cancellation cancellation,
      ProgressListener progress) {
    this.from = from;
    this.to = to;
    this.segments = segments;
    this.end = end;
    this.contents = contents;
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /** Makes what any process has written to a segment durable. */
  public static void force(Disk disk, int segment) throws IOException {
    try (DiskFile file = disk.open(Segment.name(segment), false)) {
      file.force();
    }
  }

  /** Returns which segment a log has in each place now. */
  public static Map<Integer, Integer> segments(Disk disk) throws IOException {
    return SegmentFiles.choose(SegmentFiles.numbers(disk), null);
  }

  /** Returns whether the copy has segments that were rewritten since, so that its index goes. */
  public boolean replaces() throws IOException {
    for (Map.Entry<Integer, Integer> there : segments(to).entrySet()) {
      if (there.getKey() <= end.place() && number(there.getKey()) != there.getValue()) {
        return true;
      }
    }
    return false;
  }

  private int number(int place) {
    return place == end.place() ? end.segment() : segments.getOrDefault(place, place);
  }

  /** Returns whether a name is that of a segment, or of one that a copy did not finish. */
  public static boolean isSegment(String name) {
    return Segment.number(name) > 0
        || (name.endsWith(UNFINISHED)
            && Segment.number(name.substring(0, name.length() - UNFINISHED.length())) > 0);
  }

  /**
   * Copies.
   *
   * @throws StoreException {@link ErrorCode#CONFLICT} if what is there is no beginning of this log;
   *     {@link ErrorCode#CORRUPT} if a segment is damaged, which is not copied then
   */
  public Result run() {
    try {
      Position there = LogFiles.endOfFiles(to);
      if (there != null && there.compareTo(end) > 0) {
        throw conflict("it ends at " + there + ", behind this one's end at " + end);
      }
      Map<Integer, Integer> copied = segments(to);
      for (int place = 1; place <= end.place(); place++) {
        total += length(number(place));
        if (copied.getOrDefault(place, 0) > number(place)) {
          throw conflict("it has freed space in segment " + place + " by itself");
        }
      }
      // What is new comes first: the tombstones of what rewritten segments lack may be there.
      int first = there == null ? 1 : there.place();
      for (int place = first; place <= end.place(); place++) {
        segment(number(place), true);
      }
      for (int place = 1; place < first; place++) {
        segment(number(place), copied.getOrDefault(place, 0) != number(place));
      }
      deleteReplaced();
      return new Result(copiedSegments, copiedBytes, total);
    } catch (IOException e) {
      throw IoFailures.translate("copying the segments", e);
    }
  }

  private void deleteReplaced() throws IOException {
    for (int number : SegmentFiles.numbers(to)) {
      if (number != number(Position.placeOf(number))) {
        to.delete(Segment.name(number));
      }
    }
  }

  private long length(int number) throws IOException {
    if (number == end.segment()) {
      return end.offset();
    }
    try (DiskFile file = from.open(Segment.name(number), false)) {
      return file.size();
    }
  }

  private void segment(int number, boolean mayGrow) throws IOException {
    String name = Segment.name(number);
    long length = length(number);
    long there = -1;
    if (to.exists(name)) {
      try (DiskFile copy = to.open(name, false);
          DiskFile original = from.open(name, false)) {
        there = copy.size();
        if (there > length || (there < length && !mayGrow)) {
          throw conflict(
              "segment " + Position.placeOf(number) + " has " + there + " bytes, not " + length);
        }
        int compared = (int) Math.min(there, COMPARED_BYTES);
        requireEqual(original, copy, there - compared, compared, number);
      }
    }
    if (there == length) {
      advance(length);
      return;
    }
    write(number, length, there);
    copiedSegments++;
    copiedBytes += length;
  }

  private void write(int number, long length, long there) throws IOException {
    String name = Segment.name(number);
    String unfinished = name + UNFINISHED;
    to.delete(unfinished);
    try {
      write(number, unfinished, length, there);
    } catch (IOException | RuntimeException e) {
      deleteAfter(e, unfinished); // a full disk would stay full
      throw e;
    }
    to.rename(unfinished, name);
    to.forceDirectory();
  }

  private void deleteAfter(Exception failure, String unfinished) {
    try {
      to.delete(unfinished);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void write(int number, String unfinished, long length, long there) throws IOException {
    String name = Segment.name(number);
    try (DiskFile original = from.open(name, false);
        DiskFile copy = to.open(unfinished, true)) {
      for (long at = 0; at < length; at += buffer.limit()) {
        cancellation.check();
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, length - at));
        original.readFully(buffer, at);
        copy.write(buffer.flip(), at);
        advance(buffer.limit());
      }
      copy.force();
      check(new Segment(number, copy), length);
      if (there > 0) {
        try (DiskFile earlier = to.open(name, false)) {
          requirePrefix(copy, earlier, there, number);
        }
      }
    }
  }

  private void check(Segment segment, long length) throws IOException {
    SegmentScan scan = new SegmentScan(segment, Segment.HEADER_BYTES, length);
    long stop = scan.run(new Events(contents), cancellation);
    if (stop < length || scan.committedEnd() < length) {
      throw segment.corrupt(Math.min(stop, scan.committedEnd()), "no valid record starts there");
    }
  }

  private void requirePrefix(DiskFile copy, DiskFile earlier, long length, int number)
      throws IOException {
    for (long at = 0; at < length; at += BUFFER_BYTES) {
      cancellation.check();
      requireEqual(copy, earlier, at, (int) Math.min(BUFFER_BYTES, length - at), number);
    }
  }

  private void requireEqual(DiskFile one, DiskFile two, long at, int count, int number)
      throws IOException {
    one.readFully(buffer.clear().limit(count), at);
    two.readFully(other.clear().limit(count), at);
    if (!buffer.flip().equals(other.flip())) {
      throw conflict("segment " + Position.placeOf(number) + " is another from about " + at);
    }
  }

  private void advance(long bytes) {
    done += bytes;
    progress.progress(done, total);
  }

  private static StoreException conflict(String why) {
    return new StoreException(
        ErrorCode.CONFLICT,
        "the directory holds no earlier copy of this database: "
            + why
            + "; give another directory");
  }

  /** Reads events: a checksum may fit what is none. */
  private record Events(RecordContents contents) implements LogVisitor {
    @Override
    public void chunk(LogRecord record) {}

    @Override
    public void committed(LogRecord record, long seq) {
      if (record.kind() == RecordKind.EVENT) {
        contents.event(record);
      }
    }
  }
}
