package org.ouroborosdb.store.promises;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.StoreException;

/** A {@link HostileTarget} as Jazzer calls it, and the process that runs Jazzer. */
public final class FuzzedTarget {
  private static final String JAZZER = "com.code_intelligence.jazzer.Jazzer";
  private static @Nullable HostileTarget target;

  private FuzzedTarget() {}

  /** Takes the target's name. */
  public static void fuzzerInitialize(String[] arguments) {
    target = HostileTarget.valueOf(arguments[0]);
  }

  /** Reads an input; it may be refused, and nothing else. */
  public static void fuzzerTestOneInput(byte[] input) {
    try {
      if (target != null) {
        target.read(input);
      }
    } catch (StoreException e) {
      // refused
    }
  }

  /**
   * Fuzzes for some seconds, led by the branches that inputs reach; inputs that reach new ones stay
   * in {@code target/fuzz} and serve the next run.
   *
   * @return what Jazzer found; null if nothing
   */
  static @Nullable String fuzz(HostileTarget target, long seed, int seconds) throws IOException {
    Path inputs = Files.createDirectories(Path.of("target", "fuzz", target.name()));
    List<byte[]> known = new ArrayList<>(target.seeds());
    known.addAll(
        HostileReader.corpus(Path.of("src", "test", "resources", "corpus", target.name())));
    for (int i = 0; i < known.size(); i++) {
      Files.write(inputs.resolve("known-" + i), known.get(i));
    }
    Path said = inputs.resolveSibling(target.name() + ".log");
    Process jazzer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                JAZZER,
                "--target_class=" + FuzzedTarget.class.getName(),
                "--target_args=" + target.name(),
                "--instrumentation_includes=org.ouroborosdb.store.**",
                "--reproducer_path=target/fuzz",
                "-artifact_prefix=target/fuzz/" + target.name() + "-",
                "-seed=" + (seed + 1),
                "-timeout=60",
                "-rss_limit_mb=2048",
                "-max_len=65536",
                "-max_total_time=" + seconds,
                inputs.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      return jazzer.waitFor() == 0 ? null : Files.readString(said);
    } catch (InterruptedException e) {
      jazzer.destroyForcibly();
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
