package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Oracle;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.RandomChanges;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.embedded.Simulation;
import org.ouroborosdb.store.simulated.Loss;
import org.ouroborosdb.store.simulated.SimulatedDisk;

/**
 * One store and its descendants: each generation opens what the crash before it left, holds it
 * against what was acknowledged, writes on, and crashes in its turn.
 */
final class Lineage {
  private static final int LARGE_CONTENT_BYTES = 6_000;
  private static final int MOST_CALLS = 200;
  private static final int MOST_STEPS = 60;

  private final Random random;
  private final Simulation simulation;
  private final RandomChanges changes;
  private final Loss loss;
  private final Durability durability;
  private boolean compacts = true;
  private SimulatedDisk disk = new SimulatedDisk();

  /** What the store holds, as far as its calls returned. */
  private Oracle now = new Oracle();

  /**
   * What it may hold after a crash: {@link #now} and what is under way; without forced commits also
   * what was before, back to the last checkpoint.
   */
  private List<Oracle> possible = List.of(now);

  Lineage(long seed, Loss loss, Durability durability) {
    random = new Random(seed);
    simulation = new Simulation(seed);
    changes = new RandomChanges(random, LARGE_CONTENT_BYTES);
    this.loss = loss;
    this.durability = durability;
  }

  /** Never compacts the index, as when the first seeds failed. */
  Lineage withoutCompaction() {
    compacts = false;
    return this;
  }

  void run(int crashes) {
    for (int i = 0; i < crashes; i++) {
      disk.faults().cutPowerAfter(random.nextInt(random.nextBoolean() ? MOST_CALLS : 20));
      try {
        live();
        disk.turnOff();
      } catch (StoreException e) {
        if (!disk.isOff()) {
          throw e;
        }
      }
      disk = disk.restarted(random.nextInt(5) == 0 ? Loss.NONE : loss, random);
    }
    try (EventStore store = open()) {
      recognise(store);
      VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
    }
  }

  private EventStore open() {
    return simulation.open(disk, StoreOptions.inMemory().withDurability(durability));
  }

  private void live() {
    EventStore store = open(); // never closed: that is what a crash is
    recognise(store);
    for (int i = 0; i < MOST_STEPS; i++) {
      switch (random.nextInt(14)) {
        case 0 -> {
          store.checkpoint();
          possible = List.of(now);
        }
        case 1 -> {
          if (compacts && i % 4 == 1) {
            reclaim(store);
          } else if (compacts && i % 4 == 3) {
            expire(store);
          } else if (compacts && i % 4 == 0) {
            store.compact(Cancellation.create(), ProgressListener.NONE);
            possible = List.of(now);
          } else {
            store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
          }
        }
        case 2 -> {
          store.close();
          store = open();
          recognise(store);
        }
        default -> transaction(store);
      }
    }
  }

  private void reclaim(EventStore store) {
    store.reclaim(
        ReclaimOptions.DEFAULT.withLeastDead(0), Cancellation.create(), ProgressListener.NONE);
    possible = List.of(now);
  }

  private void expire(EventStore store) {
    Oracle working = now.copy();
    long count = working.expire();
    possible = Stream.concat(Stream.of(working), possible.stream()).toList();
    assertEquals(count, store.expire());
    now = working;
    if (durability == Durability.COMMIT) {
      possible = List.of(now);
    }
  }

  private void transaction(EventStore store) {
    Oracle working = now.copy();
    try (Transaction transaction = store.begin()) {
      for (int i = random.nextInt(5); i >= 0; i--) {
        changes.change(store, transaction, working);
      }
      possible = Stream.concat(Stream.of(working), possible.stream()).toList();
      transaction.commit();
      now = working;
      if (durability == Durability.COMMIT) {
        possible = List.of(now);
      }
    }
  }

  /** Finds out which of the possible states the store has; it must be one of them, whole. */
  private void recognise(EventStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      AssertionError failure = null;
      for (Oracle oracle : possible) {
        try {
          oracle.check(snapshot);
          now = oracle;
          possible = List.of(now);
          return;
        } catch (AssertionError e) {
          if (failure != null) {
            e.addSuppressed(failure);
          }
          failure = e;
        }
      }
      throw new AssertionError("the store holds none of the possible states", failure);
    }
  }
}
