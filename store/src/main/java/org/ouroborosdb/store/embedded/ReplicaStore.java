package org.ouroborosdb.store.embedded;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.compression.Compression;
import org.ouroborosdb.store.disk.Disk;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.ChangeScan;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.ingest.ContentPins;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.GroupTable;
import org.ouroborosdb.store.segment.LogRecord;
import org.ouroborosdb.store.segment.Position;
import org.ouroborosdb.store.segment.RecordKind;

/** What merging replicas needs of a store beyond its API. Thread-safe. */
public final class ReplicaStore {
  private final Supplier<EmbeddedEventStore> store;

  private ReplicaStore(Supplier<EmbeddedEventStore> store) {
    this.store = store;
  }

  /**
   * Returns the inside of a store.
   *
   * @throws IllegalArgumentException if it is no store of this machine
   */
  public static ReplicaStore of(EventStore store) {
    if (store instanceof EmbeddedEventStore embedded) {
      return new ReplicaStore(() -> embedded);
    }
    if (store instanceof ReadOnlyEventStore readOnly) {
      return new ReplicaStore(readOnly::current);
    }
    throw new IllegalArgumentException("no store of this machine: " + store.getClass());
  }

  /** Returns the store's id. */
  public WriterId id() {
    return store.get().id();
  }

  /** Returns whether the store refuses writes. */
  public boolean isReadOnly() {
    return store.get().isReadOnly();
  }

  /** Returns the store's files; what a store that is read only writes there is in memory. */
  public Disk disk() {
    return store.get().files().disk();
  }

  /** Returns the newest committed state. */
  public View view() {
    EmbeddedEventStore now = store.get();
    return new View(now.files(), (IndexSnapshot) now.snapshot());
  }

  /** Returns whether the store has an event, removed or not, or a tombstone, with such an id. */
  public boolean knows(Changed change) {
    return change.isKnownTo(store.get().index());
  }

  /**
   * Returns whether a chunk must be brought.
   *
   * @throws StoreException {@link ErrorCode#PEER_INVALID} if it is here with another length
   */
  public boolean lacks(ChunkRef chunk) {
    OpenStore files = store.get().files();
    if (files.groups().isPending(chunk)) {
      return false;
    }
    ChunkLocation location = files.index().find(chunk.id());
    if (location != null && location.rawLength() != chunk.length()) {
      throw new StoreException(
          ErrorCode.PEER_INVALID,
          "an event of the other store says that chunk " + chunk.id() + " has another length");
    }
    return location == null;
  }

  /** Chunks that are not freed, from before they are looked up to the commit that needs them. */
  public static final class Pins implements AutoCloseable {
    private final ContentPins.Put put;

    private Pins(ContentPins.Put put) {
      this.put = put;
    }

    @Override
    public void close() {
      put.close();
    }
  }

  /** Pins chunks, and all that are stored until the pins are closed. */
  public Pins pin(List<ChunkRef> chunks) {
    ContentPins.Put put = store.get().files().pins().begin();
    if (Guard.CHUNK_PINS.isOn()) {
      chunks.forEach(chunk -> put.pin(chunk.id()));
    } else {
      put.close();
    }
    return new Pins(put);
  }

  /**
   * Stores a chunk that came with its name.
   *
   * @return whether the bytes have that name; nothing is stored if not
   */
  public boolean storeChunk(ChunkId id, byte[] bytes, int offset, int length) {
    EmbeddedEventStore now = store.get();
    return now.writing(() -> now.files().groups().store(id, bytes, offset, length));
  }

  /** What would become of events. */
  public record Plan(List<ChunkRef> chunks, Set<EventId> missingParents) {}

  /**
   * Plans events of another store, parents before children.
   *
   * @param covered events known to be removed with an ancestor; more are added
   * @throws StoreException {@link ErrorCode#PEER_INVALID} if one breaks a rule of the data model
   */
  public Plan plan(List<SealedEvent> events, Set<EventId> covered) {
    EmbeddedEventStore now = store.get();
    try (IndexSnapshot newest = (IndexSnapshot) now.snapshot()) {
      MergePlan plan = plan(now, newest, events, covered);
      List<ChunkRef> chunks =
          plan.added().stream().flatMap(event -> event.chunks().stream()).distinct().toList();
      return new Plan(chunks, plan.missing());
    }
  }

