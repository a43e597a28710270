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
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
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

/**
 * Events that are not what their names say, and chunk groups whose table cannot be one, are damage
 * like any other, though checksums fit.
 */
class SpoiltRecordsTest {
  private static final int GROUP = 2;
  private static final int EVENT = 3;
  private static final int ENTRY_BYTES = 68;
  private static final int EVENTS = 5;

  @TempDir private Path directory;
  private final Random random = new Random(41);
  private final List<EventId> kept = new ArrayList<>(); // in the order of their records
  private TwoCopies copies;
  private byte[] first;

  /** What no record of its kind says. */
  private enum Spoilt {
    NO_CHUNKS(GROUP),
    BELOW_NO_CHUNKS(GROUP),
    TOO_MANY_CHUNKS(GROUP),
    AN_EMPTY_CHUNK(GROUP),
    A_LONGER_CHUNK(GROUP),
    A_SHORTER_CHUNK(GROUP),
    UNKNOWN_FIELDS(EVENT),
    ANOTHER_ID(EVENT),
    ANOTHER_TITLE(EVENT),
    ANOTHER_NAME(EVENT),
    NOTHING_BUT_ZEROS(EVENT);

    private final int kind;

    Spoilt(int kind) {
      this.kind = kind;
    }

    /** Overwrites the record that starts at an offset. */
    void write(ByteBuffer bytes, int at) {
      int table = at + HEADER_BYTES;
      int chunkLength = table + ENTRY_BYTES;
      int event = at + HEADER_BYTES + EventId.BYTES;
      int eventLength = bytes.getInt(at + 12);
      switch (this) {
        case NO_CHUNKS -> bytes.putInt(table, 0);
        case BELOW_NO_CHUNKS -> bytes.putInt(table, Integer.MIN_VALUE);
        case TOO_MANY_CHUNKS -> bytes.putInt(table, 1025);
        case AN_EMPTY_CHUNK -> bytes.putInt(chunkLength, 0);
        case A_LONGER_CHUNK -> bytes.putInt(chunkLength, bytes.getInt(chunkLength) + 1);
        case A_SHORTER_CHUNK -> bytes.putInt(chunkLength, bytes.getInt(chunkLength) - 1);
        case UNKNOWN_FIELDS -> bytes.put(event, (byte) 99);
        case ANOTHER_ID -> flip(bytes, event + 9);
        case ANOTHER_TITLE -> flip(bytes, event + eventLength - 2);
        case ANOTHER_NAME -> flip(bytes, at + HEADER_BYTES + 9);
        case NOTHING_BUT_ZEROS -> bytes.put(event, new byte[eventLength]);
      }
    }

    private static void flip(ByteBuffer bytes, int at) {
      bytes.put(at, (byte) (bytes.get(at) ^ 1));
    }
  }

  @BeforeEach
  void a_database_of_events_and_chunk_groups_is_backed_up() throws IOException {
    copies = new TwoCopies(directory);
    try (EventStore store = copies.open()) {
      EventId root = store.append(NewEvent.root("root").build());
      kept.add(root);
      for (int i = 0; i < EVENTS; i++) {
        NewEvent.Builder temporary = NewEvent.child(root).temporary(5L).title("temporary " + i);
        store.append(temporary.content(store.put(bytes())).build());
        NewEvent.Builder child = NewEvent.child(root).title("title " + i);
        kept.add(store.append(child.content(store.put(bytes())).build()));
      }
      store.expire();
    }
    copies.backUp(copies.other());
    first = Files.readAllBytes(copies.database().resolve(FIRST));
    assertEquals(1 + 2 * EVENTS, LogBytes.offsets(first, EVENT).size());
    assertEquals(2 * EVENTS, LogBytes.offsets(first, GROUP).size());
  }

