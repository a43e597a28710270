package org.ouroborosdb.store.verify;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkInfo;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.ingest.ChunkReader;
import org.ouroborosdb.store.patch.PatchedContent;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;
import org.ouroborosdb.store.segment.SegmentLog;

/**
 * Reads every record, computes every hash anew, and holds the index against what it read; chunks on
 * all processors. One verification, one use, one thread.
 */
public final class StoreVerifier implements LogVisitor {
  private static final int MAX_NAMED = 1000;

  private final SegmentLog log;
  private final EventIndex index;
  private final Snapshot snapshot;
  private final VerifyDepth depth;
  private final Cancellation cancellation;
  private final ChunkChecks checks;
  private final ProgressListener progress;
  private final Affected affected;
  private final long totalBytes;
  private final List<String> damages = new ArrayList<>();

  /** The number that the next batch begins with; 0 if unknown. */
  private long nextSeq;

  /** A number of the batch under way; 0 at its start, or if unknown. */
  private long batchSeq;

  private Position batchEnd = new Position(0, 0);
  private long damageCount;
  private long events;
  private long indexedEvents;
  private long chunks;
  private long bytes;

  /**
   * Prepares a verification.
   *
   * @param index the index
   * @param snapshot the state whose index is held against the log
   * @param depth whether to compute hashes, or only to check checksums and counts
   * @param progress is told bytes read, of all bytes
   */
  public StoreVerifier(
      SegmentLog log,
      EventIndex index,
      Snapshot snapshot,
      VerifyDepth depth,
      Cancellation cancellation,
      ProgressListener progress) {
    this.log = log;
    this.index = index;
    this.snapshot = snapshot;
    this.depth = depth;
    this.cancellation = cancellation;
    this.checks = new ChunkChecks(Runtime.getRuntime().availableProcessors(), this::verifyChunks);
    this.progress = progress;
    this.affected = new Affected(snapshot, index);
    this.totalBytes = log.bytes();
  }

  /** Walks the log, then the index. */
  public VerifyReport run() {
    try (checks) {
      log.scan(this, this::damaged, cancellation);
      checks.finish();
    }
    affected.by((segment, offset) -> offset >= log.segmentBytes(segment)).forEach(this::damaged);
    verifyIndex();
    progress.progress(totalBytes, totalBytes);
    return new VerifyReport(log.segmentCount(), events, chunks, bytes, damages, damageCount);
  }

  private void verifyIndex() {
    if (indexedEvents != snapshot.eventCount()) {
      damaged(
          "the index has "
              + snapshot.eventCount()
              + " events, the segments have "
              + indexedEvents
              + " of them");
    }
    long levels = snapshot.byLevel(Long.MIN_VALUE, Long.MAX_VALUE, false).count();
    if (levels != indexedEvents) {
      damaged("the index lists " + levels + " events by level, of " + indexedEvents);
    }
    for (ChunkInfo chunk : snapshot.chunks()) {
      cancellation.check();
      if (chunk.segment() < 1 || chunk.segment() > log.segmentCount()) {
        damaged("the index says chunk " + chunk.id() + " is in segment " + chunk.segment());
      }
    }
  }

  @Override
  public void chunk(LogRecord record) {
    advance(record);
    if (depth == VerifyDepth.FULL) {
      checks.submit(record);
    } else {
      addChunks(GroupTable.of(record).entries().size());
    }
  }

  private synchronized void addChunks(int count) {
    chunks += count;
  }

  private void verifyChunks(LogRecord record) {
    GroupTable table;
    try {
      table = ChunkReader.verify(record);
    } catch (StoreException e) {
      damaged(record, e.getMessage());
      return;
    }
    addChunks(table.entries().size());
    for (GroupTable.Entry chunk : table.entries()) {
      ChunkInfo indexed = snapshot.chunk(chunk.id());
      // One that the index lacks was given up by a clean-up; a reference to it is found elsewhere.
      if (indexed != null && indexed.length() != chunk.length()) {
        damaged(record, "the index knows another length of chunk " + chunk.id());
      }
    }
  }

  @Override
  public void freed(Position at, long firstSeq, long count, long level) {
    follow(at, firstSeq);
  }

  @Override
  public void batchEnd(Position end, long lastSeq) {
    nextSeq = batchSeq == 0 ? 0 : lastSeq + 1;
    batchSeq = 0;
    batchEnd = end;
  }

