package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.ForkedJvm;

/** Files that somebody wrote to do harm crash nothing, hang nothing and fill no memory. */
class HostileFilesTest {
  private static final int INPUTS = 3_000;
  private static final int SECONDS = 20;
  private static final int DEEP_SLICES = 20;
  private static final int DEEP_SECONDS = 30;
  private static final int FUZZ_SLICES = 10;
  private static final int FUZZ_SECONDS = 60;
  private static final int GRACE_SECONDS = 60;

  /** Reads inputs in a JVM of 64 MB; a process that says nothing for a minute hangs. */
  private static void read(HostileTarget target, long seed, long inputs, int seconds) {
    Path corpus = Path.of("src", "test", "resources", "corpus", target.name());
    try (ForkedJvm reader =
        new ForkedJvm(
            HostileReader.class,
            target.name(),
            corpus.toString(),
            "" + seed,
            "" + inputs,
            "" + seconds)) {
      String line = "TRIED";
      while (line != null && line.startsWith("TRIED")) {
        line = assertTimeoutPreemptively(Duration.ofSeconds(GRACE_SECONDS), reader::line);
      }
      String last = String.valueOf(line);
      assertTrue(last.startsWith("DONE"), () -> target + ", seed " + seed + ": " + last);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource(HostileTarget.class)
  void hostile_bytes_are_refused(HostileTarget target) {
    long seed = new Random().nextLong();
    System.out.println("hostile " + target + ": seed " + seed);
    read(target, seed, INPUTS, SECONDS);
  }

  @Tag("deep")
  @ParameterizedTest
  @EnumSource(HostileTarget.class)
  void hostile_bytes_are_refused_for_ten_minutes(HostileTarget target) {
    DeepRun.slices("hostile " + target + ", seconds", DEEP_SLICES, DEEP_SECONDS)
        .run(seed -> read(target, seed, Long.MAX_VALUE, DEEP_SECONDS));
  }

  @Tag("deep")
  @ParameterizedTest
  @EnumSource(HostileTarget.class)
  void inputs_that_coverage_leads_to_are_refused_for_ten_minutes(HostileTarget target) {
    DeepRun.slices("fuzzed " + target + ", seconds", FUZZ_SLICES, FUZZ_SECONDS)
        .run(
            seed -> {
              try {
                assertNull(FuzzedTarget.fuzz(target, seed, FUZZ_SECONDS));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }
}
