package org.ouroborosdb.jdbc.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
  private static final int MOMENTS = 20_000;
  private static final int[] UNITS = {1, 1_000, 1_000_000, 100_000_000, 1_000_000_000};

  @Test
  void every_moment_is_read_as_it_was_written() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < MOMENTS; i++) {
      int unit = UNITS[random.nextInt(UNITS.length)];
      long nanos = random.nextInt(1_000_000_000) / unit * (long) unit;
      long seconds = random.nextInt(4) == 0 ? random.nextInt() * 400L : random.nextInt() * 2L;
      Instant moment = Instant.ofEpochSecond(seconds, nanos);
      assertEquals(moment, Moments.parse(moment.toString()), () -> moment + ", seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-0044-03-15T12:00:00Z",
        "+12026-01-31T12:00:00Z",
        "2026-01-31T12:00:00.1Z",
        "2026-01-31T12:00:00.123456789Z",
        "2026-01-31T12:00:00.Z",
        "2026-12-31T23:59:60Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31t12:00:00z",
        "2026-01-31T12:00:00+01:00"
      })
  void other_forms_are_read_as_the_platform_reads_them(String text) {
    assertEquals(Instant.parse(text), Moments.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-01-31",
        "2026-01-31T12:00:0Z",
        "2026-01-31T12:00:00.1234567890Z",
        "2026-01-31T12:00:00.12x4Z",
        "2026-02-30T12:00:00Z",
        "2026-13-01T12:00:00Z",
        "2026-01-31T25:00:00Z",
        "2O26-01-31T12:00:00Z"
      })
  void what_is_no_moment_is_refused(String text) {
    assertThrows(DateTimeException.class, () -> Moments.parse(text));
  }
}
