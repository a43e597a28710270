package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.VerifyReport;
import org.ouroborosdb.store.backup.RepairReport;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Chunk groups whose table cannot be one are damage like any other, though checksums fit. */
class MalformedGroupsTest {
  private static final String FIRST = "segment-00000001.log";
  private static final String REWRITTEN = "segment-00000001-1.log";
  private static final int GROUP = 2;
  private static final int HEADER_BYTES = 20;
  private static final int ENTRY_BYTES = 68;
  private static final int EVENTS = 5;

  @TempDir private Path directory;
  private final Random random = new Random(41);
  private byte[] first;
  private int groups;

  /** What a table may say that none can. */
  private enum Table {
    NO_CHUNKS,
    BELOW_NO_CHUNKS,
    TOO_MANY_CHUNKS,
    AN_EMPTY_CHUNK,
    A_LONGER_CHUNK,
    A_SHORTER_CHUNK;

    /** Overwrites the table that starts at an offset. */
    void write(ByteBuffer bytes, int at) {
      int length = at + Integer.BYTES + ENTRY_BYTES - Integer.BYTES;
      switch (this) {
        case NO_CHUNKS -> bytes.putInt(at, 0);
        case BELOW_NO_CHUNKS -> bytes.putInt(at, Integer.MIN_VALUE);
        case TOO_MANY_CHUNKS -> bytes.putInt(at, 1025);
        case AN_EMPTY_CHUNK -> bytes.putInt(length, 0);
        case A_LONGER_CHUNK -> bytes.putInt(length, bytes.getInt(length) + 1);
        case A_SHORTER_CHUNK -> bytes.putInt(length, bytes.getInt(length) - 1);
      }
    }
  }

  @BeforeEach
  void a_database_of_chunk_groups_is_backed_up() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(database()))) {
      EventId root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < EVENTS; i++) {
        store.append(NewEvent.child(root).temporary(5L).content(store.put(bytes())).build());
        store.append(NewEvent.child(root).content(store.put(bytes())).build());
      }
      store.expire();
    }
    StoreBackup.backup(
        StoreOptions.at(database()), other(), Cancellation.create(), ProgressListener.NONE);
    first = Files.readAllBytes(database().resolve(FIRST));
    groups = LogBytes.offsets(first, GROUP).size();
    assertTrue(groups >= 2 * EVENTS, () -> "" + LogBytes.kinds(first));
  }

  private byte[] bytes() {
    byte[] bytes = new byte[300_000];
    random.nextBytes(bytes);
    return bytes;
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

  /** Makes the first groups of a segment malformed; returns where these start. */
  private static List<Integer> malform(Path directory, String segment, Table table, int groups)
      throws IOException {
    Path file = directory.resolve(segment);
    byte[] sound = Files.readAllBytes(file);
    List<Integer> offsets = LogBytes.offsets(sound, GROUP).subList(0, groups);
    byte[] bytes = sound.clone();
    for (int at : offsets) {
      table.write(ByteBuffer.wrap(bytes), at + HEADER_BYTES);
    }
    Files.write(file, LogBytes.withChecksums(bytes, sound, LogBytes.number(segment)));
    return offsets;
  }

  /** Flips a bit of the last record, far behind the first group. */
  private static void flip(Path directory, String segment) throws IOException {
    Path file = directory.resolve(segment);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 300] ^= 1;
    Files.write(file, bytes);
  }

  private static RepairReport repair(Path damaged, Path from) {
    return StoreBackup.repair(
        StoreOptions.at(damaged), from, Cancellation.create(), ProgressListener.NONE);
  }

  private static VerifyReport verify(Path directory, VerifyDepth depth) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory))) {
      return store.verify(depth, Cancellation.create(), ProgressListener.NONE);
    }
  }

  private static void assertWhole(Path directory, RepairReport report) throws IOException {
    assertEquals(List.of(), report.remaining());
    VerifyReport verified = verify(directory, VerifyDepth.FULL);
    assertEquals(List.of(), verified.damages());
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.noneMatch(found -> found.toString().endsWith(".next")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_are_named_and_come_back_from_a_copy(Table table) throws IOException {
    int at = malform(database(), FIRST, table, 1).get(0);
    for (VerifyDepth depth : VerifyDepth.values()) {
      VerifyReport report = verify(database(), depth);
      String named = "segment 1 at offset " + at + ": no valid record starts there";
      assertEquals(named, report.damages().get(0));
    }
    flip(database(), FIRST);
    RepairReport report = repair(database(), other());
    assertEquals(1, report.segments());
    assertWhole(database(), report);
    assertArrayEquals(first, Files.readAllBytes(database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_rewritten_log_their_chunks_come_back_from_a_copy_that_was_not(Table table)
      throws IOException {
    reclaim(database());
    malform(database(), REWRITTEN, table, 1);
    flip(database(), REWRITTEN);
    assertWhole(database(), repair(database(), other()));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_come_back_from_a_copy_that_freed_space(Table table) throws IOException {
    reclaim(other());
    malform(database(), FIRST, table, 1);
    flip(database(), FIRST);
    assertWhole(database(), repair(database(), other()));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_they_mend_nothing_and_keep_nothing_else_from_being_mended(Table table)
      throws IOException {
    malform(other(), FIRST, table, 1);
    flip(database(), FIRST);
    assertWhole(database(), repair(database(), other()));
    assertArrayEquals(first, Files.readAllBytes(database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_that_freed_space_they_mend_nothing_that_it_need_not(Table table)
      throws IOException {
    reclaim(other());
    malform(other(), REWRITTEN, table, 1);
    flip(database(), FIRST);
    assertWhole(database(), repair(database(), other()));
  }

  @Test
  void in_both_they_stay_and_are_named_and_all_else_is_mended() throws IOException {
    int at = malform(database(), FIRST, Table.NO_CHUNKS, groups).get(0);
    malform(other(), FIRST, Table.NO_CHUNKS, groups);
    byte[] mendable = Files.readAllBytes(database().resolve(FIRST));
    flip(database(), FIRST);
    RepairReport report = repair(database(), other());
    String named = "segment 1 at offset " + at + ": ";
    assertTrue(report.remaining().get(0).startsWith(named), () -> "" + report.remaining());
    assertEquals(1, report.segments());
    assertArrayEquals(mendable, Files.readAllBytes(database().resolve(FIRST)));
  }

  @Test
  void in_a_rewritten_log_and_its_copy_they_stay_and_are_named() throws IOException {
    reclaim(database());
    malform(database(), REWRITTEN, Table.NO_CHUNKS, 1);
    malform(other(), FIRST, Table.NO_CHUNKS, groups);
    byte[] kept = Files.readAllBytes(database().resolve(REWRITTEN));
    RepairReport report = repair(database(), other());
    assertTrue(report.remaining().get(0).startsWith("segment 1 at offset "));
    assertArrayEquals(kept, Files.readAllBytes(database().resolve(REWRITTEN)));
  }
}
