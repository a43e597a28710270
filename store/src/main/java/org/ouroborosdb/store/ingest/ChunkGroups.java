package org.ouroborosdb.store.ingest;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.identity.Sha512;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.SegmentLog;

/**
 * Stores chunks that are new, each one once, in groups. Thread-safe.
 *
 * <p>A chunk is <em>pending</em> until its group is in the log: it can be read and referred to, and
 * who commits an event that refers to it calls {@link #write} first. The thread whose chunk no
 * longer fits writes the full group, while others fill the next one. A group that could not be
 * written stays pending, and the next put tries it again before it takes anything new.
 */
public final class ChunkGroups {
  /**
   * Chunks shorter than this have groups of their own: metadata of many events packs better alone,
   * and the limit on chunks does not cut the groups of longer ones.
   */
  private static final int SHORT_BYTES = 1 << 10;

  private final ChunkLog log;
  private final ChunkIndex index;
  private final ContentPins pins;
  private final int groupBytes;
  private final GroupBuffers buffers = new GroupBuffers();
  private final ConcurrentHashMap<ChunkId, ChunkGroup> pending = new ConcurrentHashMap<>();
  private final Set<ChunkGroup> failed = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();

  /** Changes when chunks come into the index, before they cease to be pending. */
  private final AtomicLong writes = new AtomicLong();

  // Guarded by lock.
  private @Nullable ChunkGroup openShort;
  private final Lane[] lanes = {new Lane(), new Lane()};

  /**
   * The open group of the longer chunks of one content at a time, or of several when there are more
   * than lanes: bytes of one file, or of its neighbours, pack better together.
   */
  private static final class Lane {
    private @Nullable ChunkGroup open;
    private int contents;
  }

  /** One content that is being put: its pins, and the lane its chunks go to. Thread-safe. */
  final class Put implements AutoCloseable {
    private final ContentPins.Put pinned = pins.begin();
    private final Lane lane = take();

    private Lane take() {
      lock.lock();
      try {
        Lane least = lanes[0];
        for (Lane each : lanes) {
          least = each.contents < least.contents ? each : least;
        }
        least.contents++;
        return least;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        lane.contents--;
      } finally {
        lock.unlock();
      }
      pinned.close();
    }
  }

  /**
   * Creates groups for a log and the index that is told of each new chunk.
   *
   * @param groupBytes plain bytes to a group, from {@link Limits#MAX_CHUNK_BYTES} to {@link
   *     Limits#MAX_GROUP_BYTES}
   */
  public ChunkGroups(SegmentLog log, ChunkIndex index, int groupBytes) {
    this(ChunkLog.of(log, index), index, new ContentPins(() -> log.end().place()), groupBytes);
  }

  ChunkGroups(ChunkLog log, ChunkIndex index) {
    this(log, index, new ContentPins(() -> 0), Limits.MAX_GROUP_BYTES);
  }

  private ChunkGroups(ChunkLog log, ChunkIndex index, ContentPins pins, int groupBytes) {
    this.groupBytes = groupBytes;
    this.log = log;
    this.index = index;
    this.pins = pins;
  }

  /** Returns what keeps chunks from being freed before an event refers to them. */
  public ContentPins pins() {
    return pins;
  }

  /** Returns the most plain bytes of a group. */
  int groupBytes() {
    return groupBytes;
  }

  /** Begins a content. */
  Put begin() {
    return new Put();
  }

  /** Stores one chunk by itself. */
  ChunkRef store(byte[] bytes, int offset, int length) {
    try (Put put = begin()) {
      return store(bytes, offset, length, put);
    }
  }

  /** Hashes a chunk, looks it up, and takes it into a group if it is new. */
  ChunkRef store(byte[] bytes, int offset, int length, Put put) {
    ChunkId id = Sha512.chunkId(bytes, offset, length);
    put.pinned.pin(id);
    long before = writes.get();
    if (!isKnown(id)) {
      failed.forEach(this::write);
      ChunkGroup full = add(id, bytes, offset, length, put, before);
      if (full != null) {
        write(full);
      }
    }
    return new ChunkRef(id, length);
  }

  /**
   * Stores a chunk that came with its name.
   *
   * @return whether the bytes have that name; nothing is stored if not
   */
  public boolean store(ChunkId expected, byte[] bytes, int offset, int length) {
    if (Guard.CHUNK_HASH.isOn() && !Sha512.chunkId(bytes, offset, length).equals(expected)) {
      return false;
    }
    store(bytes, offset, length);
    return true;
  }

  private boolean isKnown(ChunkId id) {
    // In this order: a chunk is in the index before it ceases to be pending.
    return pending.containsKey(id) || index.find(id) != null;
  }

  /**
   * Takes a chunk into an open group; returns the group that had no room for it, if any.
   *
   * @param before the number of writes when the chunk was neither pending nor in the index
   */
  private @Nullable ChunkGroup add(
      ChunkId id, byte[] bytes, int offset, int length, Put put, long before) {
    lock.lock();
    try {
      // In this order: what ceases to be pending was counted before.
      if (pending.containsKey(id) || (writes.get() != before && index.find(id) != null)) {
        return null; // another thread was faster
      }
      boolean isShort = length < SHORT_BYTES;
      ChunkGroup open = isShort ? openShort : put.lane.open;
      ChunkGroup full = null;
      if (open == null || !open.hasRoom(length)) {
        full = open;
        open = new ChunkGroup(buffers, groupBytes);
        if (isShort) {
          openShort = open;
        } else {
          put.lane.open = open;
        }
      }
      open.add(id, bytes, offset, length);
      pending.put(id, open);
      put.pinned.isNew(id);
      return full;
    } finally {
      lock.unlock();
    }
  }

  /** Returns a copy of the bytes of a pending chunk; null if it is not pending, or no more. */
  byte @Nullable [] read(ChunkId id) {
    ChunkGroup group = pending.get(id);
    return group == null ? null : group.read(id);
  }

  /** Returns whether a chunk of this name and length is pending. */
  public boolean isPending(ChunkRef chunk) {
    ChunkGroup group = pending.get(chunk.id());
    return group != null && group.holds(chunk);
  }

  /** Brings chunks into the log: after the call those of them that are stored are in it. */
  public void write(Iterable<ChunkRef> chunks) {
    for (ChunkRef chunk : chunks) {
      ChunkGroup group = pending.get(chunk.id());
      if (group != null) {
        seal(group);
        write(group);
      }
    }
  }

  /** Brings all pending chunks into the log. */
  public void writeAll() {
    Set<ChunkGroup> groups = new HashSet<>(pending.values());
    for (ChunkGroup group : groups) {
      seal(group);
      write(group);
    }
  }

  private void seal(ChunkGroup group) {
    lock.lock();
    try {
      if (group.equals(openShort)) {
        openShort = null;
      }
      for (Lane lane : lanes) {
        if (group.equals(lane.open)) {
          lane.open = null;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Writes a group that takes no more chunks. */
  private void write(ChunkGroup group) {
    try {
      group.write(log);
    } catch (StoreException e) {
      failed.add(group);
      throw e;
    }
    failed.remove(group);
    writes.incrementAndGet();
    group.ids().forEach(id -> pending.remove(id, group));
  }
}
