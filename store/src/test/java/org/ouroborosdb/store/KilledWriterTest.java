package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.promises.DeepRun;

/** A writer in another process is killed again and again; nothing it acknowledged is lost. */
class KilledWriterTest {
  private static final int RUNS = 20;
  private static final int DEEP_RUNS = 5_000;
  private static final int PAIR = 2;

  @TempDir private Path directory;

  /** Writes pairs of events in transactions from two threads, and prints each when it returned. */
  static final class Writer {
    private Writer() {}

    /** Takes the directory and a number that differs between runs. */
    public static void main(String[] arguments) throws InterruptedException {
      StoreOptions options =
          StoreOptions.at(Path.of(arguments[0]))
              .withProfile(Profile.SMALL)
              .withDurability(Durability.valueOf(arguments[2]));
      EventStore store = EmbeddedEventStore.open(options);
      EventId root = store.append(NewEvent.root("run " + arguments[1]).build());
      Thread other = new Thread(() -> write(store, root, "b"));
      other.start();
      write(store, root, "a");
      other.join();
    }

    private static void write(EventStore store, EventId root, String name) {
      for (int i = 0; ; i++) {
        String text = name + i + " ".repeat(i % 3000);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Transaction transaction = store.begin()) {
          NewEvent.Builder first = NewEvent.child(root).title(text).metadata("{" + text + "}");
          EventId id = transaction.append(first.build());
          transaction.append(NewEvent.overwrite(id).content(store.put(bytes)).build());
          transaction.commit();
          System.out.println(id);
        }
        if (i % 50 == 0) {
          store.checkpoint();
        } else if (i % 50 == 25) {
          store.compact(Cancellation.create(), ProgressListener.NONE);
        }
      }
    }
  }

  @Test
  void acknowledged_events_survive_kill_9() throws IOException {
    killAndCheck(Durability.COMMIT, RUNS);
  }

  @Test
  void the_operating_system_keeps_what_was_not_forced() throws IOException {
    killAndCheck(Durability.NONE, RUNS / 4);
  }

  @Tag("deep")
  @Test
  void acknowledged_events_survive_kill_9_again_and_again() {
    DeepRun.slices("kill -9", DEEP_RUNS / RUNS, RUNS)
        .run(
            seed -> {
              try {
                killAndCheck(Durability.COMMIT, RUNS, seed);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  private void killAndCheck(Durability durability, int runs) throws IOException {
    killAndCheck(durability, runs, new Random().nextLong());
  }

  private void killAndCheck(Durability durability, int runs, long seed) throws IOException {
    System.out.println("killed writer: seed " + seed);
    Random random = new Random(seed);
    Path db = directory.resolve("db" + seed);
    Set<String> acknowledged = new LinkedHashSet<>();
    for (int run = 0; run < runs; run++) {
      try (ForkedJvm writer =
          new ForkedJvm(Writer.class, db.toString(), "" + run, durability.name())) {
        for (int lines = random.nextInt(120) + 1; lines > 0; lines--) {
          acknowledged.add(readLine(writer.line()));
        }
        acknowledged.addAll(writer.kill());
      }
      check(db, acknowledged);
    }
  }

  private static String readLine(@Nullable String line) {
    return Objects.requireNonNull(line, "the writer ended by itself");
  }

  private static void check(Path db, Set<String> acknowledged) {
    StoreOptions options = StoreOptions.at(db).withProfile(Profile.SMALL);
    try (EventStore store = EmbeddedEventStore.open(options);
        Snapshot snapshot = store.snapshot()) {
      for (String id : acknowledged) {
        EventRow row = snapshot.find(EventId.parse(id));
        assertNotNull(row, () -> "acknowledged event " + id + " is lost");
        List<EventRow> versions = snapshot.versions(row.seq()).stream().toList();
        assertEquals(PAIR, versions.size());
        byte[] content =
            snapshot.content(versions.get(1)).orElseThrow().readAll(Limits.MAX_CHUNK_BYTES);
        String title = Objects.requireNonNull(row.title());
        assertArrayEquals(title.getBytes(StandardCharsets.UTF_8), content);
        assertEquals("{" + title + "}", snapshot.metadata(row).orElseThrow());
      }
      VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
      assertTrue(report.isSound(), () -> report.damages().toString());
    }
  }
}
