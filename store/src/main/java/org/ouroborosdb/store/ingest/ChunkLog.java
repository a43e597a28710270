package org.ouroborosdb.store.ingest;

import java.nio.ByteBuffer;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;
import org.ouroborosdb.store.segment.SegmentLog;

/** What this package needs of the log. Thread-safe. */
interface ChunkLog {
  /**
   * Appends a chunk in its stored form and tells the index where it is. The buffer is the caller's
   * again when the call returns.
   */
  void append(ChunkId id, byte codec, int rawLength, ByteBuffer stored);

  /** Reads the chunk record at a position. */
  StoredChunk read(Position position);

  /**
   * A chunk record.
   *
   * @param id the name written in it
   * @param codec the codec of the stored form
   * @param rawLength the plain length in bytes
   * @param stored the stored form, between position and limit
   */
  record StoredChunk(ChunkId id, byte codec, int rawLength, ByteBuffer stored) {
    static StoredChunk of(LogRecord record) {
      ChunkId id = ChunkId.read(record.name().duplicate());
      return new StoredChunk(id, record.codec(), record.rawLength(), record.payload());
    }
  }

  /** Returns the chunks of a log of segments. */
  static ChunkLog of(SegmentLog log, ChunkIndex index) {
    return new ChunkLog() {
      @Override
      public void append(ChunkId id, byte codec, int rawLength, ByteBuffer stored) {
        log.appendChunk(id, codec, rawLength, stored, index);
      }

      @Override
      public StoredChunk read(Position position) {
        return StoredChunk.of(log.read(position, RecordKind.CHUNK));
      }
    };
  }
}
