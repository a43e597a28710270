package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that tests fork, killed ones too, leave the counts of branches of others whole. */
class ForkedJvmTest {
  @TempDir private Path target;

  private String agent(Path file) {
    return "-javaagent:agent.jar=destfile=" + file + ",excludes=kotlin/**";
  }

  @Test
  void each_process_counts_its_branches_into_a_file_of_its_own() {
    String ours = agent(target.resolve("jacoco.exec"));
    Path first = ForkedJvm.coverageOf(ours);
    assertEquals(target.resolve("jacoco-forks"), first.getParent());
    assertNotEquals(first, ForkedJvm.coverageOf(ours));
    String option = ForkedJvm.withCoverage(ours, first);
    assertEquals(agent(first), option);
    assertEquals(first.getParent(), ForkedJvm.coverageOf(option).getParent(), "one forked by it");
    assertThrows(IllegalArgumentException.class, () -> ForkedJvm.coverageOf("-javaagent:a.jar"));
  }
}
