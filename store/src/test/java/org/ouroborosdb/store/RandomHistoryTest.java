package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Random histories, each compared with an {@link Oracle} that is plain lists. */
class RandomHistoryTest {
  private static final int STEPS = 60;

  @TempDir private Path directory;

  /**
   * One run: the store, what it should hold, and snapshots held open with what they should show.
   */
  private static final class Run implements AutoCloseable {
    final Random random;
    final StoreOptions options;
    EventStore store;
    Oracle oracle = new Oracle();
    final List<Snapshot> held = new ArrayList<>();
    final List<Oracle> heldOracles = new ArrayList<>();
    final RandomChanges changes;

    Run(StoreOptions options, long seed) {
      this.options = options;
      this.random = new Random(seed);
      this.changes = new RandomChanges(random, 300_000);
      this.store = EmbeddedEventStore.open(options);
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0 -> checkHeld();
        case 1 -> reopenOrRebuild();
        case 2 -> hold();
        default -> transaction();
      }
      try (Snapshot snapshot = store.snapshot()) {
        oracle.check(snapshot);
      }
    }

    private void hold() {
      held.add(store.snapshot());
      heldOracles.add(oracle.copy());
    }

    private void checkHeld() {
      for (int i = 0; i < held.size(); i++) {
        heldOracles.get(i).check(held.get(i));
      }
    }

    private void reopenOrRebuild() {
      checkHeld();
      held.forEach(Snapshot::close);
      held.clear();
      heldOracles.clear();
      switch (options.path() == null ? 0 : random.nextInt(3)) {
        case 0 -> store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
        case 1 -> store.checkpoint();
        default -> {
          store.close();
          store = EmbeddedEventStore.open(options);
        }
      }
    }

    private void transaction() {
      Oracle working = oracle.copy();
      try (Transaction transaction = store.begin()) {
        for (int i = random.nextInt(6); i >= 0; i--) {
          Oracle before = working.copy();
          int mark = transaction.mark();
          changes.change(store, transaction, working);
          if (random.nextInt(8) == 0) {
            transaction.rollbackTo(mark);
            working = before;
          }
        }
        working.check(transaction.view());
        if (random.nextInt(5) != 0) {
          transaction.commit();
          oracle = working;
        }
      }
    }

    @Override
    public void close() {
      held.forEach(Snapshot::close);
      store.close();
    }
  }

  private static void run(StoreOptions options, long seed) {
    System.out.println("random history: seed " + seed);
    try (Run run = new Run(options, seed)) {
      for (int i = 0; i < STEPS; i++) {
        run.step();
      }
      VerifyReport report = run.store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
      Statistics before = run.store.statistics();
      run.held.forEach(Snapshot::close);
      run.store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      Statistics after = run.store.statistics();
      assertEquals(before.events(), after.events());
      assertEquals(before.roots(), after.roots());
      assertEquals(before.chunks(), after.chunks());
      assertEquals(before.logicalBytes(), after.logicalBytes());
      assertEquals(before.uniqueBytes(), after.uniqueBytes());
      assertEquals(before.storedBytes(), after.storedBytes());
      run.store.close();
      assertThrows(StoreException.class, run.store::snapshot);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a_directory_store_behaves_as_plain_lists_do(long seed) {
    run(
        StoreOptions.at(directory.resolve("db"))
            .withProfile(Profile.SMALL)
            .withDurability(Durability.NONE),
        seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void a_memory_store_behaves_as_plain_lists_do(long seed) {
    run(StoreOptions.inMemory(), seed);
  }

  @Test
  void a_fresh_seed_behaves_as_plain_lists_do() {
    run(
        StoreOptions.at(directory.resolve("fresh")).withDurability(Durability.NONE),
        new Random().nextLong());
  }
}