  /**
   * Compares the first number of a batch with the last of that before: none is ever left out. A
   * segment between the two may have lost its batches to the last, or have had none.
   */
  private void follow(Position at, long seq) {
    if (batchSeq == 0 && nextSeq > 0 && seq > nextSeq) {
      StringBuilder what = new StringBuilder("the records of events ");
      what.append(nextSeq).append(" to ").append(seq - 1).append(" are missing");
      for (int place = batchEnd.place() + 1; place < at.place(); place++) {
        what.append(", there or in segment ").append(place).append(" at offset ");
        what.append(log.segmentBytes(place));
      }
      damaged(batchEnd.place(), batchEnd.offset(), what.toString());
    }
    batchSeq = seq;
  }

  @Override
  public void committed(LogRecord record, long seq) {
    advance(record);
    follow(record.position(), seq);
    if (record.kind() != RecordKind.EVENT || seq > snapshot.seq()) {
      return;
    }
    events++;
    if (depth == VerifyDepth.QUICK) {
      EventId id = EventId.read(record.name().duplicate());
      indexedEvents += (seq == 0 ? snapshot.find(id) : snapshot.find(seq)) == null ? 0 : 1;
      return;
    }
    try {
      EventId name = EventId.read(record.name().duplicate());
      EventRow row = seq == 0 ? snapshot.find(name) : snapshot.find(seq);
      Event event = event(record, row);
      if (event != null) {
        verifyReferences(record, event, row);
      }
    } catch (StoreException e) {
      damaged(record, e.getMessage());
    }
  }

  /** Returns the event of a record; null if it is none, which is said. */
  private @Nullable Event event(LogRecord record, @Nullable EventRow row) {
    try {
      return EventRecords.unplaced(record);
    } catch (StoreException e) {
      String affects = row == null ? "" : "; event " + row.id() + " is damaged, and its row is not";
      damaged(record, e.getMessage() + affects);
      return null;
    }
  }

  private void verifyReferences(LogRecord record, Event event, @Nullable EventRow row) {
    if (row == null) {
      return; // removed since; what the index counts is compared at the end
    }
    indexedEvents++;
    if (!row.id().equals(event.id()) || row.level() != event.level()) {
      damaged(record, "the index has another event than " + event.id() + " at seq " + row.seq());
    }
    List<String> lacking = index.lacking(event, row);
    if (!lacking.isEmpty()) {
      damaged(record, "the index lacks event " + event.id() + " in " + lacking);
    }
    if (event.parent() != null && snapshot.find(event.parent()) == null) {
      damaged(record, "event " + event.id() + " lacks its parent " + event.parent());
    }
    verifyChunks(record, event.id(), event.content());
    verifyChunks(record, event.id(), event.metadata());
    if (row.type() == EventType.PATCH) {
      verifyPatch(record, row);
    }
  }

  /** Reads what a PATCH makes; that a chunk cannot be read is said of the chunk. */
  private void verifyPatch(LogRecord record, EventRow row) {
    try {
      snapshot.content(row).ifPresent(PatchedContent::verify);
    } catch (StoreException e) {
      if (PatchedContent.isBadDelta(e)) {
        damaged(record, "the content of event " + row.id() + " cannot be read: " + e.getMessage());
      }
    }
  }

  private void verifyChunks(LogRecord record, EventId id, @Nullable StoredContent content) {
    if (content == null) {
      return;
    }
    for (ChunkRef chunk : content.chunks()) {
      ChunkInfo stored = snapshot.chunk(chunk.id());
      if (stored == null || stored.length() != chunk.length()) {
        damaged(record, "event " + id + " refers to chunk " + chunk.id() + ", which is missing");
      }
    }
  }

  private void advance(LogRecord record) {
    cancellation.check();
    bytes += record.payload().remaining();
    progress.progress(Math.min(bytes, totalBytes), totalBytes);
  }

  private void damaged(LogRecord record, @Nullable String what) {
    Position at = record.position();
    damaged(at.place(), at.offset(), String.valueOf(what));
  }

  private void damaged(int segment, long offset, String what) {
    damaged("segment " + segment + " at offset " + offset + ": " + what);
  }

  private void damaged(int segment, long offset, long next, String what) {
    nextSeq = 0; // batches may lie in what is skipped
    damaged(segment, offset, what);
    affected.by((in, at) -> in == segment && at >= offset && at < next).forEach(this::damaged);
  }

  private synchronized void damaged(String what) {
    damageCount++;
    if (damages.size() < MAX_NAMED) {
      damages.add(what);
    }
  }
}
