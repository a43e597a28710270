package org.ouroborosdb.store.promises;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;
import org.ouroborosdb.store.replication.Peer;

/** An honest peer on a bad line: answers get lost, and come in small pieces. */
final class UnreliablePeer extends PassingPeer {
  private final Random random;
  private final int lossesIn100;

  UnreliablePeer(Peer peer, Random random, int lossesIn100) {
    super(peer);
    this.random = random;
    this.lossesIn100 = lossesIn100;
  }

  private void line() {
    if (random.nextInt(100) < lossesIn100) {
      throw new StoreException(ErrorCode.IO_FAILED, "the answer got lost");
    }
  }

  private <T> List<T> some(List<T> all) {
    return all.size() < 2 ? all : all.subList(0, 1 + random.nextInt(all.size()));
  }

  @Override
  public List<Changed> changes(long after, int most) {
    line();
    return some(super.changes(after, most));
  }

  @Override
  public List<byte[]> records(long[] seqs) {
    line();
    return some(super.records(seqs));
  }

  @Override
  public byte @Nullable [] event(EventId id) {
    line();
    return super.event(id);
  }

  @Override
  public List<Frame> chunks(List<ChunkKey> keys) {
    line();
    return some(super.chunks(keys));
  }

  @Override
  public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
    line();
    return super.digests(removals, ranges);
  }

  @Override
  public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
    line();
    return super.list(removals, range, after, most);
  }
}
