package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.backup.RepairReport;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Events that are not what their names say are damage like any other, though checksums fit. */
class DamagedEventsTest {
  private static final String FIRST = "segment-00000001.log";
  private static final String REWRITTEN = "segment-00000001-1.log";
  private static final int EVENT = 3;
  private static final int HEADER_BYTES = 20;
  private static final int EVENTS = 5;

  @TempDir private Path directory;
  private final List<EventId> kept = new ArrayList<>(); // in the order of their records
  private byte[] first;

  /** What no event's record is. */
  private enum Spoilt {
    UNKNOWN_FIELDS,
    ANOTHER_ID,
    ANOTHER_TITLE,
    ANOTHER_NAME,
    NOTHING_BUT_ZEROS;

    /** Overwrites the record that starts at an offset. */
    void write(ByteBuffer bytes, int at) {
      int payload = at + HEADER_BYTES + EventId.BYTES;
      int length = bytes.getInt(at + 12);
      switch (this) {
        case UNKNOWN_FIELDS -> bytes.put(payload, (byte) 99);
        case ANOTHER_ID -> flip(bytes, payload + 9);
        case ANOTHER_TITLE -> flip(bytes, payload + length - 2);
        case ANOTHER_NAME -> flip(bytes, at + HEADER_BYTES + 9);
        case NOTHING_BUT_ZEROS -> bytes.put(payload, new byte[length]);
      }
    }

    private static void flip(ByteBuffer bytes, int at) {
      bytes.put(at, (byte) (bytes.get(at) ^ 1));
    }
  }