  private byte[] bytes() {
    byte[] bytes = new byte[300_000];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Makes a record what it cannot be; returns where it starts. */
  private static int spoil(Path copy, String segment, Spoilt spoilt, int record)
      throws IOException {
    int at = TwoCopies.offsets(copy, segment, spoilt.kind).get(record);
    TwoCopies.overwrite(copy, segment, List.of(at), spoilt::write);
    return at;
  }

  /** Spoils the second event that was kept, or the chunks of the first. */
  private static int spoil(Path copy, String segment, Spoilt spoilt) throws IOException {
    boolean rewritten = segment.equals(REWRITTEN);
    int group = rewritten ? 0 : 1;
    int event = rewritten ? 1 : 2;
    return spoil(copy, segment, spoilt, spoilt.kind == EVENT ? event : group);
  }

  /** Flips a bit of the fourth event that was kept. */
  private static int flip(Path copy, String segment) throws IOException {
    int at = TwoCopies.offsets(copy, segment, EVENT).get(segment.equals(FIRST) ? 6 : 3);
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

  private void assertAsBefore() throws IOException {
    assertArrayEquals(first, Files.readAllBytes(copies.database().resolve(FIRST)));
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
    int at = spoil(copies.database(), FIRST, spoilt);
    String said = verify(copies.database(), VerifyDepth.FULL).get(0);
    assertTrue(said.startsWith("segment 1 at offset " + at + ": "), said);
    String what =
        spoilt.kind == EVENT
            ? "; event " + kept.get(1) + " is damaged"
            : ": no valid record starts there";
    assertTrue(said.contains(what), said);
    flip(copies.database(), FIRST);
    RepairReport report = copies.repair();
    assertEquals(2, report.records());
    assertEquals(1, report.segments());
    assertWhole(report);
    assertAsBefore();
  }

  @ParameterizedTest
  @EnumSource
  void alone_in_a_log_and_last_they_come_back_too(Spoilt spoilt) throws IOException {
    int records = LogBytes.offsets(first, spoilt.kind).size();
    spoil(copies.database(), FIRST, spoilt, records - 1);
    assertWhole(copies.repair());
    assertAsBefore();
  }

  @ParameterizedTest
  @EnumSource
  void in_a_rewritten_log_they_come_back_from_a_copy_that_was_not(Spoilt spoilt)
      throws IOException {
    reclaim(copies.database());
    spoil(copies.database(), REWRITTEN, spoilt);
    flip(copies.database(), REWRITTEN);
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_come_back_from_a_copy_that_freed_space(Spoilt spoilt) throws IOException {
    reclaim(copies.other());
    spoil(copies.database(), FIRST, spoilt);
    flip(copies.database(), FIRST);
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_they_mend_nothing_and_keep_nothing_else_from_being_mended(Spoilt spoilt)
      throws IOException {
    spoil(copies.other(), FIRST, spoilt);
    flip(copies.database(), FIRST);
    assertWhole(copies.repair());
    assertAsBefore();
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_that_freed_space_they_mend_nothing_that_it_need_not(Spoilt spoilt)
      throws IOException {
    reclaim(copies.other());
    spoil(copies.other(), REWRITTEN, spoilt);
    flip(copies.database(), FIRST);
    assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_both_they_stay_and_are_named_and_all_else_is_mended(Spoilt spoilt) throws IOException {
    int at = spoil(copies.database(), FIRST, spoilt);
    spoil(copies.other(), FIRST, spoilt);
    byte[] mendable = Files.readAllBytes(copies.database().resolve(FIRST));
    flip(copies.database(), FIRST);
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
    spoil(copies.database(), REWRITTEN, spoilt);
    List<Integer> all = LogBytes.offsets(first, spoilt.kind);
    TwoCopies.overwrite(copies.other(), FIRST, all, spoilt::write);
    byte[] bytes = Files.readAllBytes(copies.database().resolve(REWRITTEN));
    RepairReport report = copies.repair();
    assertTrue(report.remaining().get(0).startsWith("segment 1 at offset "));
    assertArrayEquals(bytes, Files.readAllBytes(copies.database().resolve(REWRITTEN)));
  }

  @ParameterizedTest
  @EnumSource
  void without_its_index_a_log_of_them_is_refused_by_place_and_comes_back(Spoilt spoilt)
      throws IOException {
    int at = spoil(copies.database(), FIRST, spoilt);
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
      kept.add(
          store.append(
              NewEvent.child(kept.get(0)).title("later").content(store.put(bytes())).build()));
    }
    int records = TwoCopies.offsets(copies.database(), FIRST, spoilt.kind).size();
    int at = spoil(copies.database(), FIRST, spoilt, records - 1);
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

  @ParameterizedTest
  @EnumSource
  void a_quick_verification_names_groups_and_goes_past_events(Spoilt spoilt) throws IOException {
    int spoiltAt = spoil(copies.database(), FIRST, spoilt);
    int flippedAt = flip(copies.database(), FIRST);
    String said = verify(copies.database(), VerifyDepth.QUICK).get(0);
    int at = spoilt.kind == EVENT ? flippedAt : spoiltAt;
    assertTrue(said.startsWith("segment 1 at offset " + at + ": "), said);
  }
}
