package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.Disk;

/** The chunks that the events of a log refer to and that it does not have. For one thread. */
final class MissingChunks {
  private final RecordContents contents;
  private final Cancellation cancellation;
  private final Set<ChunkId> missing = new HashSet<>();

  MissingChunks(RecordContents contents, Cancellation cancellation) {
    this.contents = contents;
    this.cancellation = cancellation;
  }

  /** Takes the records of a segment. */
  abstract static class Reading {
    void chunk(LogRecord record) {}

    abstract void member(LogRecord record);
  }

  /** Hands over the records in a place. */
  interface Scan {
    void of(int place, Reading reading) throws IOException;
  }

  Set<ChunkId> missing() {
    return missing;
  }

  /** Finds them. Of each chunk that is there, eight bytes are held in memory. */
  void find(Collection<Integer> places, Scan scan) throws IOException {
    Longs stored = new Longs();
    Set<EventId> targets = new HashSet<>();
    for (int place : places) {
      scan.of(place, new Stored(stored, targets));
    }
    stored.sort();
    for (int place : places) {
      scan.of(
          place,
          new Reading() {
            @Override
            void member(LogRecord record) {
              if (record.kind() == RecordKind.EVENT) {
                want(contents.event(record), targets, stored);
              }
            }
          });
    }
  }

  /** Collects which chunks there are, and which events were removed. */
  private static final class Stored extends Reading {
    private final Longs chunks;
    private final Set<EventId> targets;

    Stored(Longs chunks, Set<EventId> targets) {
      this.chunks = chunks;
      this.targets = targets;
    }

    @Override
    void chunk(LogRecord record) {
      GroupTable.of(record).entries().forEach(entry -> chunks.add(prefix(entry.id())));
    }

    @Override
    void member(LogRecord record) {
      if (record.kind() == RecordKind.TOMBSTONE) {
        targets.add(EventId.read(record.name().duplicate()));
      }
    }
  }

  private static long prefix(ChunkId id) {
    return ByteBuffer.wrap(id.toBytes()).getLong();
  }

  /** What was removed, with all below it, refers to nothing that must be there. */
  private void want(Event event, Set<EventId> removed, Longs stored) {
    EventId parent = event.parent();
    if (event.temporary()
        && (removed.contains(event.id()) || (parent != null && removed.contains(parent)))) {
      removed.add(event.id());
      return;
    }
    want(event.content(), stored);
    want(event.metadata(), stored);
  }

  private void want(@Nullable StoredContent content, Longs stored) {
    for (ChunkRef chunk : content == null ? List.<ChunkRef>of() : content.chunks()) {
      if (stored.find(prefix(chunk.id())) < 0) {
        missing.add(chunk.id());
      }
    }
  }

  /** Writes those that another log has, and forgets them; returns in how many records. */
  long fetch(Disk from, SegmentWriter to) throws IOException {
    long[] records = {0};
    for (int number : LogCopy.segments(from).values()) {
      if (missing.isEmpty()) {
        break;
      }
      try (RecordFile file = new RecordFile(from, number)) {
        PlaceRecords.read(file, cancellation)
            .eachChunk(record -> records[0] += fetch(record, to) ? 1 : 0);
      }
    }
    return records[0];
  }

  private boolean fetch(LogRecord record, SegmentWriter to) {
    SegmentRewrite.Chunks found;
    try {
      found = contents.chunks(record, missing::contains);
    } catch (StoreException e) {
      return false; // it is not what it says, and another record may be
    }
    if (found == null) {
      return false;
    }
    to.chunks(found);
    found.table().entries().forEach(entry -> missing.remove(entry.id()));
    return true;
  }
}
