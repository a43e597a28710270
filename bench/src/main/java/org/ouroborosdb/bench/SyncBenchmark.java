package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.replication.Peer;
import org.ouroborosdb.store.replication.Replicator;
import org.ouroborosdb.store.replication.Replicator.SyncOptions;
import org.ouroborosdb.store.replication.Replicator.SyncReport;
import org.ouroborosdb.store.replication.Replicator.SyncResult;

/**
 * What merging a large store with its replica costs: the first time, when both are equal, and when
 * 1,000 events are new; with the bytes moved beside those of the new events, which are their
 * records and the plain bytes of their contents.
 */
public final class SyncBenchmark {
  private static final int ROUNDS = 9;
  private static final int NEW_EVENTS = 1_000;
  private static final int LEAST_BYTES = 100;
  private static final int MORE_BYTES = 300;
  private static final String[] WORDS =
      "report draft invoice sensor minutes order contract photo ledger note".split(" ");

  private final EventStore store;
  private final EventStore replica;
  private final SplittableRandom random = new SplittableRandom(1);

  private SyncBenchmark(EventStore store, EventStore replica) {
    this.store = store;
    this.replica = replica;
  }

  /** Takes the directory to work in and the number of events. */
  public static void main(String[] arguments) throws IOException {
    Path path = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "sync");
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(path.resolve("store")));
        EventStore replica = EmbeddedEventStore.open(StoreOptions.at(path.resolve("replica")))) {
      new SyncBenchmark(store, replica).run(Integer.parseInt(arguments[1]));
    } finally {
      Forest.delete(path);
    }
  }

  private void run(int events) {
    Forest.fill(store, events, true);
    long start = System.nanoTime();
    SyncReport first = sync().received();
    System.out.printf(
        Locale.ROOT,
        "%,d events to an empty store: %.1f s, %,d bytes%n",
        first.events(),
        (System.nanoTime() - start) / 1e9,
        first.bytes());
    double[] equal = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      start = System.nanoTime();
      SyncReport report = sync().received();
      equal[i] = (System.nanoTime() - start) / 1e6;
      require(report.events() == 0, "equal stores exchanged events");
    }
    print("equal stores prove it, ms", equal);
    newEvents("texts", false);
    newEvents("noise", true);
  }

  /** Measures new events, whose contents are texts, or noise that does not compress. */
  private void newEvents(String what, boolean noise) {
    double[] seconds = new double[ROUNDS];
    double[] ratios = new double[ROUNDS];
    double[] bytes = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      bytes[i] = append(what + " " + i, noise);
      long start = System.nanoTime();
      SyncReport report = sync().received();
      seconds[i] = (System.nanoTime() - start) / 1e9;
      ratios[i] = report.bytes() / bytes[i];
      require(report.events() == NEW_EVENTS, "not all new events came");
    }
    print("1,000 new " + what + ", s", seconds);
    print("  their bytes", bytes);
    print("  bytes moved to theirs", ratios);
  }

  private SyncResult sync() {
    SyncResult result =
        Replicator.of(replica).sync(store, "store", "replica", SyncOptions.unbounded());
    require(result.equal(), "the stores differ");
    return result;
  }

  private static void require(boolean kept, String what) {
    if (!kept) {
      throw new AssertionError(what);
    }
  }

  private static void print(String what, double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%-28s median %8.3f, %8.3f to %8.3f%n",
        what,
        sorted[sorted.length / 2],
        sorted[0],
        sorted[sorted.length - 1]);
  }

  /** Appends small files under a new root, ten a transaction; returns the bytes that they are. */
  private long append(String title, boolean noise) {
    long before;
    try (Snapshot snapshot = store.snapshot()) {
      before = snapshot.seq();
    }
    EventId root = store.append(NewEvent.root(title).build());
    for (int i = 1; i < NEW_EVENTS; ) {
      try (Transaction transaction = store.begin()) {
        for (int end = Math.min(NEW_EVENTS, i + 10); i < end; i++) {
          byte[] content = noise ? noise() : text().getBytes(StandardCharsets.UTF_8);
          transaction.append(
              NewEvent.child(root).title("new " + i).content(store.put(content)).build());
        }
        transaction.commit();
      }
    }
    return bytesBehind(before);
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    int length = LEAST_BYTES + random.nextInt(MORE_BYTES);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ').append(random.nextInt(100_000));
      text.append('\n');
    }
    return text.toString();
  }

  private byte[] noise() {
    byte[] noise = new byte[LEAST_BYTES + random.nextInt(MORE_BYTES)];
    random.nextBytes(noise);
    return noise;
  }

  private long bytesBehind(long seq) {
    long bytes = 0;
    try (Peer peer = Peer.of(store, "store");
        Snapshot snapshot = store.snapshot()) {
      for (Changed change : peer.changes(seq, NEW_EVENTS)) {
        bytes += peer.records(new long[] {change.seq()}).get(0).length;
        EventRow row = snapshot.find(change.seq());
        bytes += Math.max(0, row.contentLength());
      }
    }
    return bytes;
  }
}
