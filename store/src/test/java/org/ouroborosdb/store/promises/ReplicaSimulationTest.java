package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stores that exchanged everything show the same, and all that was written. */
class ReplicaSimulationTest {
  private static final int RUNS = 2_000;
  private static final int DEEP_RUNS = 1_000_000;

  private static String simulate(long seed) {
    try {
      return new ReplicaWorld(seed).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("replicas: seed " + seed, e);
    }
  }

  @Test
  void replicas_that_exchanged_everything_agree() {
    long seed = new Random().nextLong();
    System.out.println("replicas: seed " + seed);
    for (int i = 0; i < RUNS; i++) {
      simulate(seed + i);
    }
  }

  @Test
  void a_seed_replays_exactly() {
    assertEquals(simulate(17), simulate(17));
  }

  /** Seeds that failed once. */
  @ParameterizedTest
  @ValueSource(
      longs = {
        -6352553337792598434L, // a liar's empty answers moved the cursor
        5814992436919073884L, // a tombstone of an id that begins alike stood for another
        1417019351638447739L, // a tombstone was dropped under an older state
        446677L // a version of a chain merged one that came after the chain's end
      })
  void seeds_that_failed_once_pass(long seed) {
    simulate(seed);
  }

  @Tag("deep")
  @Test
  void replicas_agree_in_many_worlds() {
    DeepRun.slices("replicas agree", DEEP_RUNS, 1).run(ReplicaSimulationTest::simulate);
  }
}
