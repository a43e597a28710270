package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ouroborosdb.store.promises.TwoCopies.FIRST;
import static org.ouroborosdb.store.promises.TwoCopies.HEADER_BYTES;
import static org.ouroborosdb.store.promises.TwoCopies.REWRITTEN;
import static org.ouroborosdb.store.promises.TwoCopies.reclaim;
import static org.ouroborosdb.store.promises.TwoCopies.verify;

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
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.backup.RepairReport;
import org.ouroborosdb.store.backup.StoreBackup;

/** Events that are not what their names say are damage like any other, though checksums fit. */
class DamagedEventsTest {
  private static final int EVENT = 3;
  private static final int EVENTS = 5;

  @TempDir private Path directory;
  private final List<EventId> kept = new ArrayList<>(); // in the order of their records
  private TwoCopies copies;
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
    copies = new TwoCopies(directory);
    try (EventStore store = copies.open()) {
      EventId root = store.append(NewEvent.root("root").build());
      kept.add(root);
      for (int i = 0; i < EVENTS; i++) {
        store.append(NewEvent.child(root).temporary(5L).title("temporary " + i).build());
        kept.add(store.append(NewEvent.child(root).title("title " + i).build()));
      }
      store.expire();
    }
    copies.backUp(copies.other());
    first = Files.readAllBytes(copies.database().resolve(FIRST));
    assertEquals(1 + 2 * EVENTS, LogBytes.offsets(first, EVENT).size());
  }

  /** Makes an event's record what it cannot be; returns where it starts. */
  private static int spoil(Path copy, String segment, Spoilt spoilt, int event) throws IOException {
    int at = TwoCopies.offsets(copy, segment, EVENT).get(event);
    TwoCopies.overwrite(copy, segment, List.of(at), spoilt::write);
    return at;
  }

  /** Flips a bit of another event's record. */
  private static int flip(Path copy, String segment, int event) throws IOException {
    int at = TwoCopies.offsets(copy, segment, EVENT).get(event);
    TwoCopies.flip(copy, segment, at + 100);
    return at;
  }

  private void assertWhole(RepairReport report) throws IOException {
    copies.assertWhole(report);
    try (EventStore store = copies.open();
        Snapshot snapshot = store.snapshot()) {
      assertTrue(kept.stream().allMatch(id -> snapshot.find(id) != null));
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
    int at = spoil(copies.database(), FIRST, spoilt, 2);
    String said = verify(copies.database(), VerifyDepth.FULL).get(0);
    assertTrue(said.startsWith("segment 1 at offset " + at + ": "), said);
    assertTrue(said.contains("; event " + kept.get(1) + " is damaged"), said);
    flip(copies.database(), FIRST, 6);
    RepairReport report = copies.repair();
    assertEquals(2, report.records());
    assertEquals(1, report.segments());
    assertWhole(report);
    assertArrayEquals(first, Files.readAllBytes(copies.database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void alone_in_a_log_and_last_they_come_back_too(Spoilt spoilt) throws IOException {
    spoil(copies.database(), FIRST, spoilt, 2 * EVENTS);
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_a_rewritten_log_they_come_back_from_a_copy_that_was_not(Spoilt spoilt)
      throws IOException {
    reclaim(copies.database());
    spoil(copies.database(), REWRITTEN, spoilt, 1);
    flip(copies.database(), REWRITTEN, 3);
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_come_back_from_a_copy_that_freed_space(Spoilt spoilt) throws IOException {
    reclaim(copies.other());
    spoil(copies.database(), FIRST, spoilt, 2);
    flip(copies.database(), FIRST, 6);
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_they_mend_nothing_and_keep_nothing_else_from_being_mended(Spoilt spoilt)
      throws IOException {
    spoil(copies.other(), FIRST, spoilt, 2);
    flip(copies.database(), FIRST, 6);
    assertWhole(copies.repair());
    assertArrayEquals(first, Files.readAllBytes(copies.database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_that_freed_space_they_mend_nothing_that_it_need_not(Spoilt spoilt)
      throws IOException {
    reclaim(copies.other());
    spoil(copies.other(), REWRITTEN, spoilt, 1);
    flip(copies.database(), FIRST, 6);
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_both_they_stay_and_are_named_and_all_else_is_mended(Spoilt spoilt) throws IOException {
    int at = spoil(copies.database(), FIRST, spoilt, 2);
    spoil(copies.other(), FIRST, spoilt, 2);
    byte[] mendable = Files.readAllBytes(copies.database().resolve(FIRST));
    flip(copies.database(), FIRST, 6);
    RepairReport report = copies.repair();
    String named = "segment 1 at offset " + at + ": ";
    assertEquals(1, report.remaining().size(), () -> "" + report.remaining());
    assertTrue(report.remaining().get(0).startsWith(named), () -> "" + report.remaining());
    assertEquals(1, report.segments());
    assertArrayEquals(mendable, Files.readAllBytes(copies.database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_rewritten_log_and_its_copy_they_stay_and_are_named(Spoilt spoilt) throws IOException {
    reclaim(copies.database());
    spoil(copies.database(), REWRITTEN, spoilt, 1);
    spoil(copies.other(), FIRST, spoilt, 2);
    byte[] bytes = Files.readAllBytes(copies.database().resolve(REWRITTEN));
    RepairReport report = copies.repair();
    assertTrue(report.remaining().get(0).startsWith("segment 1 at offset "));
    assertArrayEquals(bytes, Files.readAllBytes(copies.database().resolve(REWRITTEN)));
  }

  @ParameterizedTest
  @EnumSource
  void without_its_index_a_log_of_them_is_refused_by_place_and_comes_back(Spoilt spoilt)
      throws IOException {
    int at = spoil(copies.database(), FIRST, spoilt, 2);
    try (Stream<Path> files = Files.list(copies.database())) {
      for (Path index :
          files.filter(f -> f.getFileName().toString().startsWith("index")).toList()) {
        Files.delete(index);
      }
    }
    assertRefused(at, () -> copies.open().close());
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void no_backup_takes_them_over_and_an_earlier_one_stays_as_it_was(Spoilt spoilt)
      throws IOException {
    try (EventStore store = copies.open()) {
      kept.add(store.append(NewEvent.child(kept.get(0)).title("later").build()));
    }
    int at = spoil(copies.database(), FIRST, spoilt, 1 + 2 * EVENTS);
    assertRefused(at, () -> copies.backUp(copies.other()));
    assertArrayEquals(first, Files.readAllBytes(copies.other().resolve(FIRST)));
    assertEquals(List.of(), verify(copies.other(), VerifyDepth.FULL));
    Path fresh = directory.resolve("fresh");
    assertRefused(at, () -> copies.backUp(fresh));
    assertRefused(
        at,
        () ->
            StoreBackup.restore(
                copies.database(),
                StoreOptions.at(fresh),
                Cancellation.create(),
                ProgressListener.NONE));
    assertFalse(Files.exists(fresh.resolve(FIRST)));
  }

  @Test
  void a_quick_verification_reads_checksums_and_goes_past_them() throws IOException {
    spoil(copies.database(), FIRST, Spoilt.NOTHING_BUT_ZEROS, 2);
    int at = flip(copies.database(), FIRST, 6);
    String said = verify(copies.database(), VerifyDepth.QUICK).get(0);
    assertTrue(said.startsWith("segment 1 at offset " + at + ": "), said);
  }
}
