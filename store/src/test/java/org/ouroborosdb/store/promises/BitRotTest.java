package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Damaged bytes never give a wrong or a shorter answer; they are named, and cost only themselves.
 */
class BitRotTest {
  private static final int CUT_STEP = 64;
  private static final int REWRITTEN_STEP = 5; // deep takes every byte
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
  void a_flipped_bit_of_a_rewritten_segment_is_met() {
    long seed = new Random().nextLong();
    System.out.println("bit rot in rewritten segments: seed " + seed);
    Random random = new Random(seed);
    RotTarget target = new RotTarget(STORE_SEED, true);
    for (String file : target.files()) {
      if (file.startsWith("segment")) {
        int from = random.nextInt(REWRITTEN_STEP);
        IntStream.range(0, (target.length(file) - from) / REWRITTEN_STEP)
            .map(step -> from + step * REWRITTEN_STEP)
            .parallel()
            .forEach(at -> target.flip(file, at, new Random(seed + at).nextInt(Byte.SIZE)));
      }
    }
  }

  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void a_file_cut_at_every_64th_length_is_met(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (String file : target.files()) {
      IntStream.range(0, (target.length(file) + CUT_STEP - 1) / CUT_STEP)
          .parallel()
          .forEach(step -> target.cut(file, step * CUT_STEP));
    }
  }

  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void a_forged_byte_with_a_fitting_checksum_is_met_by_its_hash(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (String file : target.files()) {
      if (file.startsWith("segment")) {
        IntStream.range(0, target.length(file))
            .filter(at -> !rewritten || at % REWRITTEN_STEP == 0)
            .parallel()
            .forEach(at -> target.forge(file, at, at % Byte.SIZE));
      }
    }
  }

  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void a_payload_too_short_for_its_kind_with_a_fitting_checksum_is_named(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (String file : target.files()) {
      if (file.startsWith("segment")) {
        LogBytes.firstOfKinds(target.bytes(file)).forEach((kind, at) -> shorten(target, file, at));
      }
    }
  }

  private static void shorten(RotTarget target, String file, int at) {
    int whole = ByteBuffer.wrap(target.bytes(file)).getInt(at + 12);
    boolean commit = target.bytes(file)[at + 4] == 4;
    IntStream.of(0, 1, 3, 4, 7, 8, 11, 12, 13, 19, 67, 71, 72, whole - 1)
        .filter(length -> length < whole && length >= 0)
        .filter(length -> !commit || length != 12) // which the first stores wrote
        .parallel()
        .forEach(
            length -> {
              target.shorten(file, at, length, true);
              target.shorten(file, at, length, false);
            });
  }

  @Test
  void a_flipped_bit_of_an_unclosed_store_costs_its_last_transaction_at_most() {
    RotTarget target = new RotTarget(STORE_SEED);
    IntStream.range(0, target.unclosedLength())
        .parallel()
        .forEach(at -> target.flipUnclosed(at, at % Byte.SIZE));
  }

  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void a_log_cut_short_that_lost_its_index_is_refused(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (int less = 1; less < target.lastSegmentLength(); less++) {
      target.cutWithoutIndex(less);
    }
  }

  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void a_segment_that_lost_its_last_batch_is_met(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (String file : target.files()) {
      for (int less = 1; file.startsWith("segment") && less <= 100; less++) {
        target.cut(file, target.length(file) - less);
      }
    }
  }

  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void a_segment_that_lost_all_but_its_header_is_met(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (String file : target.files()) {
      if (file.startsWith("segment")) {
        target.cut(file, 32);
      }
    }
  }

  @Tag("deep")
  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void every_bit_of_every_byte_is_met(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (String file : target.files()) {
      DeepRun.overFile("every bit of " + named(file, rewritten), target.bytes(file), Byte.SIZE)
          .run(
              at -> {
                for (int bit = 0; bit < Byte.SIZE; bit++) {
                  target.flip(file, (int) at, bit);
                }
              });
    }
  }

  @Tag("deep")
  @ParameterizedTest(name = "segments rewritten: {0}")
  @ValueSource(booleans = {false, true})
  void every_length_of_every_file_is_met(boolean rewritten) {
    RotTarget target = new RotTarget(STORE_SEED, rewritten);
    for (String file : target.files()) {
      DeepRun.overFile("every length of " + named(file, rewritten), target.bytes(file), 1)
          .run(length -> target.cut(file, (int) length));
    }
  }

  private static String named(String file, boolean rewritten) {
    return file + (rewritten ? " with rewritten segments" : "");
  }

  @Test
  void the_rewritten_store_has_every_kind_of_record_in_segments_written_anew() {
    RotTarget target = new RotTarget(STORE_SEED, true);
    Set<Integer> kinds = new HashSet<>();
    for (String file : target.files()) {
      if (file.startsWith("segment") && LogBytes.number(file) != LogBytes.place(file)) {
        kinds.addAll(LogBytes.kinds(target.bytes(file)));
      }
    }
    assertEquals(Set.of(1, 2, 3, 4, 6, 7), kinds);
    assertTrue(target.files().contains("segment-00000001-2.log"), target.files().toString());
  }
}
