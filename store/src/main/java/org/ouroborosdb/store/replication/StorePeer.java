package org.ouroborosdb.store.replication;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.embedded.ReplicaStore;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;

/** A store of this machine as a peer: the state that it had when this was made. For one thread. */
final class StorePeer implements Peer {
  private final String name;
  private final ReplicaStore.View view;
  private final @Nullable EventStore owned;

  private StorePeer(String name, EventStore store, boolean owned) {
    this.name = name;
    this.view = ReplicaStore.of(store).view();
    this.owned = owned ? store : null;
  }

  /** Returns the present state of an open store, which stays the caller's to close. */
  static StorePeer of(EventStore store, String name) {
    return new StorePeer(name, store, false);
  }

  /**
   * Opens a store for reading only, beside its writer if it has one; {@link #close} closes it.
   *
   * @throws StoreException {@link ErrorCode#STORE_NOT_FOUND}, and what opening a store throws
   */
  static StorePeer open(Path path) {
    EventStore store =
        EmbeddedEventStore.open(StoreOptions.at(path).withCreate(false).withReadOnly(true));
    try {
      return new StorePeer(path.toString(), store, true);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Peer.State state() {
    return new Peer.State(
        view.storeId(),
        view.changes().last(),
        view.changes().digest(false),
        view.changes().digest(true));
  }

  @Override
  public List<Changed> changes(long after, int most) {
    return view.changes().after(after, Math.min(most, MOST_CHANGES));
  }

  @Override
  public List<byte[]> records(long[] seqs) {
    List<byte[]> records = new ArrayList<>();
    long bytes = 0;
    for (long seq : seqs) {
      EventId target = view.changes().target(seq);
      byte[] record = target == null ? view.event(seq) : target.toBytes();
      if (record == null) {
        throw new StoreException(ErrorCode.EVENT_NOT_FOUND, "there is no change " + seq);
      }
      bytes += record.length;
      if (bytes > MOST_BYTES && !records.isEmpty()) {
        break;
      }
      records.add(record);
    }
    return records;
  }

  @Override
  public byte @Nullable [] event(EventId id) {
    return view.event(id);
  }

  @Override
  public List<Frame> chunks(List<ChunkKey> keys) {
    Map<ChunkId, Integer> wanted = new LinkedHashMap<>();
    for (int place = 0; place < keys.size(); place++) {
      wanted.putIfAbsent(view.chunk(keys.get(place)), place);
    }
    List<Frame> frames = new ArrayList<>();
    for (long bytes = 0; bytes < MOST_BYTES && !wanted.isEmpty(); ) {
      ReplicaStore.View.Frame frame =
          view.frame(wanted.keySet().iterator().next(), wanted.keySet());
      List<Integer> places = new ArrayList<>();
      for (ChunkRef chunk : frame.chunks()) {
        places.add(Objects.requireNonNull(wanted.remove(chunk.id())));
      }
      frames.add(new Frame(places, frame.codec(), frame.stored()));
      bytes += frame.stored().length;
    }
    return frames;
  }

  @Override
  public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
    return ranges.stream().map(range -> view.ranges().digest(removals, range)).toList();
  }

  @Override
  public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
    return view.ranges().list(removals, range, after, Math.min(most, MOST_CHANGES));
  }

  @Override
  public void close() {
    view.close();
    if (owned != null) {
      owned.close();
    }
  }
}
