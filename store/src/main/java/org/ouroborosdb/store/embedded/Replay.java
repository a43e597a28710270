package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.index.IndexedEvent;
import org.ouroborosdb.store.index.LogReads;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.LogVisitor;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;
import org.ouroborosdb.store.verify.EventRecords;

/** Applies the log to an index: what an unclean stop left out, or all of it. For one thread. */
final class Replay implements LogVisitor {
  private final EventIndex index;
  private final LogReads log;
  private final List<Member> batch = new ArrayList<>();
  private long lastSeq;
  private final long eventsPerFlush;
  private long applied;
  private boolean anyFreed;

  /** A record that takes effect at the end of its batch. */
  private record Member(@Nullable LogRecord record, long seq, long level) {}

  /**
   * Creates a visitor.
   *
   * @param eventsPerFlush how many events may wait in memory, at some 400 bytes of changed pages
   */
  Replay(EventIndex index, LogReads log, long eventsPerFlush) {
    this.index = index;
    this.log = log;
    this.lastSeq = index.lastSeq();
    this.eventsPerFlush = eventsPerFlush;
  }

  @Override
  public void chunk(LogRecord record) {
    GroupTable table = GroupTable.of(record);
    table.locate(record.position(), record.codec(), table.stored(record).remaining(), this::locate);
  }

  private void locate(ChunkId id, ChunkLocation location) {
    if (index.find(id) == null) {
      index.add(id, location);
    }
  }

  @Override
  public void committed(LogRecord record, long seq) {
    requireNext(record.position(), seq);
    lastSeq = seq;
    batch.add(new Member(record, seq, 0));
  }

  @Override
  public void freed(Position at, long firstSeq, long count, long level) {
    requireNext(at, firstSeq);
    lastSeq = firstSeq + count - 1;
    anyFreed = true;
    batch.add(new Member(null, lastSeq, level));
  }

  @Override
  public void batchEnd(Position end, long lastSeq) {
    for (Member member : batch) {
      LogRecord record = member.record();
      if (record == null) {
        index.skip(member.seq(), member.level());
      } else if (record.kind() == RecordKind.EVENT) {
        event(record, member.seq());
      } else {
        tombstone(EventId.read(record.name().duplicate()), member.seq());
      }
      index.publish();
    }
    applied += batch.size();
    batch.clear();
    if (applied >= eventsPerFlush && index.isPersistent()) {
      index.flush();
      applied = 0;
    }
  }

  private void requireNext(Position at, long seq) {
    if (seq != lastSeq + 1) {
      throw new StoreException(
          ErrorCode.CORRUPT,
          "event "
              + seq
              + " at "
              + at
              + " follows "
              + lastSeq
              + ": a segment before it was cut; run verify");
    }
  }

  private void event(LogRecord record, long seq) {
    Event event = EventRecords.event(record);
    try (IndexSnapshot before = new IndexSnapshot(index, log)) {
      EventRow parent = event.parent() == null ? null : before.find(event.parent());
      if (event.parent() != null && parent == null && event.temporary() && anyFreed) {
        // The numbers have no gap, so the parent was removed and freed, and this went with it.
        index.skip(seq, event.level());
        return;
      }
      if (event.parent() != null && parent == null) {
        throw new StoreException(
            ErrorCode.CORRUPT,
            "event "
                + event.id()
                + " at "
                + record.position()
                + " lacks its parent "
                + event.parent());
      }
      index.apply(indexed(event, seq, parent, record.position()));
    }
  }

  private static IndexedEvent indexed(
      Event event, long seq, @Nullable EventRow parent, Position position) {
    if (parent == null) {
      return new IndexedEvent(event, seq, 0, seq, seq, 0, position);
    }
    long base = event.type().isVersion() ? parent.baseSeq() : seq;
    return new IndexedEvent(
        event, seq, parent.seq(), parent.rootSeq(), base, parent.depth() + 1, position);
  }

  private void tombstone(EventId target, long seq) {
    List<Long> removed = new ArrayList<>();
    try (IndexSnapshot before = new IndexSnapshot(index, log)) {
      EventRow row = before.find(target);
      if (row != null && row.temporary()) {
        before.subtree(row.seq(), Integer.MAX_VALUE).forEach(below -> removed.add(below.seq()));
      }
    }
    index.tombstone(target, seq, removed);
  }
}
