package org.ouroborosdb.store.promises;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;
import org.ouroborosdb.store.replication.Peer;

/** Passes all questions on; peers that go wrong somewhere start from it. */
public class PassingPeer implements Peer {
  private final Peer peer;

  public PassingPeer(Peer peer) {
    this.peer = peer;
  }

  @Override
  public String name() {
    return peer.name();
  }

  @Override
  public Peer.State state() {
    return peer.state();
  }

  @Override
  public List<Changed> changes(long after, int most) {
    return peer.changes(after, most);
  }

  @Override
  public List<byte[]> records(long[] seqs) {
    return peer.records(seqs);
  }

  @Override
  public byte @Nullable [] event(EventId id) {
    return peer.event(id);
  }

  @Override
  public List<Frame> chunks(List<ChunkKey> keys) {
    return peer.chunks(keys);
  }

  @Override
  public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
    return peer.digests(removals, ranges);
  }

  @Override
  public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
    return peer.list(removals, range, after, most);
  }

  @Override
  public void close() {
    peer.close();
  }
}
