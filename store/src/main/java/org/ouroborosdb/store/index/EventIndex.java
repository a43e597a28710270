package org.ouroborosdb.store.index;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.segment.ChunkIndex;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.Position;

/**
 * The index of one store: written by one thread at a time in log order, read by many.
 *
 * <p>What is applied becomes visible with {@link #publish}; what was removed is hidden from
 * snapshots taken since, and leaves the maps when no older snapshot is open.
 */
public final class EventIndex implements ChunkIndex, Closeable {
  private static final long PERCENT = 100;

  private final MVStore store;
  private final @Nullable WriterId owner;
  private final IndexMaps maps;
  private final Heads heads;
  private final ChunkEntries chunks;
  private final EventIds ids;
  private final Writers writers;
  private final OpenSnapshots openSnapshots = new OpenSnapshots();
  private volatile IndexState state = IndexState.EMPTY;
  private volatile boolean anyRemoved;
  private volatile boolean closed;
  private volatile boolean damaged;
  private final long rowBytes;
  private final long unsavedBytes;
  private volatile RowCache rows; // replaced when rows leave the maps
  private volatile @Nullable LogReads log; // that of the last snapshot

  // The state being built by apply, until it is published.
  private long lastSeq;
  private final Totals totals;
  private final Tombstones tombstones;
  private long lastLevel;

  private final Purge purge;
  private final PageHolds holds;

  EventIndex(MVStore store, long rowBytes, long unsavedBytes, @Nullable WriterId owner) {
    this.owner = owner;
    this.store = store;
    this.rowBytes = rowBytes;
    this.unsavedBytes = unsavedBytes;
    maps = new IndexMaps(store);
    heads = new Heads(maps);
    ids = new EventIds(maps.ids);
    lastSeq = number("lastSeq");
    totals = new Totals(maps.numbers);
    tombstones = new Tombstones(maps, totals);
    chunks = new ChunkEntries(maps.chunks, number("uniqueBytes"), number("storedBytes"));
    lastLevel = number("lastLevel");
    writers = new Writers(maps.writers);
    purge = new Purge(this, heads, openSnapshots);
    holds = new PageHolds(store, openSnapshots);
    anyRemoved = !maps.removed.isEmpty();
    rows = new RowCache(rowBytes, lastSeq);
    publish();
  }

  EventIds ids() {
    return ids;
  }

  RowCache rows() {
    return rows;
  }

  IndexMaps maps() {
    return maps;
  }

  /** Returns a number kept under a name; 0 if there is none. */
  public long number(String name) {
    Long value = maps.numbers.get(name);
    return value == null ? 0 : value;
  }

  /** Returns whether it was last written by a store; anybody's is that of null. */
  boolean isOf(@Nullable WriterId storeId) {
    return storeId == null
        || (number("ownerHigh") == storeId.high() && number("ownerLow") == storeId.low());
  }

  /** Returns the last sequence number published. */
  public long lastSeq() {
    return state.lastSeq();
  }

  /** Adds an event; it is visible once published. */
  public void apply(IndexedEvent indexed) {
    Event event = indexed.event();
    long seq = indexed.seq();
    rows.change(indexed.parentSeq(), seq);
    try {
      maps.rows.put(seq, RowCodec.encode(indexed, writers.number(event.writer())));
      ids.put(event.id(), seq);
      EventKeys.forEach(
          maps,
          event,
          seq,
          indexed.parentSeq(),
          indexed.rootSeq(),
          indexed.baseSeq(),
          (map, key) -> map.put(key, Boolean.TRUE));
      if (event.type().isVersion()) {
        heads.add(indexed, this);
      }
      if (!event.temporary()) {
        tombstones.voidOf(event.id());
      }
      boundMemory();
    } catch (MVStoreException e) {
      throw failed("indexing an event", e);
    }
    totals.count(event.id(), event.metadata(), event.content(), event.parent() == null, 1);
    lastLevel = Math.max(lastLevel, event.level());
    lastSeq = seq;
  }

