package org.ouroborosdb.store.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;

/** What the small profile, the free-space floor and an idle store promise about the disk. */
class ProfileTest {
  private static final long SMALL_SEGMENT_BYTES = 50_000_000;
  private static final long SMALL_TAIL_BYTES = 100_000_000;
  private static final int CONTENT_MEBIBYTES = 150;
  private static final long MOST_MILLIS = 60_000;

  @TempDir private Path directory;

  private StoreOptions small() {
    return StoreOptions.at(directory.resolve("db"))
        .withProfile(Profile.SMALL)
        .withDurability(Durability.NONE);
  }

  private static SequenceInputStream random(int mebibytes) {
    Random random = new Random(31);
    return new SequenceInputStream(
        Collections.enumeration(
            IntStream.range(0, mebibytes)
                .mapToObj(
                    i -> {
                      byte[] block = new byte[1 << 20];
                      random.nextBytes(block);
                      return new ByteArrayInputStream(block);
                    })
                .toList()));
  }

  /** Checks the files against the bounds of the small profile. */
  private void check() {
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      long log = 0;
      for (Path file : files.filter(path -> path.toString().endsWith(".log")).toList()) {
        assertTrue(Files.size(file) <= SMALL_SEGMENT_BYTES, () -> file + " is longer");
        log += Files.size(file);
      }
      assertTrue(log - noted() <= SMALL_TAIL_BYTES, log + " bytes, noted at " + noted());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Returns about how many bytes of log the last checkpoint stands for. */
  private long noted() throws IOException {
    Path note = directory.resolve("db").resolve("CHECKPOINT");
    if (!Files.exists(note)) {
      return 0;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(note));
    int segment = bytes.getInt(3 * Long.BYTES);
    long before = 0;
    for (int i = 1; i < segment; i++) {
      before += Files.size(directory.resolve("db").resolve("segment-0000000" + i + ".log"));
    }
    return before + (bytes.getLong(3 * Long.BYTES) & 0xffff_ffffL);
  }

  @Test
  void the_small_profile_bounds_segments_and_the_tail_however_long_a_content_is() {
    try (EventStore store = EmbeddedEventStore.open(small())) {
      int[] told = {0};
      StoredContent content =
          store.put(
              random(CONTENT_MEBIBYTES),
              Cancellation.create(),
              (done, total) -> {
                if (++told[0] % 16 == 0) {
                  check();
                }
              });
      store.append(NewEvent.root("long").content(content).build());
      check();
      assertTrue(store.statistics().segments() >= 4);
    }
    check();
  }

  @Test
  void the_longest_transaction_of_the_small_profile_fits_into_a_segment() {
    StoreOptions asking = small().withTransactionBytes(Long.MAX_VALUE);
    try (EventStore store = EmbeddedEventStore.open(asking)) {
      EventId root = store.append(NewEvent.root("root").build());
      String title = "t".repeat(60_000);
      int appended = 0;
      try (Transaction transaction = store.begin()) {
        while (appended < 2_000) {
          try {
            transaction.append(NewEvent.child(root).title(appended + title).build());
            appended++;
          } catch (StoreException e) {
            assertEquals(ErrorCode.LIMIT_EXCEEDED, e.code());
            break;
          }
        }
        transaction.commit();
      }
      assertTrue(appended > 300 && appended < 2_000, appended + " events");
      assertEquals(appended + 1, store.statistics().events());
      check();
    }
  }

  @Test
  void an_idle_store_has_no_thread_and_writes_nothing() throws Exception {
    for (Durability durability : Durability.values()) {
      Set<Thread> before = Thread.getAllStackTraces().keySet();
      try (EventStore store = EmbeddedEventStore.open(small().withDurability(durability))) {
        EventId root = store.append(NewEvent.root("root of " + durability).build());
        store.append(
            NewEvent.child(root)
                .content(store.put(random(durability == Durability.INTERVAL ? 2 : 0)))
                .build());
        Set<Thread> started =
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .filter(thread -> thread.getName().matches("(ouroboros|H2|MVStore).*"))
                .collect(Collectors.toSet());
        for (Thread thread : started) {
          thread.join(MOST_MILLIS); // each ends by itself once there is nothing to do
          assertFalse(thread.isAlive(), thread.getName());
        }
      }
    }
  }

  @Test
  void the_server_profile_bounds_the_tail_too() {
    assertTrue(Profile.SERVER.tailBytes() + Profile.SERVER.segmentBytes() <= 10_000_000_000L);
    assertTrue(Profile.SMALL.tailBytes() + Profile.SMALL.segmentBytes() <= SMALL_TAIL_BYTES);
    assertTrue(Profile.SMALL.segmentBytes() <= SMALL_SEGMENT_BYTES);
  }

  @Test
  void below_the_floor_writes_are_refused_reads_go_on_and_space_mends_it() {
    AtomicLong usable = new AtomicLong(1L << 30);
    StoreOptions options = small().withMinFreeBytes(100 << 20);
    try (EventStore store =
        EmbeddedEventStore.open(options, disk -> new DiskOfSize(disk, usable::get))) {
      EventId root = store.append(NewEvent.root("root").build());
      usable.set(100 << 20);
      // Who else fills the disk is noticed after 4 MiB at the latest.
      StoreException full = assertThrows(StoreException.class, () -> store.put(random(8)));
      assertEquals(ErrorCode.DISK_FULL, full.code());
      full = assertThrows(StoreException.class, () -> store.append(NewEvent.child(root).build()));
      assertEquals("53100", full.code().sqlState());
      assertEquals(ErrorCode.DISK_FULL, full.code());
      try (Snapshot snapshot = store.snapshot()) {
        assertEquals(root, Objects.requireNonNull(snapshot.find(root)).id());
      }
      usable.set(120 << 20);
      store.append(NewEvent.child(root).title("fits").build());
      usable.set(1L << 30);
      store.append(NewEvent.child(root).content(store.put(random(1))).build());
      assertEquals(3, store.statistics().events());
    }
  }
}
