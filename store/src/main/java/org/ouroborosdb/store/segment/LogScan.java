package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.util.Collection;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.WriterId;

/** Reads all segments up to an end, and past damage. For one thread. */
final class LogScan {
  private final Collection<Segment> segments;
  private final Position end;
  private final WriterId storeId;

  LogScan(Collection<Segment> segments, Position end, WriterId storeId) {
    this.segments = segments;
    this.end = end;
    this.storeId = storeId;
  }

  void run(LogVisitor visitor, DamageListener damage, Cancellation cancellation) {
    int expected = 1;
    for (Segment segment : segments) {
      if (segment.place() > end.place()) {
        break;
      }
      try {
        if (segment.place() != expected || !segment.hasValidHeader(storeId)) {
          damage.damaged(
              segment.place(), 0, 0, "its header is damaged, or a segment before is missing");
        }
        run(segment, visitor, damage, cancellation);
        expected = segment.place() + 1;
      } catch (IOException e) {
        throw IoFailures.translate("reading segment " + segment.place(), e);
      }
    }
  }

  private void run(
      Segment segment, LogVisitor visitor, DamageListener damage, Cancellation cancellation)
      throws IOException {
    boolean last = segment.place() == end.place();
    long size = segment.file.size();
    long limit = last ? Math.min(end.offset(), size) : size;
    SegmentScan scan = new SegmentScan(segment, Segment.HEADER_BYTES, limit);
    long stop = scan.run(visitor, cancellation);
    while (stop < limit) {
      long next = scan.skipDamage();
      damage.damaged(segment.place(), stop, next, "no valid record starts there");
      stop = scan.run(visitor, cancellation);
    }
    if (scan.committedEnd() < limit) {
      damage.damaged(
          segment.place(), scan.committedEnd(), limit, "a transaction there lacks its end");
    }
    if (last && size < end.offset()) {
      damage.damaged(segment.place(), size, size, "it ends there, and once at " + end);
    }
  }
}
