package org.ouroborosdb.store.segment;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two copies of one log, which have freed space, grown and rotted each in its own way: one mends
 * the other with what both once had, and with nothing else.
 */
class RandomRepairTest {
  private static final int WORLDS = 1_500;

  @Test
  void a_copy_gives_what_was_lost_and_nothing_else_whatever_became_of_both() throws IOException {
    long seed = new Random().nextLong(1L << 32);
    System.out.println("RandomRepairTest: seeds from " + seed);
    for (int i = 0; i < WORLDS; i++) {
      long world = seed + i;
      try {
        new RepairWorld(world).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + world, e);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 4, 33, 44, 50, 100, 543, 751, 976, 1015})
  void worlds_that_failed_once_are_mended(long seed) throws IOException {
    new RepairWorld(seed).run();
  }
}
