package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.ForkedJvm;
import org.ouroborosdb.store.disk.Guard;

/** Each guard's test is green with the guard, and red without it. */
@Tag("deep")
@Tag("guards")
class GuardsTest {
  private static final String SWITCH = "-Dorg.ouroborosdb.guards.off=";

  /** Returns the last line that a run says. */
  private static String run(Guard guard, List<String> jvmOptions) throws IOException {
    String last = "";
    try (ForkedJvm run = new ForkedJvm(jvmOptions, GuardedRun.class, guard.name())) {
      for (String line = run.line(); line != null; line = run.line()) {
        last = line;
      }
    }
    return last;
  }

  @ParameterizedTest
  @EnumSource(Guard.class)
  void the_test_of_a_guard_is_red_without_it(Guard guard) throws IOException {
    String said = run(guard, List.of(SWITCH + guard.name()));
    System.out.println("without " + guard + ": " + said.substring(0, Math.min(160, said.length())));
    assertFalse(said.equals("GREEN") || said.startsWith("DONE"), said);
  }

  @ParameterizedTest
  @EnumSource(Guard.class)
  void the_test_of_a_guard_is_green_with_it(Guard guard) throws IOException {
    assertEquals("GREEN", run(guard, List.of()));
  }
}
