package org.ouroborosdb.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * Events a second with every commit forced, beside bare forced writes of 512 bytes, interleaved.
 */
public final class DurableAppends {
  private static final int ROUNDS = 7;
  private static final long ROUND_NANOS = 1_000_000_000L;
  private static final int THREADS = 16;
  private static final int BATCH = 100;
  private static final int BYTES = 512;

  private DurableAppends() {}

  /** Takes the directory to work in. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path path =
        Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "durable");
    double[][] rates = new double[4][ROUNDS];
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(path.resolve("store")))) {
      EventId root = store.append(NewEvent.root("durable").build());
      single(store, root);
      for (int round = 0; round < ROUNDS; round++) {
        rates[0][round] = bare(path.resolve("bare"));
        rates[1][round] = single(store, root);
        rates[2][round] = threads(store, root);
        rates[3][round] = batches(store, root);
      }
    }
    double bare = median(rates[0]);
    print("bare forced writes", bare, bare);
    print("appends, one thread", median(rates[1]), bare);
    print("appends, 16 threads", median(rates[2]), bare);
    print("appends, batches of 100", median(rates[3]), bare);
    Forest.delete(path);
  }

  private static void print(String what, double rate, double bare) {
    System.out.printf(Locale.ROOT, "%-26s %10.0f/s  %6.2f of bare%n", what, rate, rate / bare);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static double bare(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long start = System.nanoTime();
      long count = 0;
      for (; System.nanoTime() - start < ROUND_NANOS; count++) {
        channel.write(ByteBuffer.allocate(BYTES), channel.size());
        channel.force(false);
      }
      return 1e9 * count / (System.nanoTime() - start);
    }
  }

  private static double single(EventStore store, EventId root) {
    long start = System.nanoTime();
    long count = 0;
    for (; System.nanoTime() - start < ROUND_NANOS; count++) {
      store.append(NewEvent.child(root).title("single " + count).build());
    }
    return 1e9 * count / (System.nanoTime() - start);
  }

  private static double threads(EventStore store, EventId root) throws InterruptedException {
    AtomicLong count = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(THREADS);
    long start = System.nanoTime();
    for (int i = 0; i < THREADS; i++) {
      Thread thread =
          new Thread(
              () -> {
                while (System.nanoTime() - start < ROUND_NANOS) {
                  store.append(NewEvent.child(root).title("thread").build());
                  count.incrementAndGet();
                }
                ended.countDown();
              });
      thread.start();
    }
    ended.await();
    return 1e9 * count.get() / (System.nanoTime() - start);
  }

  private static double batches(EventStore store, EventId root) {
    long start = System.nanoTime();
    long count = 0;
    while (System.nanoTime() - start < ROUND_NANOS) {
      try (Transaction transaction = store.begin()) {
        for (int i = 0; i < BATCH; i++, count++) {
          transaction.append(NewEvent.child(root).title("batched " + count).build());
        }
        transaction.commit();
      }
    }
    return 1e9 * count / (System.nanoTime() - start);
  }
}
