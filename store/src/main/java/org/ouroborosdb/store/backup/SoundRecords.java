package org.ouroborosdb.store.backup;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.ingest.ChunkReader;
import org.ouroborosdb.store.ingest.ChunkTrim;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.RecordContents;
import org.ouroborosdb.store.segment.SegmentRewrite;
import org.ouroborosdb.store.verify.EventRecords;

/** Reads records with all their hashes compared. Stateless. */
final class SoundRecords implements RecordContents {
  @Override
  public Event event(LogRecord record) {
    return EventRecords.event(record);
  }

  @Override
  public SegmentRewrite.@Nullable Chunks chunks(LogRecord record, Predicate<ChunkId> wanted) {
    SegmentRewrite.Chunks chunks = ChunkTrim.keep(record, wanted);
    if (chunks != null) {
      ChunkReader.verify(record);
    }
    return chunks;
  }
}
