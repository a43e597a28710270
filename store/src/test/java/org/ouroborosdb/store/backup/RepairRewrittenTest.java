package org.ouroborosdb.store.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Stores mend each other though one of them has freed space since they parted. */
class RepairRewrittenTest {
  private static final String FIRST = "segment-00000001.log";
  private static final String REWRITTEN = "segment-00000001-1.log";
  private static final int ROUNDS = 25;
  private static final int HEADER_BYTES = 32;

  @TempDir private Path directory;
  private final Random random = new Random(31);
  private final Map<EventId, byte[]> kept = new LinkedHashMap<>();

  private Path database() {
    return directory.resolve("db");
  }

  private Path other() {
    return directory.resolve("other");
  }

  /** Makes a database with a backup, and frees the space of what has expired in the database. */
  @BeforeEach
  void a_backup_is_taken_and_then_space_is_freed() {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database()))) {
      EventId root = store.append(NewEvent.root("root").metadata("{}").build());
      for (int i = 0; i < ROUNDS; i++) {
        append(store, root);
      }
      store.expire();
    }
    backup();
    reclaim(database(), 1);
  }

  private void backup() {
    StoreBackup.backup(
        StoreOptions.at(database()), other(), Cancellation.create(), ProgressListener.NONE);
  }

  /** Frees space in a store just opened, where nobody holds a content that was put. */
  private static void reclaim(Path directory, int segments) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory))) {
      ReclaimOptions all = ReclaimOptions.DEFAULT.withLeastDead(0);
      assertEquals(
          segments, store.reclaim(all, Cancellation.create(), ProgressListener.NONE).segments());
    }
  }

  private void append(EventStore store, EventId root) {
    try (Transaction transaction = store.begin()) {
      byte[] content = bytes();
      transaction.append(expired(store, root));
      kept.put(
          transaction.append(NewEvent.child(root).title("k").content(store.put(content)).build()),
          content);
      transaction.append(expired(store, root));
      transaction.commit();
    }
    store.append(expired(store, root));
  }

  private NewEvent expired(EventStore store, EventId root) {
    return NewEvent.child(root).temporary(5L).content(store.put(bytes())).build();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(6_000)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static RepairReport repair(Path damaged, Path from) {
    return StoreBackup.repair(
        StoreOptions.at(damaged), from, Cancellation.create(), ProgressListener.NONE);
  }

  /** Everything permanent is there and sound, and goes on to be when more is written. */
  private void check(Path directory, long events) throws IOException {
    for (int i = 0; i < 2; i++) {
      try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory))) {
        VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
        assertTrue(report.isSound(), () -> report.damages().toString());
        try (Snapshot snapshot = store.snapshot()) {
          for (Map.Entry<EventId, byte[]> each : kept.entrySet()) {
            EventRow row = snapshot.find(each.getKey());
            assertNotNull(row);
            assertArrayEquals(
                each.getValue(), snapshot.content(row).orElseThrow().readAll(1 << 20));
            assertTrue(snapshot.event(each.getKey()).isPresent());
          }
        }
        assertEquals(events + i, store.statistics().events());
        store.append(NewEvent.root("after " + i).build());
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.noneMatch(found -> found.toString().endsWith(".next")));
    }
  }

  private static byte[] damage(Path file, Random random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    byte[] sound = bytes.clone();
    for (int i = 0; i < 12; i++) {
      bytes[HEADER_BYTES + random.nextInt(bytes.length - HEADER_BYTES - 10_000)] ^= 8;
    }
    int from = bytes.length / 2;
    Arrays.fill(bytes, from, from + 9_000, (byte) 0);
    Files.write(file, bytes);
    return sound;
  }

  @Test
  void a_rewritten_segment_is_mended_from_a_backup_that_was_not() throws IOException {
    damage(database().resolve(REWRITTEN), random);
    RepairReport report = repair(database(), other());
    assertTrue(report.isWhole(), () -> report.remaining().toString());
    assertEquals(1, report.segments());
    assertTrue(report.records() > 2 && report.bytes() > 0, report::toString);
    assertTrue(Files.exists(database().resolve("segment-00000001-2.log")));
    assertFalse(Files.exists(database().resolve(REWRITTEN)));
    check(database(), 1 + ROUNDS);
    assertEquals(0, repair(database(), other()).segments());
  }

  @Test
  void a_backup_is_mended_from_a_database_that_was_rewritten() throws IOException {
    damage(other().resolve(FIRST), random);
    RepairReport report = repair(other(), database());
    assertTrue(report.isWhole(), () -> report.remaining().toString());
    assertTrue(Files.exists(other().resolve("segment-00000001-2.log")));
    check(other(), 1 + ROUNDS);
  }

  @Test
  void each_byte_lost_from_a_rewritten_segment_comes_back() throws IOException {
    Path file = database().resolve(REWRITTEN);
    byte[] sound = Files.readAllBytes(file);
    Path damaged = directory.resolve("damaged");
    for (int at = 0; at < sound.length; at += 701) {
      copy(database(), damaged);
      byte[] bytes = sound.clone();
      bytes[at] ^= 1;
      Files.write(damaged.resolve(REWRITTEN), bytes);
      RepairReport report = repair(damaged, other());
      int offset = at;
      assertTrue(report.isWhole(), () -> offset + ": " + report.remaining());
      try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(damaged))) {
        assertEquals(1 + ROUNDS, store.statistics().events());
        VerifyReport verified = store.verify(Cancellation.create(), ProgressListener.NONE);
        assertTrue(verified.isSound(), () -> offset + ": " + verified.damages());
      }
    }
  }

  @Test
  void a_rewritten_segment_that_was_cut_or_is_gone_comes_back() throws IOException {
    Path file = database().resolve(REWRITTEN);
    byte[] sound = Files.readAllBytes(file);
    for (int length : new int[] {sound.length - 1, sound.length / 2, 40}) {
      Path damaged = directory.resolve("cut " + length);
      copy(database(), damaged);
      Files.write(damaged.resolve(REWRITTEN), Arrays.copyOf(sound, length));
      RepairReport report = repair(damaged, other());
      assertTrue(report.isWhole(), () -> length + ": " + report.remaining());
      check(damaged, 1 + ROUNDS);
    }
    Files.delete(file);
    RepairReport report = repair(database(), other());
    assertTrue(report.isWhole(), () -> report.remaining().toString());
    check(database(), 1 + ROUNDS);
  }

  @Test
  void a_chunk_that_was_put_again_in_another_segment_is_found_by_its_hash() throws IOException {
    EventId again;
    byte[] content = bytes();
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database()))) {
      EventId root = kept.keySet().iterator().next();
      again = store.append(NewEvent.child(root).content(store.put(content)).build());
      kept.put(again, content);
    }
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(other()))) {
      store.append(NewEvent.root("went another way").content(store.put(content)).build());
    }
    Path last = database().resolve("segment-00000002.log");
    byte[] bytes = Files.readAllBytes(last);
    int at = indexOf(bytes, Arrays.copyOf(content, 64));
    bytes[at + 9] ^= 1;
    Files.write(last, bytes);
    RepairReport report = repair(database(), other());
    assertTrue(report.isWhole(), () -> report.remaining().toString());
    check(database(), 2 + ROUNDS);
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; ; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
  }

  @Test
  void a_store_that_went_another_way_gives_what_was_there_before_and_no_event_of_its_own()
      throws IOException {
    Path restored = directory.resolve("restored");
    StoreBackup.restore(
        other(), StoreOptions.at(restored), Cancellation.create(), ProgressListener.NONE);
    EventId mine;
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(restored))) {
      mine = store.append(NewEvent.root("mine").build());
      store.append(NewEvent.root("mine too").build());
    }
    EventId theirs;
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database()))) {
      theirs = store.append(NewEvent.root("mine").build());
      store.append(NewEvent.root("mine too").build());
    }
    reclaim(database(), 0);
    Path file = restored.resolve(FIRST);
    byte[] sound = Files.readAllBytes(file);
    byte[] bytes = sound.clone();
    bytes[bytes.length - 200] ^= 1; // in the last event, or the end of its batch
    Files.write(file, bytes);
    RepairReport report = repair(restored, database());
    assertEquals(1, report.remaining().size());
    assertArrayEquals(bytes, Files.readAllBytes(file));
    Files.write(file, sound);
    damage(file, random);
    RepairReport mended = repair(restored, database());
    assertTrue(mended.isWhole(), () -> mended.remaining().toString());
    check(restored, 3 + ROUNDS);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(restored));
        Snapshot snapshot = store.snapshot()) {
      assertNotNull(snapshot.find(mine));
      assertNull(snapshot.find(theirs));
    }
  }

  @Test
  void sound_stores_are_left_as_they_are_whichever_of_them_freed_space() throws IOException {
    byte[] rewritten = Files.readAllBytes(database().resolve(REWRITTEN));
    byte[] first = Files.readAllBytes(other().resolve(FIRST));
    assertEquals(0, repair(database(), other()).segments());
    assertEquals(0, repair(other(), database()).segments());
    assertArrayEquals(rewritten, Files.readAllBytes(database().resolve(REWRITTEN)));
    assertArrayEquals(first, Files.readAllBytes(other().resolve(FIRST)));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(to)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
