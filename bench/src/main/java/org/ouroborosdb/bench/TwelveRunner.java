package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link TwelveOperations} in four settings, and prints each beside its reference. */
public final class TwelveRunner {
  /** What another store of event trees took on two cores, and the goal, in nanoseconds. */
  private record Reference(double before, double goal) {}

  private static final Map<String, Reference> REFERENCES = references();

  private TwelveRunner() {}

  private static Map<String, Reference> references() {
    Map<String, Reference> all = new LinkedHashMap<>();
    all.put("rebuildIndex", new Reference(13_500_000, 40_000_000));
    all.put("getChildrenOfEvent", new Reference(2_700, 2_400));
    all.put("getChildrenHashes", new Reference(45, 300));
    all.put("storeFile", new Reference(63_000, 40_000));
    all.put("getFile", new Reference(1_700, 1_600));
    all.put("getEvent", new Reference(4_200, 1_500));
    all.put("getMetadata", new Reference(2_500, 1_600));
    all.put("getAllRootEvents", new Reference(11_600_000, 3_000_000));
    all.put("getRootIndex", new Reference(1_200_000, 600_000));
    all.put("getRootEventsWithTitle", new Reference(8_600, 2_000));
    all.put("createRootEvent", new Reference(43_000, 20_000));
    all.put("createNewEvent", new Reference(17_000, 8_000));
    return all;
  }

  /**
   * Takes the directory to work in, then settings (none, synced, large, threads), or operations to
   * run in the first setting alone.
   */
  public static void main(String[] arguments) throws RunnerException, IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0])).toRealPath();
    List<String> chosen = List.of(arguments).subList(1, arguments.length);
    List<String> all = List.of("none", "synced", "large", "threads");
    List<String> operations = chosen.stream().filter(REFERENCES::containsKey).toList();
    List<String> settings = chosen.stream().filter(all::contains).toList();
    for (String setting : settings.isEmpty() ? all : settings) {
      Collection<String> names = operations.isEmpty() ? REFERENCES.keySet() : operations;
      print(setting, new Runner(options(directory, setting, names)).run());
    }
  }

  private static Options options(Path directory, String setting, Collection<String> operations) {
    boolean threads = setting.equals("threads");
    OptionsBuilder options = new OptionsBuilder();
    for (String operation : operations) {
      if (!(threads && operation.equals("rebuildIndex"))) {
        options.include("TwelveOperations\\." + operation + "$");
      }
    }
    options.param("directory", directory.toString());
    options.param("setting", threads ? "none" : setting);
    options.threads(threads ? 4 : 1);
    // A heap that is there from the start: taking it is the machine's time, not the store's.
    options.forks(1).jvmArgsAppend("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch");
    options.warmupIterations(5).warmupTime(TimeValue.seconds(1));
    options.measurementIterations(5).measurementTime(TimeValue.seconds(1));
    return options.build();
  }

  private static void print(String setting, Collection<RunResult> results) {
    System.out.printf(
        Locale.ROOT, "%n%-24s %12s %12s %12s  %s%n", setting, "us", "reference", "goal", "ratio");
    double logs = 0;
    Map<String, Double> nanos = new LinkedHashMap<>();
    for (RunResult result : results) {
      String label = result.getPrimaryResult().getLabel();
      nanos.put(label, result.getPrimaryResult().getScore());
    }
    int counted = 0;
    for (Map.Entry<String, Reference> entry : REFERENCES.entrySet()) {
      Double found = nanos.get(entry.getKey());
      if (found == null) {
        continue;
      }
      Reference reference = entry.getValue();
      double ratio = found / reference.before();
      logs += Math.log(ratio);
      counted++;
      System.out.printf(
          Locale.ROOT,
          "%-24s %12.2f %12.2f %12.2f  %.2f%s%n",
          entry.getKey(),
          found / 1000,
          reference.before() / 1000,
          reference.goal() / 1000,
          ratio,
          found <= reference.goal() ? "" : "  over the goal");
    }
    System.out.printf(
        Locale.ROOT,
        "geometric mean of %d ratios: %.2f (goal 0.60)%n",
        counted,
        Math.exp(logs / counted));
  }
}
