package org.ouroborosdb.store.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.embedded.ReplicaStore;

/** Chunks on their way in, each once. For one thread. */
final class ChunkArrivals {
  private static final int MOST_CHUNKS = 1024;

  private final ReplicaStore store;
  private final CheckedPeer peer;
  private final Deadline deadline;
  private long count;

  ChunkArrivals(ReplicaStore store, CheckedPeer peer, Deadline deadline) {
    this.store = store;
    this.peer = peer;
    this.deadline = deadline;
  }

  /** Returns how many were stored. */
  long count() {
    return count;
  }

  /** Brings those of different chunks that are lacking. */
  void bring(List<ChunkRef> chunks) {
    List<ChunkRef> wanted = new ArrayList<>();
    long bytes = 0;
    for (ChunkRef chunk : chunks) {
      if (!store.lacks(chunk)) {
        continue;
      }
      if (bytes + chunk.length() > Peer.MOST_BYTES || wanted.size() == MOST_CHUNKS) {
        fetch(wanted);
        wanted.clear();
        bytes = 0;
      }
      wanted.add(chunk);
      bytes += chunk.length();
    }
    fetch(wanted);
  }

  private void fetch(List<ChunkRef> wanted) {
    List<ChunkRef> left = wanted;
    while (!left.isEmpty()) {
      deadline.check();
      Set<ChunkId> brought = peer.chunks(left, store::storeChunk);
      count += brought.size();
      left = left.stream().filter(chunk -> !brought.contains(chunk.id())).toList();
    }
  }
}
