package org.ouroborosdb.store.ingest;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.Position;

/** A log and an index of chunks in memory, which can be told to fail. Thread-safe. */
class MemoryChunks implements ChunkLog, ChunkIndex {
  final Map<Position, StoredChunks> records = new ConcurrentHashMap<>();
  final Map<ChunkId, ChunkLocation> locations = new ConcurrentHashMap<>();
  final AtomicInteger appends = new AtomicInteger();
  final AtomicInteger appendedChunks = new AtomicInteger();
  final AtomicInteger reads = new AtomicInteger();
  final AtomicLong appendedBytes = new AtomicLong();
  volatile int appendsUntilFull = Integer.MAX_VALUE;

  @Override
  public void append(GroupTable table, byte codec, ByteBuffer stored) {
    int number = appends.incrementAndGet();
    if (number > appendsUntilFull) {
      throw new StoreException(ErrorCode.DISK_FULL, "the disk is full");
    }
    byte[] copy = new byte[stored.remaining()];
    stored.get(copy);
    Position position = new Position(1, number);
    records.put(position, new StoredChunks(table, codec, ByteBuffer.wrap(copy)));
    appendedBytes.addAndGet(table.rawLength());
    appendedChunks.addAndGet(table.entries().size());
    table.locate(position, codec, copy.length, this::add);
  }

  @Override
  public StoredChunks read(ChunkLocation location) {
    reads.incrementAndGet();
    StoredChunks record = records.get(location.position());
    if (record == null) {
      throw new StoreException(ErrorCode.CORRUPT, "nothing at " + location);
    }
    return record;
  }

  @Override
  public @Nullable ChunkLocation find(ChunkId id) {
    return locations.get(id);
  }

  @Override
  public void add(ChunkId id, ChunkLocation location) {
    locations.put(id, location);
  }
}
