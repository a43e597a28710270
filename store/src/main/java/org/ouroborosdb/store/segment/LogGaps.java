package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Disk;

/** What keeps a log of sound segments from being read as a whole. For one thread, once. */
final class LogGaps {
  private final Disk log;
  private final WriterId logId;
  private final Cancellation cancellation;
  private final long knownSeq;
  private long last;
  private @Nullable String gap;

  LogGaps(Disk log, WriterId logId, long knownSeq, Cancellation cancellation) {
    this.log = log;
    this.logId = logId;
    this.knownSeq = knownSeq;
    this.cancellation = cancellation;
  }

  /** Returns the first gap, in one sentence; null if there is none. */
  @Nullable String first() throws IOException {
    Map<Integer, Integer> segments = LogCopy.segments(log);
    int expected = 1;
    for (Map.Entry<Integer, Integer> each : segments.entrySet()) {
      int place = each.getKey();
      if (place != expected++) {
        return "segment " + (expected - 1) + " is missing in both";
      }
      boolean youngest = place == segments.size();
      if (youngest && Position.generationOf(each.getValue()) > 0) {
        return "segment " + (place + 1) + " is missing in both"; // none is rewritten that is last
      }
      if (!ends(each.getValue(), youngest) && gap == null) {
        gap = "segment " + place + " lacks its end in both";
      }
      if (gap != null) {
        return gap;
      }
    }
    return last < knownSeq
        ? "the log once had event " + knownSeq + ", and ends with " + last + " in both"
        : null;
  }

  private boolean ends(int number, boolean youngest) throws IOException {
    Segment segment = Segment.open(log, number);
    try (segment.file) {
      long size = segment.file.size();
      SegmentScan scan = new SegmentScan(segment, Segment.HEADER_BYTES, size);
      scan.run(new Numbers(segment.place()), cancellation);
      return segment.hasValidHeader(logId) && (youngest || scan.committedEnd() == size);
    }
  }

  /** Follows the sequence numbers. */
  private final class Numbers implements LogVisitor {
    private final int place;

    Numbers(int place) {
      this.place = place;
    }

    @Override
    public void chunk(LogRecord record) {}

    @Override
    public void committed(LogRecord record, long seq) {
      next(seq, 1);
    }

    @Override
    public void freed(Position at, long firstSeq, long count, long level) {
      next(firstSeq, count);
    }

    private void next(long seq, long count) {
      if (seq != last + 1 && gap == null) {
        gap =
            "segment "
                + place
                + ": event "
                + seq
                + " follows "
                + last
                + ", what is between is in neither";
      }
      last = seq + count - 1;
    }
  }
}
