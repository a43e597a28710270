package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.index.ChunkMarks;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.SegmentMoves;
import org.ouroborosdb.store.ingest.ChunkTrim;
import org.ouroborosdb.store.ingest.ContentPins;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogFiles;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;
import org.ouroborosdb.store.segment.SegmentRewrite;
import org.ouroborosdb.store.verify.EventRecords;

/** The rewriting of one segment. For one thread, once. */
final class SegmentReclaim {
  /** Shorter segments are not worth a file of their own. */
  static final long LEAST_BYTES = 256;

  private static final int MOVES_AT_ONCE = 1_000;
  private static final long COMMIT_BYTES = 40;
  private static final long FREED_BYTES = 32;
  private static final long FRAME_BYTES = 20;
  private static final long HEADER_BYTES = 32;

  private final Reclaimer reclaimer;
  private final EmbeddedEventStore store;
  private final OpenStore files;
  private final ReclaimOptions options;
  private final ChunkMarks marks;
  private final Pace pace;
  private final Cancellation cancellation;
  private final Map<ChunkId, ChunkLocation> unused = new HashMap<>();
  private final List<Runnable> moves = new ArrayList<>();
  private long kept = HEADER_BYTES;

  SegmentReclaim(
      Reclaimer reclaimer,
      ReclaimOptions options,
      ChunkMarks marks,
      Pace pace,
      Cancellation cancellation) {
    this.reclaimer = reclaimer;
    this.store = reclaimer.store();
    this.files = reclaimer.files();
    this.options = options;
    this.marks = marks;
    this.pace = pace;
    this.cancellation = cancellation;
  }

  private void check() {
    cancellation.check();
    store.requireOpen();
  }

  /** Returns the bytes freed; below 0 if the segment stays as it is. */
  long run(int place) {
    try (SegmentRewrite rewrite =
        store.using(() -> new SegmentRewrite(files.log(), place, files.options().minFreeBytes()))) {
      long old = rewrite.oldBytes();
      rewrite.readOld(new Measure(), cancellation);
      if (kept > old * (1 - options.leastDead()) || kept >= old) {
        return -1;
      }
      int builds = files.indexBuilds();
      Set<ChunkId> dead = store.using(this::decide);
      boolean done = false;
      try {
        rewrite.write(new Live(dead), this::pass, cancellation);
        done = store.using(() -> replace(rewrite, builds));
      } finally {
        if (!done && !rewrite.isNamed()) {
          restore(dead);
        }
      }
      return done ? old - rewrite.newBytes() : -1;
    }
  }

  private void pass(long bytes) {
    check();
    pace.pass(2 * bytes); // what is written was read
  }

  /** Counts what is needed, and finds chunks that seem unused. */
  private final class Measure implements LogVisitor {
    private final SegmentMoves index = new SegmentMoves(files.index());

    @Override
    public void chunk(LogRecord record) {
      check();
      GroupTable table = GroupTable.of(record);
      long live = 0;
      for (GroupTable.Entry entry : table.entries()) {
        ChunkLocation at = files.index().find(entry.id());
        if (at != null && at.position().equals(record.position())) {
          if (marks.mayBeUsed(entry.id())) {
            live += entry.length();
          } else {
            unused.put(entry.id(), at);
          }
        }
      }
      kept += length(record) * live / Math.max(1, table.rawLength());
    }

    @Override
    public void committed(LogRecord record, long seq) {
      check();
      if (record.kind() != RecordKind.EVENT || index.isNeeded(seq, record.position())) {
        kept += length(record);
      }
    }

    @Override
    public void freed(Position at, long firstSeq, long count, long level) {
      kept += FREED_BYTES;
    }

    private static long length(LogRecord record) {
      return FRAME_BYTES + record.name().remaining() + (long) record.payload().remaining();
    }

    @Override
    public void batchEnd(Position end, long lastSeq) {
      kept += COMMIT_BYTES;
    }
  }

