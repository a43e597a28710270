package org.ouroborosdb.store.promises;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Damaged bytes never give a wrong or a shorter answer; they are named, and cost only themselves.
 */
class BitRotTest {
  private static final int CUT_STEP = 64;
  private static final long STORE_SEED = 7;

  @Test
  void a_flipped_bit_of_any_byte_is_met() {
    long seed = new Random().nextLong();
    System.out.println("bit rot: seed " + seed);
    RotTarget target = new RotTarget(STORE_SEED);
    for (String file : target.files()) {
      IntStream.range(0, target.length(file))
          .parallel()
          .forEach(at -> target.flip(file, at, new Random(seed + at).nextInt(Byte.SIZE)));
    }
  }

  @Test
  void a_file_cut_at_every_64th_length_is_met() {
    RotTarget target = new RotTarget(STORE_SEED);
    for (String file : target.files()) {
      IntStream.range(0, (target.length(file) + CUT_STEP - 1) / CUT_STEP)
          .parallel()
          .forEach(step -> target.cut(file, step * CUT_STEP));
    }
  }

  @Test
  void a_forged_byte_with_a_fitting_checksum_is_met_by_its_hash() {
    RotTarget target = new RotTarget(STORE_SEED);
    for (String file : target.files()) {
      if (file.startsWith("segment")) {
        IntStream.range(0, target.length(file))
            .parallel()
            .forEach(at -> target.forge(file, at, at % Byte.SIZE));
      }
    }
  }

  @Test
  void a_flipped_bit_of_an_unclosed_store_costs_its_last_transaction_at_most() {
    RotTarget target = new RotTarget(STORE_SEED);
    IntStream.range(0, target.unclosedLength())
        .parallel()
        .forEach(at -> target.flipUnclosed(at, at % Byte.SIZE));
  }

  @Test
  void a_log_cut_short_that_lost_its_index_is_refused() {
    RotTarget target = new RotTarget(STORE_SEED);
    for (int less = 1; less < target.lastSegmentLength(); less++) {
      target.cutWithoutIndex(less);
    }
  }

  @Tag("deep")
  @Test
  void every_bit_of_every_byte_is_met() {
    RotTarget target = new RotTarget(STORE_SEED);
    for (String file : target.files()) {
      DeepRun.slices("every bit of " + file, target.length(file), Byte.SIZE)
          .run(
              at -> {
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                  target.flip(file, (int) at, bit);
                }
              });
    }
  }

  @Tag("deep")
  @Test
  void every_length_of_every_file_is_met() {
    RotTarget target = new RotTarget(STORE_SEED);
    for (String file : target.files()) {
      DeepRun.slices("every length of " + file, target.length(file), 1)
          .run(length -> target.cut(file, (int) length));
    }
  }
}