  /** Writes changed pages out of memory when there are many; they count with a checkpoint only. */
  private void boundMemory() {
    if (isPersistent() && store.getUnsavedMemory() > unsavedBytes) {
      commit();
    }
  }

  private void commit() {
    store.commit();
    holds.next(state.lastSeq());
  }

  /** Translates a failure, and remembers damage. */
  StoreException failed(String doing, MVStoreException failure) {
    StoreException translated = IndexFailures.translate(doing, failure);
    damaged |= translated.code() == ErrorCode.CORRUPT;
    return closed
        ? new StoreException(ErrorCode.CLOSED, "the store is closed", failure)
        : translated;
  }

  /** Returns whether a read met damage, so that the index must be built anew. */
  public boolean isDamaged() {
    return damaged;
  }

  /** Says that the index lacks something the log has, so that it must be built anew. */
  public void markDamaged() {
    damaged = true;
  }

  /** Returns whether it has a file that a checkpoint writes. */
  public boolean isPersistent() {
    return store.getFileStore() != null;
  }

  /** Returns whether it was closed, by its owner or by a failed write. */
  public boolean isClosed() {
    return closed || store.isClosed();
  }

  /** Returns the names of the maps that lack a key of an event; none if the index is whole. */
  public List<String> lacking(Event event, EventRow row) {
    List<String> lacking = new ArrayList<>();
    try {
      if (ids.get(event.id()) != row.seq()) {
        lacking.add(maps.ids.getName());
      }
      EventKeys.addLacking(maps, event, row, lacking);
      if (event.type().isVersion() && !heads.contains(row.baseSeq())) {
        lacking.add(maps.heads.getName());
      }
      return lacking;
    } catch (MVStoreException e) {
      throw failed("checking the index", e);
    }
  }

  /**
   * Takes a tombstone: hides events from snapshots at its sequence number and later.
   *
   * @param removedSeqs the events it removes now; may be none
   */
  public void tombstone(EventId target, long seq, List<Long> removedSeqs) {
    try {
      IndexRow named = row(target);
      if (named == null || named.temporary()) {
        tombstones.add(target, seq);
      }
      Set<Long> bases = new HashSet<>();
      for (long removed : removedSeqs) {
        IndexRow row = row(removed);
        if (row != null && maps.removed.putIfAbsent(removed, seq) == null) {
          totals.count(row.id(), row.metadata(), row.content(), row.parentSeq() == 0, -1);
          bases.add(row.baseSeq());
          rows.change(row.parentSeq(), seq);
        }
      }
      bases.forEach(base -> heads.recompute(base, seq, this));
    } catch (MVStoreException e) {
      throw failed("indexing a removal", e);
    }
    lastSeq = seq;
    if (!removedSeqs.isEmpty()) {
      anyRemoved = true;
      purge.removed(seq);
    }
  }

  /** Brings all ids into their map, while nothing is applied. */
  public void settleIds() {
    try {
      ids.settle(this::boundMemory);
    } catch (MVStoreException e) {
      throw failed("writing the index", e);
    }
  }

  /** Returns whether a tombstone names an event. */
  public boolean hasTombstone(EventId target) {
    try {
      return tombstones.contains(target);
    } catch (MVStoreException e) {
      throw failed("looking for a tombstone", e);
    }
  }

  /** Makes everything applied visible to new snapshots. */
  public void publish() {
    state = totals.state(lastSeq);
    try {
      purge();
    } catch (MVStoreException e) {
      throw failed("removing events from the index", e);
    }
  }

  private void purge() {
    if (anyRemoved) {
      if (purge.run(state.lastSeq())) {
        forgetRows();
      }
      anyRemoved = !maps.removed.isEmpty();
    }
  }

  /** Drops rows that are kept in memory, after some have left the maps or changed. */
  void forgetRows() {
    rows = new RowCache(rowBytes, lastSeq);
  }

