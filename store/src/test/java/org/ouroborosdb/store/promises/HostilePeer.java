package org.ouroborosdb.store.promises;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.ChunkKey;
import org.ouroborosdb.store.index.IdRange;
import org.ouroborosdb.store.index.SetDigest;
import org.ouroborosdb.store.replication.Peer;

/** A peer that lies about everything, now and then. */
final class HostilePeer extends PassingPeer {
  private final Random random;
  private final @Nullable EventId permanent;
  private long forgedSeq = -1;

  /**
   * Lies on behalf of a peer.
   *
   * @param permanent an event that is announced to be removed; null for none
   */
  HostilePeer(Peer peer, Random random, @Nullable EventId permanent) {
    super(peer);
    this.random = random;
    this.permanent = permanent;
  }

  private boolean lies() {
    return random.nextInt(6) == 0;
  }

  private byte[] bent(byte[] bytes) {
    byte[] bent = bytes.clone();
    if (bent.length > 0) {
      bent[random.nextInt(bent.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return random.nextInt(4) == 0 ? java.util.Arrays.copyOf(bent, random.nextInt(300)) : bent;
  }

  private Changed bent(Changed change) {
    long high = random.nextInt(3) == 0 ? random.nextLong() : change.high();
    long seq = random.nextInt(3) == 0 ? random.nextInt(100) - 5 : change.seq();
    return new Changed(seq, random.nextInt(3) == 0, high, change.low());
  }

  private <T> List<T> bent(List<T> list) {
    List<T> bent = new ArrayList<>(list);
    switch (random.nextInt(4)) {
      case 0 -> Collections.shuffle(bent, random);
      case 1 -> bent.addAll(list);
      case 2 -> bent.clear();
      default -> {
        if (!bent.isEmpty()) {
          bent.remove(random.nextInt(bent.size()));
        }
      }
    }
    return bent;
  }

  @Override
  public Peer.State state() {
    Peer.State state = super.state();
    if (!lies()) {
      return state;
    }
    SetDigest digest = new SetDigest(random.nextInt(), random.nextLong(), random.nextLong());
    Changed last = state.last() == null ? null : bent(state.last());
    return new Peer.State(
        state.storeId(), last, digest, random.nextBoolean() ? digest : state.tombstones());
  }

  private List<Changed> bentChanges(List<Changed> changes) {
    if (random.nextBoolean()) {
      return bent(changes);
    }
    return changes.stream().map(change -> lies() ? bent(change) : change).toList();
  }

  @Override
  public List<Changed> changes(long after, int most) {
    List<Changed> changes = super.changes(after, most);
    if (permanent != null && !changes.isEmpty() && random.nextInt(3) == 0) {
      List<Changed> forged = new ArrayList<>(changes);
      Changed last = forged.remove(forged.size() - 1);
      forgedSeq = last.seq();
      forged.add(Changed.of(permanent, forgedSeq, true));
      return forged;
    }
    return lies() ? bentChanges(changes) : changes;
  }

  @Override
  public List<byte[]> records(long[] seqs) {
    List<byte[]> records = new ArrayList<>();
    for (long seq : seqs) {
      if (seq == forgedSeq && permanent != null) {
        records.add(permanent.toBytes());
      } else {
        List<byte[]> honest = seq < 1 ? List.of(new byte[64]) : super.records(new long[] {seq});
        records.add(lies() ? bent(honest.get(0)) : honest.get(0));
      }
    }
    return lies() ? bent(records) : records;
  }

  @Override
  public byte @Nullable [] event(EventId id) {
    byte[] record = super.event(id);
    return record == null || !lies() ? record : random.nextBoolean() ? null : bent(record);
  }

  @Override
  public List<Frame> chunks(List<ChunkKey> keys) {
    List<Frame> frames = super.chunks(keys);
    return lies() ? bent(frames.stream().map(this::bent).toList()) : frames;
  }

  private Frame bent(Frame frame) {
    return switch (random.nextInt(4)) {
      case 0 -> new Frame(bent(frame.places()), frame.codec(), frame.stored());
      case 1 -> new Frame(frame.places(), (byte) random.nextInt(4), frame.stored());
      case 2 -> new Frame(List.of(random.nextInt(8) - 2), frame.codec(), frame.stored());
      default -> new Frame(frame.places(), frame.codec(), bent(frame.stored()));
    };
  }

  @Override
  public List<SetDigest> digests(boolean removals, List<IdRange> ranges) {
    List<SetDigest> digests = super.digests(removals, ranges);
    return lies() ? bent(digests) : digests;
  }

  @Override
  public List<Changed> list(boolean removals, IdRange range, @Nullable Changed after, int most) {
    List<Changed> changes = super.list(removals, range, after, most);
    return lies() ? bentChanges(changes) : changes;
  }
}
