package org.ouroborosdb.store.segment;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.StoreException;

/** Reads what is in a record, every byte checked against the names in it. */
public interface RecordContents {
  /**
   * Returns the event of a record.
   *
   * @throws StoreException {@link ErrorCode#CORRUPT} if it is not what its name says
   */
  Event event(LogRecord record);

  /** Returns whether a record is an event that is what its name says, or of another kind. */
  default boolean isSound(LogRecord record) {
    if (record.kind() != RecordKind.EVENT) {
      return true;
    }
    try {
      event(record);
      return true;
    } catch (StoreException e) {
      return false; // its checksum fits, and still it is damage
    }
  }

  /**
   * Returns some of the chunks of a record; null if none of them is asked for.
   *
   * @throws StoreException {@link ErrorCode#CORRUPT} if a chunk is not what its name says
   */
  SegmentRewrite.@Nullable Chunks chunks(LogRecord record, Predicate<ChunkId> wanted);
}
