package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
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
 * One history over a disk that fails somewhere: writes say so, reads go on, writes resume when the
 * disk does, and a power loss at the end takes nothing that was acknowledged.
 */
final class FaultyHistory {
  private static final int LARGE_CONTENT_BYTES = 6_000;
  private static final int MOST_CHANGES = 3;

  /** More than a transaction or a copy of the index takes in these histories. */
  private static final int MOST_STEP_BYTES = 64 << 10;

  private final SimulatedDisk disk = new SimulatedDisk();
  private final Simulation simulation;
  private final Random random;
  private final RandomChanges changes;
  private final StoreOptions options;
  private final ErrorCode expected;
  private final int steps;
  private EventStore store;
  private Oracle now = new Oracle();

  /** States of transactions that failed since the last that did not: a reopen may show one. */
  private final List<Oracle> failed = new ArrayList<>();

  private Snapshot held;
  private Oracle heldOracle = now;

  /**
   * Opens a store on a sound disk, with a little in it.
   *
   * @param expected the code of every failure to come
   */
  FaultyHistory(long seed, int steps, StoreOptions options, ErrorCode expected) {
    this.simulation = new Simulation(seed);
    this.random = new Random(seed);
    this.changes = new RandomChanges(random, LARGE_CONTENT_BYTES);
    this.options = options;
    this.steps = steps;
    this.expected = expected;
    store = simulation.open(disk, options);
    transaction();
    heldOracle = now;
    held = store.snapshot();
  }

  SimulatedDisk disk() {
    return disk;
  }

  /** Runs the history; the plan of faults is made already. */
  void run() {
    for (int i = 0; i < steps; i++) {
      step(i);
      try (Snapshot snapshot = store.snapshot()) {
        now.check(snapshot);
      }
      assertEquals(now.all().size(), store.statistics().events());
      heldOracle.check(held);
    }
    disk.faults().end();
    transaction();
    store.checkpoint();
    assertFalse(store.isReadOnly());
    assertTrue(store.statistics().indexBytes() > 0, "the index stayed in memory");
    check(store);
    heldOracle.check(held);
    try (EventStore again =
        simulation.open(disk.restarted(Loss.SUBSET, random), StoreOptions.inMemory())) {
      check(again);
      VerifyReport report = again.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
    }
  }

  private void check(EventStore checked) {
    try (Snapshot snapshot = checked.snapshot()) {
      now.check(snapshot);
    }
  }

  private void step(int i) {
    switch (i % 14) {
      case 3, 10 -> attempt(store::checkpoint);
      case 11 -> attempt(() -> store.compact(Cancellation.create(), ProgressListener.NONE));
      case 5, 9 -> attempt(this::expireAndReclaim);
      case 4 -> attempt(() -> store.rebuildIndex(Cancellation.create(), ProgressListener.NONE));
      case 6, 13 -> reopen();
      default -> attempt(this::transaction);
    }
  }

  private void attempt(Executable call) {
    try {
      call.execute();
    } catch (StoreException e) {
      assertEquals(expected, e.code(), () -> e.getMessage());
      assertTrue(disk.faults().anyFailed() || isNearlyFull(), () -> e.getMessage());
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Returns whether the disk may have no room for a step: the store sees that beforehand. */
  private boolean isNearlyFull() {
    try {
      return disk.usableBytes() < options.minFreeBytes() + MOST_STEP_BYTES;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void transaction() {
    Oracle working = now.copy();
    try (Transaction transaction = store.begin()) {
      for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
        changes.change(store, transaction, working);
      }
      failed.add(working);
      transaction.commit();
      now = working;
      failed.clear();
    }
  }

  private void expireAndReclaim() {
    Oracle working = now.copy();
    working.expire();
    failed.add(working);
    store.expire();
    now = working;
    failed.clear();
    store.reclaim(
        ReclaimOptions.DEFAULT.withLeastDead(0), Cancellation.create(), ProgressListener.NONE);
  }

  private void reopen() {
    held.close();
    attempt(store::close);
    for (int tries = 0; ; tries++) {
      if (tries == 2) {
        disk.faults().end();
      }
      try {
        store = simulation.open(disk, options);
        break;
      } catch (StoreException e) {
        assertEquals(expected, e.code(), () -> e.getMessage());
        assertTrue(tries < 2);
      }
    }
    recognise();
    held = store.snapshot();
    heldOracle = now;
  }

  private void recognise() {
    try (Snapshot snapshot = store.snapshot()) {
      for (Oracle oracle : failed) {
        if (holds(snapshot, oracle)) {
          now = oracle;
          failed.clear();
          return;
        }
      }
      now.check(snapshot);
    }
    failed.clear();
  }

  private static boolean holds(Snapshot snapshot, Oracle oracle) {
    try {
      oracle.check(snapshot);
      return true;
    } catch (AssertionError e) {
      return false;
    }
  }
}