  private static MergePlan plan(
      EmbeddedEventStore now,
      IndexSnapshot newest,
      List<SealedEvent> events,
      Set<EventId> covered) {
    return new MergePlan(now.index(), newest, new HashSet<>(covered), Map.of()).with(events);
  }

  /**
   * What became of events or tombstones.
   *
   * @param added how many were new
   * @param covered how many events were dropped since they, or ancestors of them, are removed
   * @param ignored how many tombstones name permanent events
   */
  public record Merged(long added, long covered, long ignored) {
    static final Merged NOTHING = new Merged(0, 0, 0);
  }

  /**
   * Commits events of another store, whose parents and chunks are here or come with them.
   *
   * @param check called often while contents are read; may throw, and nothing is committed then
   * @throws StoreException {@link ErrorCode#EVENT_NOT_FOUND} or {@link ErrorCode#CHUNK_NOT_FOUND}
   *     if one is not; {@link ErrorCode#PEER_INVALID} also if a PATCH does not apply, or metadata
   *     is no UTF-8
   */
  public Merged merge(List<SealedEvent> events, Set<EventId> covered, Runnable check) {
    EmbeddedEventStore now = store.get();
    Map<EventId, Long> patchLengths = read(now, events, covered, check);
    MergeBatch batch = new MergeBatch(now, events, covered, patchLengths);
    now.writing(
        () -> {
          try {
            List<ChunkRef> chunks =
                events.stream().flatMap(e -> PendingEvent.chunks(e.event()).stream()).toList();
            now.files().groups().write(chunks);
            return now.files().log().commit(batch, true);
          } catch (MergeBatch.NothingNewException e) {
            return 0L;
          }
        });
    MergePlan plan = batch.plan();
    return new Merged(plan.added().size(), plan.coveredCount(), plan.voidTombstones());
  }

  /** Reads what new events say before anything of them is stored, and outside the commit. */
  private static Map<EventId, Long> read(
      EmbeddedEventStore now, List<SealedEvent> events, Set<EventId> covered, Runnable check) {
    if (events.stream().map(SealedEvent::event).noneMatch(MergeContents::isRead)) {
      return Map.of();
    }
    try (IndexSnapshot newest = (IndexSnapshot) now.snapshot()) {
      MergePlan plan = plan(now, newest, events, covered);
      return new MergeContents(plan, newest, check).read();
    }
  }

  /** Returns how many tombstones are kept. */
  public long tombstones() {
    EmbeddedEventStore now = store.get();
    try (IndexSnapshot newest = (IndexSnapshot) now.snapshot()) {
      return new ChangeScan(newest).digest(true).count();
    }
  }

  /** Commits tombstones of another store. */
  public Merged remove(List<EventId> targets) {
    EmbeddedEventStore now = store.get();
    TombstoneBatch batch = new TombstoneBatch(now, targets);
    now.writing(
        () -> {
          try {
            return now.files().log().commit(batch, true);
          } catch (MergeBatch.NothingNewException e) {
            return 0L;
          }
        });
    return new Merged(batch.added(), 0, batch.ignored());
  }

  /** Makes all that was committed durable, whatever the store's durability. */
  public void force() {
    EmbeddedEventStore now = store.get();
    now.writing(() -> now.files().log().settle());
  }

  /**
   * Waits until the last sequence number is above another, or a condition says to stop.
   *
   * @param stop asked now and after each commit and {@link #wake}
   * @throws InterruptedException if the thread is interrupted
   */
  public void awaitAbove(long seq, BooleanSupplier stop) throws InterruptedException {
    EmbeddedEventStore now = store.get();
    now.commits()
        .await(
            () -> {
              now.requireOpen();
              return now.index().lastSeq() > seq || stop.getAsBoolean();
            });
  }

  /** Makes those who wait look at their conditions. */
  public void wake() {
    store.get().commits().signal();
  }

  /** One state of a store as another store asks for it. For one thread. */
  public static final class View implements AutoCloseable {
    private final OpenStore files;
    private final IndexSnapshot snapshot;
    private final ChangeScan scan;
    private boolean idsSettled;

