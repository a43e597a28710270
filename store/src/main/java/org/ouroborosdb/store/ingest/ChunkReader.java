package org.ouroborosdb.store.ingest;

import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.identity.Sha512;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.SegmentLog;

/**
 * The one place where chunk bytes enter from the disk: decompressed, and hashed before anybody sees
 * them. Thread-safe; keeps some of what it verified.
 */
public final class ChunkReader {
  private final ChunkLog log;
  private final ChunkIndex index;
  private final ChunkCache cache;

  /** Creates a reader that keeps at most {@code cacheBytes} of verified chunks. */
  public ChunkReader(SegmentLog log, ChunkIndex index, long cacheBytes) {
    this(ChunkLog.of(log, index), index, cacheBytes);
  }

  ChunkReader(ChunkLog log, ChunkIndex index, long cacheBytes) {
    this.log = log;
    this.index = index;
    cache = new ChunkCache(cacheBytes);
  }

  /**
   * Returns the plain bytes of a chunk, which others share: never change them.
   *
   * @throws StoreException {@link ErrorCode#CHUNK_NOT_FOUND} if the chunk is not stored; {@link
   *     ErrorCode#CORRUPT} if its bytes do not have its name or its length
   */
  public byte[] read(ChunkRef chunk) {
    byte[] cached = cache.get(chunk.id());
    byte[] bytes = cached == null ? load(chunk.id()) : cached;
    if (bytes.length != chunk.length()) {
      throw corrupt(chunk.id(), "it has " + bytes.length + " bytes, not " + chunk.length());
    }
    if (cached == null) {
      cache.put(chunk.id(), bytes);
    }
    return bytes;
  }

  /**
   * Returns the plain bytes of a chunk record.
   *
   * @throws StoreException {@link ErrorCode#CORRUPT} if they do not have the record's name
   */
  public static byte[] verified(LogRecord record) {
    return verified(ChunkLog.StoredChunk.of(record));
  }

  private static byte[] verified(ChunkLog.StoredChunk record) {
    byte[] bytes = Compression.decompress(record.codec(), record.stored(), record.rawLength());
    if (!Sha512.chunkId(bytes, 0, bytes.length).equals(record.id())) {
      throw corrupt(record.id(), "its SHA-512 is another");
    }
    return bytes;
  }

  private byte[] load(ChunkId id) {
    ChunkLocation location = index.find(id);
    if (location == null) {
      throw new StoreException(ErrorCode.CHUNK_NOT_FOUND, "chunk " + id + " is not in the store");
    }
    ChunkLog.StoredChunk record = log.read(location.position());
    if (!record.id().equals(id)) {
      throw corrupt(id, "at " + location.position() + " lies chunk " + record.id());
    }
    return verified(record);
  }

  private static StoreException corrupt(ChunkId id, String why) {
    return new StoreException(
        ErrorCode.CORRUPT, "chunk " + id + " is damaged: " + why + "; run verify");
  }
}
