package org.ouroborosdb.bench;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * Stores a tree of some 12,000 files and 580 MB, and its next version, beside restic and borg.
 *
 * <p>Rounds are interleaved, tool by tool; medians are printed. All files are in the page cache,
 * since a first round that does not count has read them; before it the tool that runs in this
 * process runs alone until it is warm. Every tool makes its data durable.
 *
 * <p>What is exported is emptied at once but deleted at the end: ext4 walks past every inode that
 * was freed in the last minutes whenever it makes a file, so an export would pay for the deletion
 * of the one before.
 */
public final class TreeBenchmark {
  /** The compiler of a JVM goes on for some rounds. */
  private static final int WARM_UPS = 4;

  private static final int PIECE_BYTES = 64 << 10;
  private static final double MEGABYTE = 1e6;

  private final Path work;
  private final Path tree;
  private final Path next;
  private final Path exports;
  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

  private int exportCount;

  private TreeBenchmark(Path work) {
    this.work = work;
    tree = work.resolve("tree");
    next = work.resolve("next");
    exports = work.resolve("exports");
  }

  /** Takes the directory to work in, and how many rounds count (3). */
  public static void main(String[] arguments) throws Exception {
    Path work = Files.createDirectories(Path.of(arguments[0])).toRealPath();
    new TreeBenchmark(work).run(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3);
  }

  private void run(int rounds) throws Exception {
    TreeMaker.make(tree);
    if (!Files.exists(next)) {
      TreeMaker.makeNext(tree, next, 1);
    }
    List<Path> files = TreeMaker.files(tree);
    System.out.printf(
        Locale.ROOT,
        "%d files, %.1f MB, %d processors, Java %s, medians of %d rounds%n",
        files.size(),
        bytes(tree) / MEGABYTE,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        rounds);
    List<TreeTool> tools = new ArrayList<>(List.of(new WarmTool()));
    tools.addAll(CommandTool.installed(work));
    delete(exports);
    Files.createDirectory(exports);
    for (int i = 0; i < WARM_UPS; i++) {
      measure(tools.get(0));
    }
    for (int round = 0; round <= rounds; round++) {
      for (TreeTool tool : tools) {
        measure(tool);
      }
      Collections.rotate(
          tools, 1); // what one leaves to the kernel is not always the same one's cost
      note("hash + zstd-1", "pure", hashAndCompress(files));
      if (round == 0) {
        figures.clear(); // the first round warms the page cache for all
      }
    }
    report();
    written(files);
    delete(exports);
  }

  private void measure(TreeTool tool) throws IOException, InterruptedException {
    Path repository = work.resolve("repository");
    Path exported = exports.resolve(Integer.toString(exportCount++));
    delete(repository);
    tool.create(repository);
    settle(tree);
    long start = System.nanoTime();
    tool.store(tree);
    note("ingest", tool.name(), seconds(start));
    long first = bytes(repository);
    note("size first time MB", tool.name(), first / MEGABYTE);
    settle(tree, repository);
    start = System.nanoTime();
    tool.store(tree);
    note("unchanged", tool.name(), seconds(start));
    settle(repository);
    start = System.nanoTime();
    tool.verify();
    note("full verify", tool.name(), seconds(start));
    settle(repository);
    start = System.nanoTime();
    tool.export(tree, exported);
    note("export", tool.name(), seconds(start));
    empty(exported);
    long unchanged = bytes(repository);
    storeNext(tool, repository);
    note("size added MB", tool.name(), (bytes(repository) - unchanged) / MEGABYTE);
    delete(repository);
  }

  /** Gives back the space and the memory of exported files, but not the files. */
  private static void empty(Path exported) throws IOException {
    for (Path file : TreeMaker.files(exported)) {
      if (Files.isWritable(file)) {
        Files.write(file, new byte[0]);
      }
    }
  }

  /**
   * Lets kernel and collector deal with what they still hold, so that no step pays for another, and
   * reads what the step will read: some kernels take files that nobody reads out of memory early.
   */
  private static void settle(Path... directories) throws IOException, InterruptedException {
    System.gc();
    new ProcessBuilder("sync").start().waitFor();
    byte[] buffer = new byte[1 << 20];
    for (Path directory : directories) {
      for (Path file : TreeMaker.files(directory)) {
        try (InputStream in = Files.newInputStream(file)) {
          while (in.read(buffer) >= 0) {
            continue;
          }
        }
      }
    }
  }

