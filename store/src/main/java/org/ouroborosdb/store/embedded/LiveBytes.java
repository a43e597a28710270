package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.SegmentUse;
import org.ouroborosdb.store.index.ChunkMarks;
import org.ouroborosdb.store.index.SegmentMoves;

/** Estimates from the index how much of each segment can still be read. For one thread, once. */
final class LiveBytes {
  private static final long MOST_MARK_BYTES = 64 << 20;
  private static final int MARK_SHARE = 2; // of the cache, which a profile chooses to fit

  private final OpenStore files;
  private final Cancellation cancellation;

  LiveBytes(OpenStore files, Cancellation cancellation) {
    this.files = files;
    this.cancellation = cancellation;
  }

  /** Returns the segments as they are now; writes nothing. */
  List<SegmentUse> segments() {
    LongPredicate gone = new SegmentMoves(files.index()).gone();
    ChunkMarks marks = newMarks();
    marks.update(files.index(), gone, cancellation);
    return segments(marks, gone);
  }

  /** Takes removed events that no snapshot shows out of the index, if it can be written. */
  void purge() {
    if (!files.options().readOnly() && files.log().broken() == null) {
      files
          .log()
          .quiesced(
              at -> {
                new SegmentMoves(files.index()).purge();
                return at;
              });
    }
  }

  /** Returns which chunks may be in use, of removed events too. */
  ChunkMarks marks() {
    ChunkMarks marks = newMarks();
    marks.update(files.index(), cancellation);
    return marks;
  }

  private ChunkMarks newMarks() {
    long most = Math.min(MOST_MARK_BYTES, files.options().cacheBytes() / MARK_SHARE);
    return new ChunkMarks(
        files.index().counters()[2], Math.max(1 << 16, most), files.surroundings().random().get());
  }

  /** Returns the segments as they are now, given which chunks may be in use. */
  List<SegmentUse> segments(ChunkMarks marks) {
    return segments(marks, seq -> false);
  }

  private List<SegmentUse> segments(ChunkMarks marks, LongPredicate gone) {
    Map<Integer, Long> live = new HashMap<>();
    SegmentMoves moves = new SegmentMoves(files.index());
    moves.forEachChunk(
        (id, at) -> {
          if (marks.mayBeUsed(id)) {
            live.merge(at.position().place(), SegmentMoves.recordBytes(at), Long::sum);
          }
        },
        cancellation);
    moves.forEachRow((at, bytes) -> live.merge(at.place(), bytes, Long::sum), gone, cancellation);
    List<SegmentUse> uses = new ArrayList<>();
    for (SegmentInfo info : files.log().infos()) {
      long bytes = live.getOrDefault(info.number(), 0L);
      uses.add(new SegmentUse(info, Math.min(info.bytes(), bytes)));
    }
    return uses;
  }
}
