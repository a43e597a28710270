package org.ouroborosdb.store.segment;

/** Is handed the records of the log in order; a batch only after its COMMIT was read. */
public interface LogVisitor {
  /** Takes a CHUNK or CHUNK_GROUP record; its bytes are the caller's again afterwards. */
  void chunk(LogRecord record);

  /**
   * Takes an EVENT or TOMBSTONE record of a committed batch.
   *
   * @param seq its sequence number; 0 if damage in the batch makes that unknown
   */
  void committed(LogRecord record, long seq);

  /**
   * Takes the place of removed events of a committed batch, whose records were freed.
   *
   * @param firstSeq the sequence number of the first; 0 if damage in the batch makes that unknown
   * @param count how many they are
   * @param level the greatest of their levels
   */
  default void freed(Position at, long firstSeq, long count, long level) {}

  /** Takes the end of a batch, which is where the log may be cut; called after its records. */
  default void batchEnd(Position end, long lastSeq) {}
}
