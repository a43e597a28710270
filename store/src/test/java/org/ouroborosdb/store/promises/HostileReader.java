package org.ouroborosdb.store.promises;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ouroborosdb.store.StoreException;

/** Feeds a target with changed inputs, in a process of its own with little memory. */
final class HostileReader {
  private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final int KEPT_INPUTS = 500;

  private HostileReader() {}

  /**
   * Takes the target, the folder of its corpus, a seed, how many inputs to try, and for how many
   * seconds at most; prints {@code FAILED} with the input, or {@code DONE} with the number.
   */
  public static void main(String[] arguments) throws IOException {
    HostileTarget target = HostileTarget.valueOf(arguments[0]);
    Random random = new Random(Long.parseLong(arguments[2]));
    long most = Long.parseLong(arguments[3]);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[4]));
    List<byte[]> inputs = new ArrayList<>(target.seeds());
    inputs.addAll(corpus(Path.of(arguments[1])));
    inputs.forEach(input -> tryOne(target, input));
    long tried = inputs.size();
    long reported = System.nanoTime();
    while (tried < most && System.nanoTime() < deadline) {
      byte[] from = inputs.get(random.nextInt(inputs.size()));
      byte[] input = Mutation.of(from, inputs.get(random.nextInt(inputs.size())), random);
      if (tryOne(target, input) && inputs.size() < KEPT_INPUTS && random.nextInt(10) == 0) {
        inputs.add(input); // what reads well leads to more that does
      }
      tried++;
      if (System.nanoTime() - reported > REPORT_NANOS) {
        System.out.println("TRIED " + tried);
        reported = System.nanoTime();
      }
    }
    System.out.println("DONE " + tried);
  }

  /** Reads the inputs of a folder. */
  static List<byte[]> corpus(Path folder) throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          inputs.add(HexFormat.of().parseHex(Files.readString(file).strip()));
        }
      }
    }
    return inputs;
  }

  /** Returns whether the target took the input. */
  private static boolean tryOne(HostileTarget target, byte[] input) {
    try {
      target.read(input);
      return true;
    } catch (StoreException e) {
      return false;
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      System.out.println(
          "FAILED " + e.getClass().getName() + " " + HexFormat.of().formatHex(input));
      System.exit(1);
      return false;
    }
  }
}
