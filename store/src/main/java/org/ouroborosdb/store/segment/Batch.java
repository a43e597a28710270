package org.ouroborosdb.store.segment;

import java.nio.ByteBuffer;
import java.util.List;

/** A transaction's way into the log; both methods are called once, by the log. */
public interface Batch {
  /**
   * A record to be written.
   *
   * @param kind EVENT or TOMBSTONE
   * @param name the event's id, 64 bytes
   * @param payload the rest
   */
  record Entry(RecordKind kind, ByteBuffer name, ByteBuffer payload) {}

  /**
   * Returns the records to write, checked once more; called alone, in log order. What it throws
   * ends the commit with nothing written.
   *
   * @param firstSeq the sequence number of the first record
   */
  List<Entry> records(long firstSeq);

  /** Applies the batch to the index; called in log order, when the batch is as durable as asked. */
  void publish(List<Position> positions, long firstSeq);

  /** Learns that the batch was not written after {@link #records} had returned. */
  void failed();
}
