package org.ouroborosdb.store.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Damaged stores are mended from their backups, and never from anything else. */
class RepairTest {
  private static final String FIRST = "segment-00000001.log";
  private static final String SECOND = "segment-00000002.log";

  @TempDir private Path directory;
  private final Random random = new Random(23);
  private EventId root;
  private byte[] first;
  private byte[] second;

  private StoreOptions database() {
    return StoreOptions.at(directory.resolve("db"))
        .withProfile(Profile.SMALL)
        .withDurability(Durability.NONE);
  }

  private Path file(String name) {
    return directory.resolve("db").resolve(name);
  }

  private Path copy() {
    return directory.resolve("backup");
  }

  @BeforeEach
  void fill_a_database_and_back_it_up() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(database())) {
      root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < 10; i++) {
        append(store, 4 << 20);
        append(store, i);
      }
    }
    StoreBackup.backup(database(), copy(), Cancellation.create(), ProgressListener.NONE);
    first = Files.readAllBytes(file(FIRST));
    second = Files.readAllBytes(file(SECOND));
  }

  private void append(EventStore store, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    store.append(NewEvent.child(root).title("" + bytes).content(store.put(content)).build());
  }

  private RepairReport repair() {
    return StoreBackup.repair(database(), copy(), Cancellation.create(), ProgressListener.NONE);
  }

  private void assertMended(RepairReport report, int segments) throws IOException {
    assertTrue(report.isWhole(), () -> report.remaining().toString());
    assertEquals(segments, report.segments());
    assertArrayEquals(first, Files.readAllBytes(file(FIRST)));
    assertArrayEquals(second, Arrays.copyOf(Files.readAllBytes(file(SECOND)), second.length));
    assertTrue(verify().isSound());
    try (Stream<Path> files = Files.list(directory.resolve("db"))) {
      assertTrue(files.noneMatch(found -> found.toString().endsWith(".next")));
    }
  }

  private VerifyReport verify() {
    try (EventStore store = EmbeddedEventStore.open(database())) {
      return store.verify(Cancellation.create(), ProgressListener.NONE);
    }
  }

  @Test
  void a_sound_database_is_left_as_it_is() throws IOException {
    assertMended(repair(), 0);
  }

  @Test
  void flipped_bits_and_lost_ranges_come_back_byte_for_byte() throws IOException {
    byte[] damaged = first.clone();
    for (int i = 0; i < 9; i++) {
      damaged[random.nextInt(damaged.length)] ^= 4;
    }
    damaged[3] ^= 1; // the header
    Arrays.fill(damaged, 5_000_000, 5_700_000, (byte) 0);
    Files.write(file(FIRST), damaged);
    RepairReport report = repair();
    assertTrue(report.records() > 2 && report.bytes() > 700_000);
    assertMended(report, 1);
  }

  @Test
  void missing_segments_and_cut_ends_come_back() throws IOException {
    Files.delete(file(FIRST));
    Files.write(file(SECOND), Arrays.copyOf(second, second.length - 1000));
    assertMended(repair(), 2);
    Files.delete(file(SECOND));
    assertMended(repair(), 1);
  }

  @Test
  void a_lost_format_file_and_a_lost_index_come_back() throws IOException {
    Files.write(file("FORMAT"), new byte[10]);
    Files.delete(file("index.mv"));
    assertMended(repair(), 0);
    Files.delete(file("FORMAT"));
    assertMended(repair(), 0);
  }

  @Test
  void what_came_after_the_backup_stays() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(database())) {
      append(store, 3000);
    }
    byte[] damaged = Files.readAllBytes(file(SECOND));
    damaged[second.length / 2] ^= 1;
    Files.write(file(SECOND), damaged);
    assertMended(repair(), 1);
    try (EventStore store = EmbeddedEventStore.open(database())) {
      assertEquals(22, store.statistics().events());
    }
  }

  @Test
  void what_the_backup_lacks_is_reported_and_kept() throws IOException {
    long from = second.length;
    try (EventStore store = EmbeddedEventStore.open(database())) {
      append(store, 30_000);
      append(store, 20);
    }
    byte[] damaged = Files.readAllBytes(file(SECOND));
    damaged[(int) from + 200] ^= 1;
    Files.write(file(SECOND), damaged);
    RepairReport report = repair();
    assertEquals(1, report.remaining().size(), () -> report.remaining().toString());
    assertEquals(0, report.segments());
    assertTrue(report.remaining().get(0).startsWith("segment 2 at offset " + from));
    assertArrayEquals(damaged, Files.readAllBytes(file(SECOND)));
    damaged[(int) from + 200] ^= 1;
    damaged[damaged.length - 5] ^= 1; // the last commit, which a checkpoint noted
    Files.write(file(SECOND), damaged);
    assertEquals(1, repair().remaining().size());
    assertArrayEquals(damaged, Files.readAllBytes(file(SECOND)));
  }

  @Test
  void a_copy_that_went_another_way_gives_only_what_was_there_before() throws IOException {
    try (EventStore other = EmbeddedEventStore.open(StoreOptions.at(copy()))) {
      append(other, 30_000);
      append(other, 40);
    }
    try (EventStore store = EmbeddedEventStore.open(database())) {
      append(store, 30_000);
      append(store, 20);
    }
    byte[] sound = Files.readAllBytes(file(SECOND));
    for (int at : List.of(second.length + 40, second.length + 30_500)) {
      byte[] damaged = sound.clone();
      damaged[at] ^= 1;
      Files.write(file(SECOND), damaged);
      assertFalse(repair().isWhole());
      assertArrayEquals(damaged, Files.readAllBytes(file(SECOND)));
    }
    byte[] damaged = sound.clone();
    damaged[second.length - 100] ^= 1;
    Files.write(file(SECOND), damaged);
    assertEquals(1, repair().segments());
    assertArrayEquals(sound, Files.readAllBytes(file(SECOND)));
  }

  @Test
  void events_of_equal_length_from_another_history_are_never_taken() throws IOException {
    for (StoreOptions options : List.of(StoreOptions.at(copy()), database())) {
      try (EventStore store = EmbeddedEventStore.open(options)) {
        for (int i = 0; i < 3; i++) {
          store.append(NewEvent.child(root).title("of equal length " + i).build());
        }
      }
    }
    byte[] sound = Files.readAllBytes(file(SECOND));
    assertEquals(sound.length, Files.size(copy().resolve(SECOND)));
    int event = (sound.length - second.length) / 3;
    for (int i = 0; i < 3; i++) {
      byte[] damaged = sound.clone();
      damaged[second.length + i * event + 60] ^= 1;
      Files.write(file(SECOND), damaged);
      assertFalse(repair().isWhole());
      assertArrayEquals(damaged, Files.readAllBytes(file(SECOND)));
    }
  }

  @Test
  void another_database_mends_nothing_and_an_open_one_is_not_mended() {
    Path other = directory.resolve("other");
    EmbeddedEventStore.open(StoreOptions.at(other)).close();
    StoreException refused =
        assertThrows(
            StoreException.class,
            () ->
                StoreBackup.repair(
                    database(), other, Cancellation.create(), ProgressListener.NONE));
    assertEquals(ErrorCode.CONFLICT, refused.code());
    try (EventStore store = EmbeddedEventStore.open(database())) {
      refused = assertThrows(StoreException.class, this::repair);
      assertEquals(ErrorCode.LOCKED, refused.code());
      assertFalse(store.isReadOnly());
    }
  }

  @Test
  void a_cancelled_repair_leaves_every_segment_whole() throws IOException {
    byte[] damaged = first.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(file(FIRST), damaged);
    Cancellation cancellation = Cancellation.create();
    List<Long> told = new ArrayList<>();
    StoreException cancelled =
        assertThrows(
            StoreException.class,
            () ->
                StoreBackup.repair(
                    database(),
                    copy(),
                    cancellation,
                    (done, total) -> {
                      told.add(done);
                      cancellation.cancel();
                    }));
    assertEquals(ErrorCode.CANCELLED, cancelled.code());
    assertEquals(1, told.size());
    assertMended(repair(), 0);
  }
}