  /** Stores the next version under the tree's path, where every tool looks for the one before. */
  private void storeNext(TreeTool tool, Path repository) throws IOException, InterruptedException {
    Path aside = work.resolve("aside");
    Files.move(tree, aside);
    Files.move(next, tree);
    try {
      settle(tree, repository);
      long start = System.nanoTime();
      tool.store(tree);
      note("next version", tool.name(), seconds(start));
    } finally {
      Files.move(tree, next);
      Files.move(aside, tree);
    }
  }

  /** Returns the seconds that two threads need to hash and compress the bytes in pieces. */
  private static double hashAndCompress(List<Path> files)
      throws IOException, InterruptedException, ExecutionException {
    List<byte[]> contents = new ArrayList<>();
    for (Path file : files) {
      contents.add(Files.readAllBytes(file));
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      AtomicInteger at = new AtomicInteger();
      List<Future<?>> done = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < 2; i++) {
        done.add(threads.submit(() -> hashAndCompress(contents, at)));
      }
      for (Future<?> each : done) {
        each.get();
      }
      return seconds(start);
    } finally {
      threads.shutdown();
    }
  }

  private static void hashAndCompress(List<byte[]> contents, AtomicInteger at) {
    byte[] target = new byte[(int) Zstd.compressBound(PIECE_BYTES)];
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      for (int i = at.getAndIncrement(); i < contents.size(); i = at.getAndIncrement()) {
        byte[] bytes = contents.get(i);
        for (int from = 0; from < bytes.length; from += PIECE_BYTES) {
          int length = Math.min(PIECE_BYTES, bytes.length - from);
          digest.update(bytes, from, length);
          digest.digest();
          Zstd.compressByteArray(target, 0, target.length, bytes, from, length, 1);
        }
      }
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Prints what is written to files for each byte of stored chunks. */
  private void written(List<Path> files) throws IOException {
    Path repository = work.resolve("repository");
    delete(repository);
    long before = writtenBytes();
    if (before < 0) {
      System.out.println("bytes written: this system does not count them");
      return;
    }
    Statistics statistics;
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(repository))) {
      for (Path file : files) {
        store.put(new ByteArrayInputStream(Files.readAllBytes(file)));
      }
      statistics = store.statistics();
    }
    System.out.printf(
        Locale.ROOT,
        "%-20s %.3f with the index, %.3f to the segments (goal 1.03)%n",
        "written per stored",
        (writtenBytes() - before) / (double) statistics.storedBytes(),
        statistics.segmentBytes() / (double) statistics.storedBytes());
    delete(repository);
  }

  private static long writtenBytes() throws IOException {
    Path counters = Path.of("/proc/self/io");
    if (!Files.exists(counters)) {
      return -1;
    }
    for (String line : Files.readAllLines(counters)) {
      if (line.startsWith("wchar: ")) {
        return Long.parseLong(line.substring(7));
      }
    }
    return -1;
  }

  private void report() {
    System.out.printf(Locale.ROOT, "%-20s", "");
    List<String> tools = List.of("warm", "command", "restic", "borg", "pure");
    tools.forEach(tool -> System.out.printf(Locale.ROOT, "%10s", tool));
    System.out.printf(Locale.ROOT, "%12s %12s %12s%n", "warm/restic", "cmd/restic", "cmd/borg");
    figures.forEach(
        (measure, values) -> {
          System.out.printf(Locale.ROOT, "%-20s", measure);
          for (String tool : tools) {
            System.out.printf(Locale.ROOT, "%10s", figure(values, tool));
          }
          System.out.printf(
              Locale.ROOT,
              "%12s %12s %12s%n",
              ratio(values, "warm", "restic"),
              ratio(values, "command", "restic"),
              ratio(values, "command", "borg"));
        });
  }

  private static String figure(Map<String, List<Double>> values, String tool) {
    List<Double> all = values.get(tool);
    return all == null ? "-" : String.format(Locale.ROOT, "%.2f", median(all));
  }

  private static String ratio(Map<String, List<Double>> values, String tool, String peer) {
    List<Double> ours = values.get(tool);
    List<Double> theirs = values.get(peer);
    return ours == null || theirs == null
        ? "-"
        : String.format(Locale.ROOT, "%.2fx", median(ours) / median(theirs));
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private void note(String measure, String tool, double value) {
    System.err.printf(Locale.ROOT, "%s, %s: %.2f%n", measure, tool, value); // progress
    figures
        .computeIfAbsent(measure, m -> new LinkedHashMap<>())
        .computeIfAbsent(tool, t -> new ArrayList<>())
        .add(value);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static long bytes(Path directory) throws IOException {
    long bytes = 0;
    for (Path file : TreeMaker.files(directory)) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> walk = Files.walk(directory)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