  /** Takes the sequence numbers up to one, of events whose records were freed. */
  public void skip(long seq, long level) {
    lastSeq = seq;
    lastLevel = Math.max(lastLevel, level);
  }

  ChunkEntries chunks() {
    return chunks;
  }

  OpenSnapshots snapshots() {
    return openSnapshots;
  }

  /** Finds the sequence number of a published event; 0 if there is none. */
  public long find(EventId id) {
    IndexRow row = row(id);
    return row == null ? 0 : row.seq();
  }

  @Nullable IndexRow row(EventId id) {
    RowCache cache = rows;
    IndexRow cached = cache.get(id);
    if (cached != null) {
      return cached;
    }
    try {
      long seq = ids.get(id);
      IndexRow row = seq == 0 ? null : row(seq);
      if (row == null || !row.id().equals(id)) {
        return null;
      }
      cache.put(row);
      return row;
    } catch (MVStoreException e) {
      throw failed("looking up an event", e);
    }
  }

  @Nullable IndexRow row(long seq) {
    IndexRow cached = rows.get(seq);
    if (cached != null) {
      return cached;
    }
    byte[] bytes = rowBytes(seq);
    return bytes == null ? null : new IndexRow(this, seq, bytes);
  }

  private byte @Nullable [] rowBytes(long seq) {
    try {
      return maps.rows.get(seq);
    } catch (MVStoreException e) {
      throw failed("reading an event's row", e);
    }
  }

  /** Returns where the record of an event is; the log's start for one the index lacks. */
  public Position position(long seq) {
    IndexRow row = row(seq);
    return row == null ? new Position(0, 0) : row.position();
  }

  EventId idOf(long seq) {
    IndexRow row = row(seq);
    if (row == null) {
      throw new StoreException(
          ErrorCode.CORRUPT, "the index lacks event " + seq + "; rebuild the index");
    }
    return row.id();
  }

  /** Returns the heads of a base as of a snapshot; null if it must compute them. */
  long @Nullable [] heads(long baseSeq, long snapshotSeq) {
    try {
      return heads.at(baseSeq, snapshotSeq);
    } catch (MVStoreException e) {
      throw failed("looking up heads", e);
    }
  }

  /** Returns whether a version of a base came before one that it merges, as from another store. */
  boolean someMergedCameLater(long baseSeq) {
    return heads(baseSeq, Heads.NEVER_KNOWN - 1) == null;
  }

  boolean isHidden(long seq, long snapshotSeq) {
    if (!anyRemoved) {
      return false;
    }
    try {
      Long by = maps.removed.get(seq);
      return by != null && by <= snapshotSeq;
    } catch (MVStoreException e) {
      throw failed("looking for a removal", e);
    }
  }

  @Override
  public @Nullable ChunkLocation find(ChunkId id) {
    try {
      return chunks.find(id);
    } catch (MVStoreException e) {
      throw failed("looking up a chunk", e);
    }
  }

  @Override
  public void add(ChunkId id, ChunkLocation location) {
    try {
      chunks.add(id, location);
    } catch (MVStoreException e) {
      throw failed("indexing a chunk", e);
    }
  }

  /** Forgets the chunks from a position on, which the log lost; nothing is added meanwhile. */
  public void forgetChunksFrom(Position end) {
    try {
      chunks.forgetFrom(end);
    } catch (MVStoreException e) {
      damaged = true; // the next snapshot builds it anew, from what the log has
    }
  }

  WriterId writer(int number) {
    return writers.get(number);
  }

  /** Returns what the last snapshot reads the log with; null before the first. */
  @Nullable LogReads log() {
    return log;
  }

  /** What is published now, and where the snapshot of it is counted. */
  record Registered(IndexState state, int place) {}

  /** Registers a snapshot of what is published now; its {@code close} calls {@link #release}. */
  @SuppressWarnings("ReferenceEquality") // each publication is a new object
  Registered register(LogReads reads) {
    if (log != reads) {
      log = reads;
    }
    while (true) {
      IndexState now = state;
      int place = openSnapshots.add(now.lastSeq());
      if (now == state) {
        return new Registered(now, place);
      }
      openSnapshots.remove(now.lastSeq(), place);
    }
  }

