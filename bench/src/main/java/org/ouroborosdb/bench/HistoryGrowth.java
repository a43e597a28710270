package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.kv.KeyValueStore;

/**
 * How cost grows with the number of versions of one file, and of one key: a put, a read of the
 * current value, one of the value as of a version by level and by seq, and a listing of all.
 */
public final class HistoryGrowth {
  private static final int ROUNDS = 15;
  private static final int READS = 200;
  private static final int LISTED = 100_000;
  private static final String KEY = "key";

  private final Map<String, Map<Integer, Double>> measured = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom(1);

  private HistoryGrowth() {}

  /** Takes the directory to work in and the most versions. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0])).toRealPath();
    new HistoryGrowth().run(directory, Integer.parseInt(arguments[1]));
  }

  private void run(Path directory, int most) throws IOException {
    Path path = Files.createTempDirectory(directory, "history");
    try (EventStore store = EmbeddedEventStore.open(Forest.loose(path))) {
      EventId root = store.append(NewEvent.root("files").build());
      EventId file =
          store.append(NewEvent.child(root).title("file").content(store.put(text(0))).build());
      KeyValueStore keys = KeyValueStore.of(store);
      EventId key = keys.put(KEY, text(0));
      EventId head = file;
      int versions = 1;
      for (int size = 1; size <= most; size *= 10) {
        long start = System.nanoTime();
        int added = size - versions;
        for (int i = versions; i < size; i++) {
          head = store.append(NewEvent.overwrite(head).content(store.put(text(i))).build());
        }
        put("file: append, us", size, start, added);
        start = System.nanoTime();
        for (int i = versions; i < size; i++) {
          keys.put(KEY, text(i));
        }
        put("key: put, us", size, start, added);
        versions = size;
        reads(store, "file", file, size);
        reads(store, "key", key, size);
        measure("key: get with content, us", size, READS, () -> keys.getBytes(KEY, 1 << 20));
      }
    } finally {
      Forest.delete(path);
    }
    print();
    Files.writeString(directory.resolve("history.html"), Chart.page("History", measured));
    System.out.println("plot in " + directory.resolve("history.html"));
  }

  private static byte[] text(int version) {
    return ("version " + version + " " + "x".repeat(100)).getBytes(StandardCharsets.UTF_8);
  }

  private void reads(EventStore store, String what, EventId base, int size) {
    long[] levels;
    long[] seqs;
    try (Snapshot snapshot = store.snapshot()) {
      long seq = snapshot.find(base).seq();
      levels = snapshot.versions(seq).stream().mapToLong(EventRow::level).toArray();
      seqs = snapshot.versions(seq).stream().mapToLong(EventRow::seq).toArray();
    }
    if (levels.length != size) {
      throw new AssertionError(levels.length + " versions, not " + size);
    }
    measure(
        what + ": current, us", size, READS, () -> winner(store, base, null, 0, seqs[size - 1]));
    measure(
        what + ": as of a level, us",
        size,
        READS,
        () -> {
          int at = random.nextInt(size);
          winner(store, base, true, levels[at], seqs[at]);
        });
    measure(
        what + ": as of a seq, us",
        size,
        READS,
        () -> {
          int at = random.nextInt(size);
          winner(store, base, false, seqs[at], seqs[at]);
        });
    measure(
        what + ": listing, us a version",
        size,
        Math.max(1, Math.min(READS, LISTED / size)),
        () -> list(store, base, size));
    Map<Integer, Double> listing = measured.get(what + ": listing, us a version");
    listing.put(size, listing.get(size) / size);
  }

  private static void winner(
      EventStore store, EventId base, Boolean byLevel, long moment, long expected) {
    try (Snapshot now = store.snapshot()) {
      Snapshot then = byLevel == null ? now : byLevel ? now.asOfLevel(moment) : now.asOfSeq(moment);
      long found = then.winner(then.find(base).seq()).seq();
      if (found != expected) {
        throw new AssertionError("the version " + found + " instead of " + expected);
      }
    }
  }

  private static void list(EventStore store, EventId base, int size) {
    try (Snapshot snapshot = store.snapshot()) {
      long bytes = 0;
      for (EventRow row : snapshot.versions(snapshot.find(base).seq())) {
        bytes += row.contentLength();
      }
      if (bytes < 100L * size) {
        throw new AssertionError("contents are missing");
      }
    }
  }

  private void measure(String what, int size, int times, Runnable read) {
    double[] rounds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < times; i++) {
        read.run();
      }
      rounds[round] = (System.nanoTime() - start) / 1e3 / times;
    }
    Arrays.sort(rounds);
    measured.computeIfAbsent(what, key -> new TreeMap<>()).put(size, rounds[ROUNDS / 2]);
  }

  private void put(String what, int size, long startNanos, int count) {
    if (count > 0) {
      measured
          .computeIfAbsent(what, key -> new TreeMap<>())
          .put(size, (System.nanoTime() - startNanos) / 1e3 / count);
    }
  }

  private void print() {
    measured.forEach(
        (what, values) -> {
          StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-30s", what));
          values.forEach(
              (size, value) ->
                  line.append(String.format(Locale.ROOT, " %,9d: %9.2f", size, value)));
          System.out.println(line);
        });
  }
}
