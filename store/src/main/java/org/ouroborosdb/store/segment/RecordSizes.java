package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.StorageUse;

/**
 * Counts the records of a log by kind, from their headers alone: one small read for each record
 * that is longer than that, so chunks cost little. Sealed segments are counted once. Thread-safe.
 */
public final class RecordSizes {
  private static final int WINDOW_BYTES = 16 << 10;

  private final SegmentLog log;
  private final Map<SegmentInfo, Counts> sealed = new ConcurrentHashMap<>();

  /** Counts the records of a log that stays open. */
  public RecordSizes(SegmentLog log) {
    this.log = log;
  }

  /**
   * Returns a row for each kind, headers of segments and unreadable bytes too.
   *
   * @param removed says whether a published event can be read no more; null if all can
   * @param cancellation stops the call
   * @param progress is told bytes of segments passed, of all
   */
  public List<StorageUse> count(
      @Nullable Predicate<EventId> removed, Cancellation cancellation, ProgressListener progress) {
    Position published = log.publishedEnd();
    List<SegmentInfo> segments = log.infos();
    long total = segments.stream().mapToLong(SegmentInfo::bytes).sum();
    Counts sum = new Counts();
    long done = 0;
    for (SegmentInfo info : segments) {
      Counts known = removed == null ? sealed.get(info) : null;
      if (known == null) {
        known = new Scan(info, removed, published, cancellation).run();
        if (removed == null && info.sealed()) {
          sealed.put(info, known);
        }
      }
      sum.add(known);
      done += info.bytes();
      progress.progress(done, total);
    }
    return sum.rows(segments.size());
  }

  /** What was counted. */
  private static final class Counts {
    private final Map<RecordKind, Long> records = new EnumMap<>(RecordKind.class);
    private final Map<RecordKind, Long> bytes = new EnumMap<>(RecordKind.class);
    private long unreadable;
    private long deadBytes;

    void take(RecordKind kind, long count, long length) {
      records.merge(kind, count, Long::sum);
      bytes.merge(kind, length, Long::sum);
    }

    void add(Counts other) {
      other.records.forEach((kind, count) -> take(kind, count, other.bytes.getOrDefault(kind, 0L)));
      unreadable += other.unreadable;
      deadBytes += other.deadBytes;
    }

    List<StorageUse> rows(int segments) {
      List<StorageUse> rows = new ArrayList<>();
      for (RecordKind kind : RecordKind.values()) {
        String name = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        long dead = kind == RecordKind.EVENT ? deadBytes : 0;
        long count = records.getOrDefault(kind, 0L);
        rows.add(new StorageUse(name, count, bytes.getOrDefault(kind, 0L), dead));
      }
      rows.add(
          new StorageUse("segment header", segments, (long) segments * Segment.HEADER_BYTES, 0));
      rows.add(new StorageUse("unreadable", unreadable == 0 ? 0 : 1, unreadable, 0));
      return rows;
    }
  }

  /** Reads the headers of one segment. */
  private final class Scan {
    private final SegmentInfo info;
    private final @Nullable Predicate<EventId> removed;
    private final Position published;
    private final Cancellation cancellation;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
    private long windowStart;

    Scan(
        SegmentInfo info,
        @Nullable Predicate<EventId> removed,
        Position published,
        Cancellation cancellation) {
      this.info = info;
      this.removed = removed;
      this.published = published;
      this.cancellation = cancellation;
    }

    Counts run() {
      Counts counts = new Counts();
      Segment segment = Objects.requireNonNull(log.segment(info.number()));
      long offset = Segment.HEADER_BYTES;
      try {
        while (offset < info.bytes()) {
          cancellation.check();
          int length = fill(segment, offset) ? RecordFormat.announcedLength(at(offset)) : -1;
          if (length < 0 || offset + length > info.bytes()) {
            break;
          }
          take(counts, offset, length);
          offset += length;
        }
      } catch (IOException e) {
        throw IoFailures.translate("reading segment " + info.number(), e);
      }
      // What is behind the last whole record of the youngest segment is still being written.
      counts.unreadable = info.sealed() ? Math.max(0, info.bytes() - offset) : 0;
      return counts;
    }

    private void take(Counts counts, long offset, int length) {
      ByteBuffer record = at(offset);
      RecordKind kind = Objects.requireNonNull(RecordKind.ofNumber(record.get(4)));
      counts.take(kind, 1, length);
      if (removed != null
          && kind == RecordKind.EVENT
          && new Position(info.number(), offset).compareTo(published) < 0
          && removed.test(EventId.read(record.position(RecordFormat.HEADER_BYTES)))) {
        counts.deadBytes += length;
      }
    }

    private ByteBuffer at(long offset) {
      int start = (int) (offset - windowStart);
      return window.slice(start, window.limit() - start);
    }

    /** Makes the window hold a header and a name, or what the segment has of them. */
    private boolean fill(Segment segment, long offset) throws IOException {
      long want = Math.min(info.bytes() - offset, RecordFormat.HEADER_BYTES + EventId.BYTES);
      if (want < RecordFormat.HEADER_BYTES) {
        return false;
      }
      if (offset + want > windowStart + window.limit()) { // the offset only grows
        window.clear().limit((int) Math.min(WINDOW_BYTES, info.bytes() - offset));
        segment.file.readFully(window, offset);
        window.flip();
        windowStart = offset;
      }
      return true;
    }
  }
}