  void release(long seq, int place) {
    openSnapshots.remove(seq, place);
  }

  /** Returns the number of snapshots open. */
  public int openSnapshots() {
    return openSnapshots.count();
  }

  /** Returns the greatest level of any event applied, removed ones too; 0 if there is none. */
  public long greatestLevel() {
    return lastLevel;
  }

  /** Returns the counters: events, roots, chunks, logical, unique and stored bytes. */
  public long[] counters() {
    IndexState now = state;
    return new long[] {
      now.events(),
      now.roots(),
      maps.chunks.sizeAsLong(),
      now.logicalBytes(),
      chunks.uniqueBytes(),
      chunks.storedBytes()
    };
  }

  /** Calls back for every chunk in order of names. */
  Cursor<long[], byte[]> chunkCursor() {
    return maps.chunks.cursor(null);
  }

  /**
   * Writes everything to the file and forces it, together with what it stands for.
   *
   * @return the length of the file in bytes, up to which it is valid; 0 in memory
   */
  public long checkpoint(Position end, WriterId storeId) {
    try {
      // An open looks at every block of what was written last: let that be the few numbers.
      flush();
      prepareCopy(end, storeId);
      commit();
      store.sync();
      return store.getFileStore() == null ? 0 : store.getFileStore().size();
    } catch (MVStoreException e) {
      throw failed("writing the index", e);
    }
  }

  /** Takes the index into use: from now on it outlives its file. */
  public void serve() {
    if (store.getFileStore() instanceof DiskFileStore file) {
      file.serve();
    }
  }

  /** Returns whether a write to its file failed: it then lives in memory, and must be copied. */
  public boolean hasLostFile() {
    return store.getFileStore() instanceof DiskFileStore file && file.isLost();
  }

  /** Parts the index from its file, which lost its name or its note. */
  public void loseFile(Exception why) {
    if (store.getFileStore() instanceof DiskFileStore file) {
      file.lose(why);
    }
  }

  /** Puts what a checkpoint keeps into the maps, for a copy to have it. */
  public void prepareCopy(Position end, WriterId storeId) {
    try {
      maps.numbers.put("version", (long) IndexMaps.VERSION);
      maps.numbers.put("lastSeq", lastSeq);
      maps.numbers.put("position", end.toLong());
      totals.keep(maps.numbers);
      maps.numbers.put("uniqueBytes", chunks.uniqueBytes());
      maps.numbers.put("storedBytes", chunks.storedBytes());
      maps.numbers.put("lastLevel", lastLevel);
      maps.numbers.put("storeHigh", storeId.high());
      maps.numbers.put("storeLow", storeId.low());
      if (owner != null) {
        maps.numbers.put("ownerHigh", owner.high());
        maps.numbers.put("ownerLow", owner.low());
      }
    } catch (MVStoreException e) {
      throw failed("writing the index", e);
    }
  }

  /** Writes pages out of memory to the file; without a checkpoint they count for nothing. */
  public void flush() {
    settleIds();
    try {
      commit();
    } catch (MVStoreException e) {
      throw failed("writing the index", e);
    }
  }

  /** Returns the length of the file in bytes; 0 in memory. */
  public long fileBytes() {
    return store.getFileStore() == null ? 0 : store.getFileStore().size();
  }

  /** Returns about how many bytes of the file are in use; 0 in memory. */
  public long liveBytes() {
    return store.getFileStore() == null
        ? 0
        : fileBytes()
            * store.getFillRate()
            / PERCENT
            * store.getFileStore().getChunksFillRate()
            / PERCENT;
  }

  /** Closes the file as the last checkpoint left it, without writing what came since. */
  @Override
  public void close() {
    closed = true;
    store.closeImmediately();
  }
}