  @BeforeEach
  void a_database_of_events_is_backed_up() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database()))) {
      EventId root = store.append(NewEvent.root("root").build());
      kept.add(root);
      for (int i = 0; i < EVENTS; i++) {
        store.append(NewEvent.child(root).temporary(5L).title("temporary " + i).build());
        kept.add(store.append(NewEvent.child(root).title("title " + i).build()));
      }
      store.expire();
    }
    StoreBackup.backup(
        StoreOptions.at(database()), other(), Cancellation.create(), ProgressListener.NONE);
    first = Files.readAllBytes(database().resolve(FIRST));
    assertEquals(1 + 2 * EVENTS, LogBytes.offsets(first, EVENT).size());
  }

  private Path database() {
    return directory.resolve("db");
  }

  private Path other() {
    return directory.resolve("other");
  }

  private static void reclaim(Path directory) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory))) {
      ReclaimOptions all = ReclaimOptions.DEFAULT.withLeastDead(0);
      assertEquals(1, store.reclaim(all, Cancellation.create(), ProgressListener.NONE).segments());
    }
  }

  /** Makes an event's record what it cannot be; returns where it starts. */
  private static int spoil(Path directory, String segment, Spoilt spoilt, int event)
      throws IOException {
    Path file = directory.resolve(segment);
    byte[] sound = Files.readAllBytes(file);
    int at = LogBytes.offsets(sound, EVENT).get(event);
    byte[] bytes = sound.clone();
    spoilt.write(ByteBuffer.wrap(bytes), at);
    Files.write(file, LogBytes.withChecksums(bytes, sound, LogBytes.number(segment)));
    return at;
  }

  /** Flips a bit of another event's record. */
  private static int flip(Path directory, String segment, int event) throws IOException {
    Path file = directory.resolve(segment);
    byte[] bytes = Files.readAllBytes(file);
    int at = LogBytes.offsets(bytes, EVENT).get(event);
    bytes[at + 100] ^= 1;
    Files.write(file, bytes);
    return at;
  }

  private static RepairReport repair(Path damaged, Path from) {
    return StoreBackup.repair(
        StoreOptions.at(damaged), from, Cancellation.create(), ProgressListener.NONE);
  }

  private static List<String> verify(Path directory, VerifyDepth depth) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory))) {
      return store.verify(depth, Cancellation.create(), ProgressListener.NONE).damages();
    }
  }

  private void assertWhole(Path directory, RepairReport report) throws IOException {
    assertEquals(List.of(), report.remaining());
    assertEquals(List.of(), verify(directory, VerifyDepth.FULL));
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory));
        Snapshot snapshot = store.snapshot()) {
      assertTrue(kept.stream().allMatch(id -> snapshot.find(id) != null));
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.noneMatch(found -> found.toString().endsWith(".next")));
    }
  }

  private static void assertRefused(int at, Executable call) {
    StoreException refused = assertThrows(StoreException.class, call);
    assertEquals(ErrorCode.CORRUPT, refused.code());
    String said = String.valueOf(refused.getMessage());
    assertTrue(said.contains("segment 1 is damaged at offset " + at + ": "), said);
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_are_named_and_come_back_from_a_copy(Spoilt spoilt) throws IOException {
    int at = spoil(database(), FIRST, spoilt, 2);
    String said = verify(database(), VerifyDepth.FULL).get(0);
    assertTrue(said.startsWith("segment 1 at offset " + at + ": "), said);
    assertTrue(said.contains("; event " + kept.get(1) + " is damaged"), said);
    flip(database(), FIRST, 6);
    RepairReport report = repair(database(), other());
    assertEquals(2, report.records());
    assertEquals(1, report.segments());
    assertWhole(database(), report);
    assertArrayEquals(first, Files.readAllBytes(database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void alone_in_a_log_and_last_they_come_back_too(Spoilt spoilt) throws IOException {
    spoil(database(), FIRST, spoilt, 2 * EVENTS);
    assertWhole(database(), repair(database(), other()));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_rewritten_log_they_come_back_from_a_copy_that_was_not(Spoilt spoilt)
      throws IOException {
    reclaim(database());
    spoil(database(), REWRITTEN, spoilt, 1);
    flip(database(), REWRITTEN, 3);
    assertWhole(database(), repair(database(), other()));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_come_back_from_a_copy_that_freed_space(Spoilt spoilt) throws IOException {
    reclaim(other());
    spoil(database(), FIRST, spoilt, 2);
    flip(database(), FIRST, 6);
    assertWhole(database(), repair(database(), other()));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_they_mend_nothing_and_keep_nothing_else_from_being_mended(Spoilt spoilt)
      throws IOException {
    spoil(other(), FIRST, spoilt, 2);
    flip(database(), FIRST, 6);
    assertWhole(database(), repair(database(), other()));
    assertArrayEquals(first, Files.readAllBytes(database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_that_freed_space_they_mend_nothing_that_it_need_not(Spoilt spoilt)
      throws IOException {
    reclaim(other());
    spoil(other(), REWRITTEN, spoilt, 1);
    flip(database(), FIRST, 6);
    assertWhole(database(), repair(database(), other()));
  }

  @ParameterizedTest
  @EnumSource
  void in_both_they_stay_and_are_named_and_all_else_is_mended(Spoilt spoilt) throws IOException {
    int at = spoil(database(), FIRST, spoilt, 2);
    spoil(other(), FIRST, spoilt, 2);
    byte[] mendable = Files.readAllBytes(database().resolve(FIRST));
    flip(database(), FIRST, 6);
    RepairReport report = repair(database(), other());
    String named = "segment 1 at offset " + at + ": ";
    assertEquals(1, report.remaining().size(), () -> "" + report.remaining());
    assertTrue(report.remaining().get(0).startsWith(named), () -> "" + report.remaining());
    assertEquals(1, report.segments());
    assertArrayEquals(mendable, Files.readAllBytes(database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_rewritten_log_and_its_copy_they_stay_and_are_named(Spoilt spoilt) throws IOException {
    reclaim(database());
    spoil(database(), REWRITTEN, spoilt, 1);
    spoil(other(), FIRST, spoilt, 2);
    byte[] bytes = Files.readAllBytes(database().resolve(REWRITTEN));
    RepairReport report = repair(database(), other());
    assertTrue(report.remaining().get(0).startsWith("segment 1 at offset "));
    assertArrayEquals(bytes, Files.readAllBytes(database().resolve(REWRITTEN)));
  }

  @ParameterizedTest
  @EnumSource
  void without_its_index_a_log_of_them_is_refused_by_place_and_comes_back(Spoilt spoilt)
      throws IOException {
    int at = spoil(database(), FIRST, spoilt, 2);
    try (Stream<Path> files = Files.list(database())) {
      for (Path index :
          files.filter(f -> f.getFileName().toString().startsWith("index")).toList()) {
        Files.delete(index);
      }
    }
    assertRefused(at, () -> EmbeddedEventStore.open(StoreOptions.at(database())).close());
    assertWhole(database(), repair(database(), other()));
  }

  @ParameterizedTest
  @EnumSource
  void no_backup_takes_them_over_and_an_earlier_one_stays_as_it_was(Spoilt spoilt)
      throws IOException {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database()))) {
      kept.add(store.append(NewEvent.child(kept.get(0)).title("later").build()));
    }
    int at = spoil(database(), FIRST, spoilt, 1 + 2 * EVENTS);
    assertRefused(at, () -> backup(other()));
    assertArrayEquals(first, Files.readAllBytes(other().resolve(FIRST)));
    assertEquals(List.of(), verify(other(), VerifyDepth.FULL));
    Path fresh = directory.resolve("fresh");
    assertRefused(at, () -> backup(fresh));
    assertRefused(
        at,
        () ->
            StoreBackup.restore(
                database(), StoreOptions.at(fresh), Cancellation.create(), ProgressListener.NONE));
    assertFalse(Files.exists(fresh.resolve(FIRST)));
  }

  private void backup(Path to) {
    StoreBackup.backup(
        StoreOptions.at(database()), to, Cancellation.create(), ProgressListener.NONE);
  }

  @Test
  void a_quick_verification_reads_checksums_and_goes_past_them() throws IOException {
    spoil(database(), FIRST, Spoilt.NOTHING_BUT_ZEROS, 2);
    int at = flip(database(), FIRST, 6);
    String said = verify(database(), VerifyDepth.QUICK).get(0);
    assertTrue(said.startsWith("segment 1 at offset " + at + ": "), said);
  }
}
