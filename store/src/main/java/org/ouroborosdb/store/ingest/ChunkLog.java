package org.ouroborosdb.store.ingest;

import java.nio.ByteBuffer;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.segment.Position;

/** What this package needs of the log. Thread-safe. */
public interface ChunkLog {
  /**
   * Appends a chunk in its stored form and returns where its record starts. The buffer is the
   * caller's again when the call returns.
   */
  Position append(ChunkId id, byte codec, int rawLength, ByteBuffer stored);

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
  record StoredChunk(ChunkId id, byte codec, int rawLength, ByteBuffer stored) {}
}
