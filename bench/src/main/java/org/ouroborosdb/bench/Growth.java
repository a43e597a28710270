package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * How cost grows with the number of events: appends in batches of 100, reads of a working set of
 * 10,000 events spread over the store and of any event, children, index bytes, and opens.
 */
public final class Growth {
  private static final int LEAST = 10_000;
  private static final int WORKING_SET = 10_000;
  private static final int BATCH = 100;
  private static final int ROUNDS = 7;
  private static final String STORE = "growth-store";

  /** A tail that stays below the events between two checkpoints. */
  private static final int TAIL = 90_000;

  private final Path directory;
  private final Path path;
  private final Map<String, Map<Integer, Double>> measured = new TreeMap<>();
  private final SplittableRandom random = new SplittableRandom(1);
  private EventId root;
  private double mostIndexBytes;

  private Growth(Path directory) {
    this.directory = directory;
    this.path = directory.resolve(STORE);
  }

  /** Takes the directory to work in and the most events; or, to be killed, a store to append to. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments[0].equals("killed")) {
      EventStore store = EmbeddedEventStore.open(Forest.loose(Path.of(arguments[1])));
      new Growth(Path.of(arguments[1]).getParent()).append(store, TAIL);
      Runtime.getRuntime().halt(0);
    }
    Path directory = Files.createDirectories(Path.of(arguments[0])).toRealPath();
    new Growth(directory).run(Integer.parseInt(arguments[1]));
  }

  private void run(int most) throws IOException, InterruptedException {
    if (Files.exists(path)) {
      Forest.delete(path);
    }
    int events = 0;
    for (int size = LEAST; size <= most; size *= 10) {
      try (EventStore store = EmbeddedEventStore.open(Forest.loose(path))) {
        long start = System.nanoTime();
        append(store, size - events);
        put("append, us", size, (System.nanoTime() - start) / 1e3 / (size - events));
        events = size;
        reads(store, size);
      }
      indexBytes(size);
      put("index bytes an event, at most", size, mostIndexBytes);
      mostIndexBytes = 0;
      put("open after a clean close, ms", size, opened());
      if (size * 10L > most) {
        kill();
        put("open after a kill, ms", size, opened());
      }
    }
    print();
    Files.writeString(directory.resolve("growth.html"), Chart.page("Growth", measured));
    System.out.println("plot in " + directory.resolve("growth.html"));
  }

  /** Appends families of a root's five, a hundred events a commit. */
  private void append(EventStore store, int count) throws IOException {
    for (int done = 0; done < count; ) {
      try (Transaction transaction = store.begin()) {
        int end = Math.min(count, done + BATCH);
        for (; done < end; done++) {
          NewEvent event =
              done % 5 == 0
                  ? NewEvent.root("root " + System.nanoTime()).build()
                  : NewEvent.child(root).title("event " + done).build();
          EventId id = transaction.append(event);
          root = done % 5 == 0 ? id : root;
        }
        transaction.commit();
      }
      if (done % (LEAST / 2) == 0) {
        indexBytes(store.statistics().events());
      }
    }
  }

  private void indexBytes(long events) throws IOException {
    long bytes = 0;
    try (var files = Files.list(path)) {
      for (Path file : files.toList()) {
        bytes += file.getFileName().toString().startsWith("index") ? Files.size(file) : 0;
      }
    }
    if (events >= LEAST) {
      mostIndexBytes = Math.max(mostIndexBytes, (double) bytes / events);
    }
  }

  private void reads(EventStore store, int size) {
    List<EventId> set = new ArrayList<>();
    List<EventId> parents = new ArrayList<>();
    try (Snapshot snapshot = store.snapshot()) {
      for (int i = 0; i < WORKING_SET; i++) {
        EventRow row = snapshot.find(1 + random.nextLong(size));
        set.add(row.id());
        parents.add(row.root());
      }
    }
    put("read of 10,000 events, warm, us", size, median(store, set, false));
    put("children of 10,000 parents, warm, us", size, median(store, parents, true));
    double[] cold = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      List<Long> any = random.longs(WORKING_SET, 1, size + 1L).boxed().toList();
      long start = System.nanoTime();
      for (long seq : any) {
        try (Snapshot snapshot = store.snapshot()) {
          snapshot.find(seq).title();
        }
      }
      cold[round] = (System.nanoTime() - start) / 1e3 / WORKING_SET;
    }
    Arrays.sort(cold);
    put("read of any event, us", size, cold[ROUNDS / 2]);
  }

  private static double median(EventStore store, List<EventId> ids, boolean children) {
    double[] rounds = new double[ROUNDS * 3];
    for (int round = 0; round < rounds.length; round++) {
      long start = System.nanoTime();
      for (EventId id : ids) {
        try (Snapshot snapshot = store.snapshot()) {
          EventRow row = snapshot.find(id);
          if (children) {
            snapshot.children(row.seq()).forEach(EventRow::id);
          }
        }
      }
      rounds[round] = (System.nanoTime() - start) / 1e3 / ids.size();
    }
    Arrays.sort(rounds);
    return rounds[rounds.length / 2];
  }

  /** Returns the median of opens, or the only one that has something to replay. */
  private double opened() {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      EventStore store = EmbeddedEventStore.open(Forest.loose(path));
      millis.add((System.nanoTime() - start) / 1e6);
      store.close();
      if (millis.get(0) > 10 * millis.get(i)) {
        return millis.get(0);
      }
    }
    return millis.stream().sorted().toList().get(ROUNDS / 2);
  }

  private void kill() throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Growth.class.getName(),
            "killed",
            path.toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(10, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    }
  }

  private void put(String what, int size, double value) {
    measured.computeIfAbsent(what, key -> new TreeMap<>()).put(size, value);
  }

  private void print() {
    measured.forEach(
        (what, values) -> {
          StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-38s", what));
          values.forEach(
              (size, value) ->
                  line.append(String.format(Locale.ROOT, " %,11d: %9.2f", size, value)));
          System.out.println(line);
        });
  }
}