  /**
   * Takes unused chunks out of the index, and back those that somebody has come to need since. The
   * pins are asked before the rows: what ceases to be pinned is in a row by then.
   */
  private Set<ChunkId> decide() {
    return files
        .log()
        .quiesced(
            at -> {
              EventIndex index = files.index();
              SegmentMoves moved = new SegmentMoves(index);
              unused.keySet().forEach(moved::forget);
              ContentPins.Pinned pinned = files.pins().now();
              marks.update(index, Cancellation.create());
              Set<ChunkId> dead = new HashSet<>();
              unused.forEach(
                  (id, location) -> {
                    if (marks.mayBeUsed(id) || pinned.holds(id, location.position().place())) {
                      index.add(id, location);
                    } else {
                      dead.add(id);
                    }
                  });
              return dead;
            });
  }

  /** Takes dead chunks back that were not stored again since, for they are still there. */
  private void restore(Set<ChunkId> dead) {
    try {
      store.using(
          () ->
              files
                  .log()
                  .quiesced(
                      at -> {
                        EventIndex index = files.index();
                        for (ChunkId id : dead) {
                          ChunkLocation location = unused.get(id);
                          if (location != null && index.find(id) == null) {
                            index.add(id, location);
                          }
                        }
                        return at;
                      }));
    } catch (StoreException e) {
      // Without their entries they are stored again when they are put.
    }
  }

  /** What the new segment holds. */
  private final class Live implements SegmentRewrite.Needed {
    private final Set<ChunkId> dead;

    Live(Set<ChunkId> dead) {
      this.dead = dead;
    }

    @Override
    public boolean event(LogRecord record, long seq) {
      check();
      return new SegmentMoves(files.index()).isNeeded(seq, record.position());
    }

    @Override
    public long levelOf(LogRecord record) {
      return EventRecords.event(record).level();
    }

    @Override
    public SegmentRewrite.@Nullable Chunks chunks(LogRecord record) {
      check();
      pace.pass(record.payload().remaining());
      return ChunkTrim.keep(record, id -> isNeeded(id, record.position()));
    }

    private boolean isNeeded(ChunkId id, Position at) {
      if (dead.contains(id)) {
        return false;
      }
      ChunkLocation now = files.index().find(id);
      return now != null && now.position().equals(at);
    }
  }

  /** Puts the new segment in the old one's place; false if the index is another since. */
  private boolean replace(SegmentRewrite rewrite, int builds) {
    boolean[] done = {false};
    reclaimer.exclusively(
        cancellation,
        () -> {
          if (files.indexBuilds() != builds) {
            return;
          }
          rewrite.name();
          move(rewrite);
          done[0] = true;
        });
    if (done[0]) {
      reclaimer.replaced();
    }
    return done[0];
  }

  private void move(SegmentRewrite rewrite) {
    try {
      quietly(() -> new SegmentMoves(files.index()).begin());
      rewrite.readNew(new Mover(rewrite.oldNumber()), Cancellation.create());
      applyMoves();
      quietly(
          () -> {
            rewrite.install();
            new SegmentMoves(files.index()).end(LogFiles.generations(files.log()));
          });
    } catch (RuntimeException | Error e) {
      files.index().markDamaged(); // half of it is moved: it is built anew from the old segment
      throw e;
    }
  }

  private void quietly(Runnable action) {
    files
        .log()
        .quiesced(
            at -> {
              action.run();
              return at;
            });
  }

  private void applyMoves() {
    if (!moves.isEmpty()) {
      quietly(() -> moves.forEach(Runnable::run));
      moves.clear();
    }
  }

  /** Moves the index to the new segment, some records at a time. */
  private final class Mover implements LogVisitor {
    private final int from;

    Mover(int from) {
      this.from = from;
    }

    @Override
    public void chunk(LogRecord record) {
      GroupTable table = GroupTable.of(record);
      table.locate(
          record.position(),
          record.codec(),
          table.stored(record).remaining(),
          (id, to) -> add(() -> new SegmentMoves(files.index()).moveChunk(id, from, to)));
    }

    @Override
    public void committed(LogRecord record, long seq) {
      Position to = record.position();
      if (record.kind() == RecordKind.EVENT) {
        add(() -> new SegmentMoves(files.index()).moveEvent(seq, from, to));
      }
    }

    private void add(Runnable move) {
      moves.add(move);
      if (moves.size() >= MOVES_AT_ONCE) {
        applyMoves();
      }
    }
  }
}
