package org.ouroborosdb.store.replication;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;

/**
 * Another store, wherever it is: what a replica asks of it. All answers are from one state, that of
 * the first call. For one thread.
 *
 * <p>A replica believes nothing: wrong answers cost it the call, with {@link
 * org.ouroborosdb.store.ErrorCode#PEER_INVALID}, and nothing else. An answer may be lost, so that a
 * call throws, and every call can be repeated.
 */
public interface Peer extends AutoCloseable {
  /** The most changes of one answer. */
  int MOST_CHANGES = 1024;

  /** The bytes at which an answer of records or chunks ends; one that is longer comes alone. */
  int MOST_BYTES = 4 << 20;

  /**
   * Chunks in their stored form, as docs/FORMAT.md has it; see {@link #chunks}.
   *
   * @param places which of the chunks asked for they are, from 0, in the order of their plain bytes
   * @param codec the codec of the stored form
   * @param stored the stored form of all of them
   */
  @SuppressWarnings("ArrayRecordComponent") // on its way, never compared
  record Frame(List<Integer> places, byte codec, byte[] stored) {
    /** Copies the list. */
    public Frame {
      places = List.copyOf(places);
    }
  }

  /**
   * Returns an open store of this machine as a peer, in its present state; the store stays the
   * caller's to close.
   */
  static Peer of(EventStore store, String name) {
    return StorePeer.of(store, name);
  }

  /**
   * Opens a store of this machine for reading only, beside its writer if it has one; {@link #close}
   * closes it.
   *
   * @throws org.ouroborosdb.store.StoreException {@code STORE_NOT_FOUND}, and what opening a store
   *     throws
   */
  static Peer open(Path path) {
    return StorePeer.open(path);
  }

  /** Returns what people call it. */
  String name();

  /** Returns the state. */
  State state();

  /** Returns the changes behind a sequence number, ascending, {@code most} of them or all. */
  List<Changed> changes(long after, int most);

  /**
   * Returns event records, and 64 bytes of a target's id for tombstones: those asked for in their
   * order, and at least the first of them.
   */
  List<byte[]> records(long[] seqs);

  /** Returns the record of an event; null if there is none. */
  byte @Nullable [] event(EventId id);

  /** Returns frames that hold chunks of those asked for and no others; at least one. */
  List<Frame> chunks(List<ChunkKey> keys);

  /** Returns the digests of ranges, of the events or of the tombstones, in their order. */
  List<SetDigest> digests(boolean removals, List<IdRange> ranges);

  /**
   * Returns the events or tombstones of a range, in order of the first 16 bytes of their ids taken
   * as two signed numbers, {@code most} of them or all.
   *
   * @param after the one before; null for the first
   */
  List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most);

  @Override
  void close();

  /**
   * What a store says of the state that it answers from. Immutable.
   *
   * @param storeId the store's id
   * @param last its last change; null if it has none
   * @param events the ids of its visible events
   * @param tombstones the ids that it knows to be removed
   */
  public record State(
      WriterId storeId, @Nullable Changed last, SetDigest events, SetDigest tombstones) {
    /** Returns the sequence number of the last change; 0 if there is none. */
    public long lastSeq() {
      return last == null ? 0 : last.seq();
    }

    /** Returns whether another state has the same events and the same tombstones. */
    public boolean showsTheSameAs(State other) {
      return events.equals(other.events) && tombstones.equals(other.tombstones);
    }
  }
}
