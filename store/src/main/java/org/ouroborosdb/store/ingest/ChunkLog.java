package org.ouroborosdb.store.ingest;

import java.nio.ByteBuffer;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.SegmentLog;

/** What this package needs of the log. Thread-safe. */
interface ChunkLog {
  /**
   * Appends chunks in their stored form as one record and tells the index where they are. The
   * buffer is the caller's again when the call returns.
   */
  void append(GroupTable table, byte codec, ByteBuffer stored);

  /** Reads the record that a chunk is in. */
  StoredChunks read(ChunkLocation location);

  /**
   * A record of chunks.
   *
   * @param table which chunks they are
   * @param codec the codec of the stored form
   * @param stored the stored form, between position and limit
   */
  record StoredChunks(GroupTable table, byte codec, ByteBuffer stored) {
    static StoredChunks of(LogRecord record) {
      GroupTable table = GroupTable.of(record);
      return new StoredChunks(table, record.codec(), table.stored(record));
    }
  }

  /** Returns the chunks of a log of segments. */
  static ChunkLog of(SegmentLog log, ChunkIndex index) {
    return new ChunkLog() {
      @Override
      public void append(GroupTable table, byte codec, ByteBuffer stored) {
        log.appendChunks(table, codec, stored, index);
      }

      @Override
      public StoredChunks read(ChunkLocation location) {
        return StoredChunks.of(log.read(location.position(), location.kind()));
      }
    };
  }
}
