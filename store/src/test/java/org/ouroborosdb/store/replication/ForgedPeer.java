package org.ouroborosdb.store.replication;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.identity.EventCodec;
import org.ouroborosdb.store.identity.SealedEvent;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.SetDigest;
import org.ouroborosdb.store.promises.PassingPeer;

/** A peer that has more events than its store would ever have written. */
final class ForgedPeer extends PassingPeer {
  private final List<SealedEvent> forged;
  private final long honest;

  ForgedPeer(Peer peer, List<SealedEvent> forged) {
    super(peer);
    this.forged = List.copyOf(forged);
    this.honest = peer.state().lastSeq();
  }

  private Changed change(int at) {
    return Changed.of(forged.get(at).id(), honest + 1 + at, false);
  }

  @Override
  public Peer.State state() {
    Peer.State state = super.state();
    SetDigest events = state.events();
    for (int i = 0; i < forged.size(); i++) {
      events = events.with(change(i));
    }
    return new Peer.State(state.storeId(), change(forged.size() - 1), events, state.tombstones());
  }

  @Override
  public List<Changed> changes(long after, int most) {
    List<Changed> changes = new ArrayList<>(super.changes(after, most));
    for (int i = 0; i < forged.size() && changes.size() < most; i++) {
      if (honest + 1 + i > after) {
        changes.add(change(i));
      }
    }
    return changes;
  }

  @Override
  public List<byte[]> records(long[] seqs) {
    List<byte[]> records = new ArrayList<>();
    for (long seq : seqs) {
      records.add(
          seq > honest
              ? EventCodec.encode(forged.get((int) (seq - honest - 1)))
              : super.records(new long[] {seq}).get(0));
    }
    return records;
  }

  @Override
  public byte @Nullable [] event(EventId id) {
    for (SealedEvent each : forged) {
      if (each.id().equals(id)) {
        return EventCodec.encode(each);
      }
    }
    return super.event(id);
  }
}
