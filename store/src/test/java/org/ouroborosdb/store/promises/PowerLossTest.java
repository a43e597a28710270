package org.ouroborosdb.store.promises;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.simulated.Loss;

/** After a power loss the store opens, holds all it acknowledged, and answers rightly. */
class PowerLossTest {
  private static final int CRASHES = 500;
  private static final int DEEP_CRASHES = 100_000;
  private static final int GENERATIONS = 10;

  static void crash(long seed, Loss loss, Durability durability) {
    try {
      new Lineage(seed, loss, durability).run(GENERATIONS);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "power loss: seed " + seed + ", mode " + loss + ", durability " + durability, e);
    }
  }

  private static void crash(int crashes, Loss loss, Durability durability) {
    long seed = new Random().nextLong();
    System.out.println("power loss " + loss + " " + durability + ": seed " + seed);
    for (int i = 0; i < crashes / GENERATIONS; i++) {
      crash(seed + i, loss, durability);
    }
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void acknowledged_events_survive_power_loss(Loss loss) {
    crash(CRASHES, loss, Durability.COMMIT);
  }

  @ParameterizedTest
  @EnumSource(Loss.class)
  void unforced_commits_survive_power_loss_up_to_some_moment(Loss loss) {
    crash(CRASHES / 5, loss, Durability.NONE);
  }

  /** Seeds that failed once. */
  @ParameterizedTest
  @CsvSource({
    "-2455818959455124418, PREFIX, COMMIT", // a killed process's tail was shown, then lost
    "-5363938513834041939, SUBSET, COMMIT" // a COMMIT outlasted its batch: refused as damage
  })
  void seeds_that_failed_once_pass(long seed, Loss loss, Durability durability) {
    new Lineage(seed, loss, durability).withoutCompaction().run(GENERATIONS);
  }

  @Tag("deep")
  @ParameterizedTest
  @EnumSource(Loss.class)
  void acknowledged_events_survive_many_power_losses(Loss loss) {
    DeepRun.slices("power loss " + loss, DEEP_CRASHES / GENERATIONS, GENERATIONS)
        .run(seed -> crash(seed, loss, Durability.COMMIT));
  }
}
