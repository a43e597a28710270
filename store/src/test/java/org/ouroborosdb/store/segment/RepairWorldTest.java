package org.ouroborosdb.store.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first few of the worlds of {@link RandomRepairTest}, the same ones each time. */
class RepairWorldTest {
  private static final int WORLDS = 40;

  /**
   * What every segment and every sentence came to when this was written. It is another when the
   * format, the worlds, or what is mended and how it is told changes; whether that is for the
   * better, {@link RandomRepairTest} does not say.
   */
  @ParameterizedTest
  @CsvSource({
    "0,8258126563141116063",
    "40,2765054392994437099",
    "80,5293031084984149535",
    "120,-3556364491946983634",
    "160,6434861440080416376",
    "200,5684859125458015657",
    "240,-7216275762159980980",
    "280,2371224495612558127",
    "320,-1736659278291970050",
    "360,2487863657472551250"
  })
  void each_world_comes_to_what_it_came_to_before(long firstSeed, long digest) throws IOException {
    long found = 0;
    for (int i = 0; i < WORLDS; i++) {
      found = 31 * found + new RepairWorld(firstSeed + i).run();
    }
    assertEquals(digest, found);
  }
}