    View(OpenStore files, IndexSnapshot snapshot) {
      this.files = files;
      this.snapshot = snapshot;
      this.scan = new ChangeScan(snapshot);
    }

    /** Returns the store's id. */
    public WriterId storeId() {
      return files.format().storeId();
    }

    /** Returns the last sequence number of the state. */
    public long seq() {
      return snapshot.seq();
    }

    /** Returns the changes of the state in order of seq. */
    public ChangeScan changes() {
      return scan;
    }

    /** Returns the changes of the state by ranges of ids. */
    public ChangeScan ranges() {
      if (!idsSettled) {
        files
            .log()
            .quiesced(
                at -> {
                  files.index().settleIds();
                  return at;
                });
        idsSettled = true;
      }
      return scan;
    }

    /** Returns the record of a visible event; null if there is none of this number. */
    public byte @Nullable [] event(long seq) {
      Position position = scan.event(seq);
      if (position == null) {
        return null;
      }
      var payload = files.log().read(position, RecordKind.EVENT).payload();
      byte[] record = new byte[payload.remaining()];
      payload.get(record);
      return record;
    }

    /** Returns the record of a visible event; null if there is none. */
    public byte @Nullable [] event(EventId id) {
      EventRow row = snapshot.find(id);
      return row == null ? null : event(row.seq());
    }

    /** Returns the whole id of a change of this state. */
    public EventId id(Changed change) {
      EventRow row = change.removal() ? null : snapshot.find(change.seq());
      EventId id = change.removal() ? scan.target(change.seq()) : row == null ? null : row.id();
      if (id == null) {
        throw new StoreException(ErrorCode.CORRUPT, "the index lacks change " + change.seq());
      }
      return id;
    }

    /**
     * Returns the name of a chunk.
     *
     * @throws StoreException {@link ErrorCode#CHUNK_NOT_FOUND} if it is not here
     */
    public ChunkId chunk(ChunkKey key) {
      ChunkId id = key.find(files.index());
      if (id == null) {
        throw new StoreException(
            ErrorCode.CHUNK_NOT_FOUND, "chunk " + key + " is not in the store");
      }
      return id;
    }

    /**
     * Chunks in their stored form.
     *
     * @param chunks the chunks, in the order of their plain bytes
     * @param codec the codec of the stored form
     * @param stored the stored form of all of them
     */
    @SuppressWarnings("ArrayRecordComponent") // on its way, never compared
    public record Frame(List<ChunkRef> chunks, byte codec, byte[] stored) {}

    /**
     * Returns a chunk as it is stored: with the others of its group if they are all wanted too,
     * else alone.
     *
     * @throws StoreException {@link ErrorCode#CHUNK_NOT_FOUND} if it is not here
     */
    public Frame frame(ChunkId id, Set<ChunkId> wanted) {
      ChunkLocation location = files.chunks().find(id);
      if (location == null) {
        throw new StoreException(ErrorCode.CHUNK_NOT_FOUND, "chunk " + id + " is not in the store");
      }
      LogRecord record = files.log().read(location.position(), location.kind());
      GroupTable table = GroupTable.of(record);
      long useful =
          table.entries().stream()
              .filter(entry -> wanted.contains(entry.id()))
              .mapToLong(GroupTable.Entry::length)
              .sum();
      if (useful == table.rawLength()) {
        var stored = table.stored(record);
        byte[] bytes = new byte[stored.remaining()];
        stored.get(bytes);
        return new Frame(
            table.entries().stream().map(e -> new ChunkRef(e.id(), e.length())).toList(),
            record.codec(),
            bytes);
      }
      ChunkRef chunk = new ChunkRef(id, location.rawLength());
      byte[] plain = files.chunkReader().read(chunk);
      Compression.Stored stored =
          Compression.compress(plain, plain.length, new byte[Compression.bound(plain.length)]);
      byte[] bytes = new byte[stored.bytes().remaining()];
      stored.bytes().get(bytes);
      return new Frame(List.of(chunk), stored.codec(), bytes);
    }

    @Override
    public void close() {
      snapshot.close();
    }
  }
}
