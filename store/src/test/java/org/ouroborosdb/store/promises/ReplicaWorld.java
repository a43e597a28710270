package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.Simulation;
import org.ouroborosdb.store.replication.Peer;
import org.ouroborosdb.store.replication.Replicator;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;
import org.ouroborosdb.store.replication.Replicator.SyncReport;
import org.ouroborosdb.store.simulated.Loss;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/**
 * Some stores that write, restart, and take from each other over lines that lose answers, from
 * states long past, across partitions, and from liars; until all is well and they must agree.
 */
final class ReplicaWorld {
  private static final int STEPS = 24;

  private static final List<@Nullable Loss> LOSSES =
      Arrays.asList(null, Loss.NONE, Loss.PREFIX, Loss.SUBSET);

  private final Random random;
  private final ReplicaWrites writes;
  private final List<Replica> replicas = new ArrayList<>();
  private boolean partitioned;

  /** A store, its disk, and states of it that are still on their way to others. */
  private static final class Replica {
    SimulatedDisk disk = new SimulatedDisk();
    final Simulation simulation;
    final int number;
    EventStore store;
    final List<Peer> delayed = new ArrayList<>();

    Replica(long seed, int number) {
      this.simulation = new Simulation(seed + number);
      this.number = number;
      this.store = simulation.open(disk, StoreOptions.inMemory());
    }

    /** Closes the store and opens it again, or takes the power away from it. */
    void restart(@Nullable Loss loss, Random random) {
      delayed.forEach(Peer::close);
      delayed.clear();
      if (loss == null) {
        store.close();
      } else {
        disk.turnOff();
        disk = disk.restarted(loss, random);
      }
      store = simulation.open(disk, StoreOptions.inMemory());
    }

    Peer peer() {
      return Peer.of(store, "replica " + number);
    }
  }

  ReplicaWorld(long seed) {
    random = new Random(seed);
    writes = new ReplicaWrites(random);
    int count = 2 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      replicas.add(new Replica(seed, i));
    }
  }

  /** Lets time pass, then checks; returns what all stores show in the end. */
  String run() {
    for (int i = 0; i < STEPS; i++) {
      step();
    }
    String state = settle();
    replicas.forEach(replica -> replica.store.close());
    return state;
  }

  private Replica any() {
    return replicas.get(random.nextInt(replicas.size()));
  }

  private boolean isReachable(Replica from, Replica to) {
    return from != to && !(partitioned && from.number % 2 != to.number % 2);
  }

  private void step() {
    Replica here = any();
    Replica there = any();
    switch (random.nextInt(12)) {
      case 0, 1, 2, 3, 4 -> writes.write(here.store);
      case 5 -> here.restart(LOSSES.get(random.nextInt(LOSSES.size())), random);
      case 6 -> partitioned = !partitioned;
      case 7 -> here.delayed.add(here.peer());
      case 8 -> {
        if (isReachable(here, there) && !there.delayed.isEmpty()) {
          take(here, there.delayed.get(random.nextInt(there.delayed.size())), 10, false);
        }
      }
      case 9 -> {
        if (here != there) {
          try (Peer peer = new HostilePeer(there.peer(), random, writes.permanent())) {
            take(here, peer, 0, true);
          }
        }
      }
      default -> {
        if (isReachable(here, there)) {
          try (Peer peer = there.peer()) {
            take(here, peer, random.nextBoolean() ? 10 : 0, false);
          }
        }
      }
    }
  }

  private void take(Replica here, Peer from, int lossesIn100, boolean hostile) {
    Peer peer = hostile ? from : new UnreliablePeer(from, random, lossesIn100);
    try {
      Replicator.of(here.store).pull(peer, SyncOptions.unbounded());
    } catch (StoreException e) {
      // The other state is past, and has a tombstone that the store has dropped since.
      boolean past = e.code() == ErrorCode.CONFLICT;
      boolean lost = past || (lossesIn100 > 0 && e.code() == ErrorCode.IO_FAILED);
      boolean told =
          hostile && (e.code() == ErrorCode.PEER_INVALID || e.code() == ErrorCode.EVENT_NOT_FOUND);
      if (!lost && !told) {
        throw e;
      }
    }
  }

  private String settle() {
    Replica first = any();
    replicas.forEach(there -> takeAll(first, there));
    replicas.forEach(here -> takeAll(here, first));
    String state = ReplicaState.of(replicas.get(0).store);
    for (Replica replica : replicas) {
      assertEquals(state, ReplicaState.of(replica.store), "replica " + replica.number);
      assertEquals(writes.left(), ids(replica.store));
    }
    check(any());
    return state;
  }

  private static void takeAll(Replica here, Replica there) {
    if (here != there) {
      try (Peer peer = there.peer()) {
        assertTrue(Replicator.of(here.store).pull(peer, SyncOptions.unbounded()).complete());
      }
    }
  }

  private void check(Replica replica) {
    String before = ReplicaState.of(replica.store);
    try (Peer peer = any().peer()) {
      SyncReport again =
          peer.state().storeId().equals(replica.store.id())
              ? null
              : Replicator.of(replica.store).pull(peer, SyncOptions.unbounded());
      assertTrue(again == null || again.events() + again.tombstones() == 0);
    }
    replica.delayed.forEach(Peer::close);
    if (random.nextInt(4) != 0) {
      return;
    }
    replica.store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
    assertEquals(before, ReplicaState.of(replica.store), "the index built anew");
    assertTrue(replica.store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }

  private static Set<EventId> ids(EventStore store) {
    Set<EventId> ids = new TreeSet<>();
    try (Snapshot snapshot = store.snapshot()) {
      for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
        ids.add(row.id());
      }
    }
    return ids;
  }
}
