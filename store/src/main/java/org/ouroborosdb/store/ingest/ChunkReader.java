package org.ouroborosdb.store.ingest;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.identity.Sha512;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.SegmentLog;

/**
 * The one place where chunk bytes enter from the disk: decompressed, and hashed before anybody sees
 * them. Thread-safe; keeps some of what it verified.
 */
public final class ChunkReader {
  /** Four groups serve a few readers that go through neighbours; each more would serve one more. */
  private static final long MAX_GROUP_BYTES = 4L * Limits.MAX_GROUP_BYTES;

  private final ChunkLog log;
  private final ChunkIndex index;
  private final ChunkGroups pending;
  private final ChunkCache cache;
  private final GroupCache groups;

  /**
   * Creates a reader that keeps at most {@code cacheBytes} of verified chunks and of groups, and at
   * least one group.
   *
   * @param pending the chunks that are not in the log yet
   */
  public ChunkReader(SegmentLog log, ChunkIndex index, ChunkGroups pending, long cacheBytes) {
    this(ChunkLog.of(log, index), index, pending, cacheBytes);
  }

  ChunkReader(ChunkLog log, ChunkIndex index, ChunkGroups pending, long cacheBytes) {
    this.log = log;
    this.index = index;
    this.pending = pending;
    long groupBytes = Math.min(MAX_GROUP_BYTES, cacheBytes / 2);
    cache = new ChunkCache(cacheBytes - groupBytes);
    groups = new GroupCache(groupBytes);
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
   * Computes the SHA-512 of each chunk of a record anew.
   *
   * @return the chunks
   * @throws StoreException {@link ErrorCode#CORRUPT} if one has another name than is written
   */
  public static GroupTable verify(LogRecord record) {
    ChunkLog.StoredChunks stored = ChunkLog.StoredChunks.of(record);
    byte[] bytes = decompress(stored);
    for (GroupTable.Entry entry : stored.table().entries()) {
      requireName(entry, bytes);
    }
    return stored.table();
  }

  private byte[] load(ChunkId id) {
    byte[] unwritten = pending.read(id);
    if (unwritten != null) {
      return unwritten; // hashed when it was put
    }
    GroupCache.Group near = groups.holding(id);
    if (near != null) {
      return verified(Objects.requireNonNull(entry(id, near.table())), near);
    }
    ChunkLocation location = index.find(id);
    if (location == null) {
      throw new StoreException(ErrorCode.CHUNK_NOT_FOUND, "chunk " + id + " is not in the store");
    }
    ChunkLog.StoredChunks stored = log.read(location);
    GroupCache.Group group = new GroupCache.Group(stored.table(), decompress(stored));
    GroupTable.Entry entry = entry(id, group.table());
    if (entry == null) {
      throw corrupt(id, "it is not in the record at " + location.position());
    }
    byte[] bytes = verified(entry, group);
    if (location.grouped()) {
      groups.put(location.position(), group);
    }
    return bytes;
  }

  private static byte[] verified(GroupTable.Entry entry, GroupCache.Group group) {
    requireName(entry, group.bytes());
    return entry.length() == group.bytes().length
        ? group.bytes()
        : Arrays.copyOfRange(group.bytes(), entry.offset(), entry.offset() + entry.length());
  }

  private static GroupTable.@Nullable Entry entry(ChunkId id, GroupTable table) {
    for (GroupTable.Entry entry : table.entries()) {
      if (entry.id().equals(id)) {
        return entry;
      }
    }
    return null;
  }

  private static byte[] decompress(ChunkLog.StoredChunks stored) {
    return Compression.decompress(stored.codec(), stored.stored(), stored.table().rawLength());
  }

  private static void requireName(GroupTable.Entry entry, byte[] bytes) {
    if (Guard.CHUNK_HASH.isOn()
        && !Sha512.chunkId(bytes, entry.offset(), entry.length()).equals(entry.id())) {
      throw corrupt(entry.id(), "its SHA-512 is another");
    }
  }

  private static StoreException corrupt(ChunkId id, String why) {
    return new StoreException(
        ErrorCode.CORRUPT, "chunk " + id + " is damaged: " + why + "; run verify");
  }
}
