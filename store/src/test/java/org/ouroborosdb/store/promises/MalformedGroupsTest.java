package org.ouroborosdb.store.promises;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.VerifyDepth;
import org.ouroborosdb.store.backup.RepairReport;

/** Chunk groups whose table cannot be one are damage like any other, though checksums fit. */
class MalformedGroupsTest {
  private static final int GROUP = 2;
  private static final int ENTRY_BYTES = 68;
  private static final int EVENTS = 5;

  @TempDir private Path directory;
  private final Random random = new Random(41);
  private TwoCopies copies;
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
    copies = new TwoCopies(directory);
    try (EventStore store = copies.open()) {
      EventId root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < EVENTS; i++) {
        store.append(NewEvent.child(root).temporary(5L).content(store.put(bytes())).build());
        store.append(NewEvent.child(root).content(store.put(bytes())).build());
      }
      store.expire();
    }
    copies.backUp(copies.other());
    first = Files.readAllBytes(copies.database().resolve(FIRST));
    groups = LogBytes.offsets(first, GROUP).size();
    assertTrue(groups >= 2 * EVENTS, () -> "" + LogBytes.kinds(first));
  }

  private byte[] bytes() {
    byte[] bytes = new byte[300_000];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Makes the first groups of a segment malformed; returns where these start. */
  private static List<Integer> malform(Path copy, String segment, Table table, int groups)
      throws IOException {
    List<Integer> offsets = TwoCopies.offsets(copy, segment, GROUP).subList(0, groups);
    TwoCopies.overwrite(
        copy, segment, offsets, (bytes, at) -> table.write(bytes, at + HEADER_BYTES));
    return offsets;
  }

  /** Flips a bit of the last record, far behind the first group. */
  private static void flip(Path copy, String segment) throws IOException {
    TwoCopies.flip(copy, segment, (int) Files.size(copy.resolve(segment)) - 300);
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_are_named_and_come_back_from_a_copy(Table table) throws IOException {
    int at = malform(copies.database(), FIRST, table, 1).get(0);
    for (VerifyDepth depth : VerifyDepth.values()) {
      String named = "segment 1 at offset " + at + ": no valid record starts there";
      assertEquals(named, verify(copies.database(), depth).get(0));
    }
    flip(copies.database(), FIRST);
    RepairReport report = copies.repair();
    assertEquals(1, report.segments());
    copies.assertWhole(report);
    assertArrayEquals(first, Files.readAllBytes(copies.database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_rewritten_log_their_chunks_come_back_from_a_copy_that_was_not(Table table)
      throws IOException {
    reclaim(copies.database());
    malform(copies.database(), REWRITTEN, table, 1);
    flip(copies.database(), REWRITTEN);
    copies.assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_a_log_they_come_back_from_a_copy_that_freed_space(Table table) throws IOException {
    reclaim(copies.other());
    malform(copies.database(), FIRST, table, 1);
    flip(copies.database(), FIRST);
    copies.assertWhole(copies.repair());
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_they_mend_nothing_and_keep_nothing_else_from_being_mended(Table table)
      throws IOException {
    malform(copies.other(), FIRST, table, 1);
    flip(copies.database(), FIRST);
    copies.assertWhole(copies.repair());
    assertArrayEquals(first, Files.readAllBytes(copies.database().resolve(FIRST)));
  }

  @ParameterizedTest
  @EnumSource
  void in_a_copy_that_freed_space_they_mend_nothing_that_it_need_not(Table table)
      throws IOException {
    reclaim(copies.other());
    malform(copies.other(), REWRITTEN, table, 1);
    flip(copies.database(), FIRST);
    copies.assertWhole(copies.repair());
  }

  @Test
  void in_both_they_stay_and_are_named_and_all_else_is_mended() throws IOException {
    int at = malform(copies.database(), FIRST, Table.NO_CHUNKS, groups).get(0);
    malform(copies.other(), FIRST, Table.NO_CHUNKS, groups);
    byte[] mendable = Files.readAllBytes(copies.database().resolve(FIRST));
    flip(copies.database(), FIRST);
    RepairReport report = copies.repair();
    String named = "segment 1 at offset " + at + ": ";
    assertTrue(report.remaining().get(0).startsWith(named), () -> "" + report.remaining());
    assertEquals(1, report.segments());
    assertArrayEquals(mendable, Files.readAllBytes(copies.database().resolve(FIRST)));
  }

  @Test
  void in_a_rewritten_log_and_its_copy_they_stay_and_are_named() throws IOException {
    reclaim(copies.database());
    malform(copies.database(), REWRITTEN, Table.NO_CHUNKS, 1);
    malform(copies.other(), FIRST, Table.NO_CHUNKS, groups);
    byte[] kept = Files.readAllBytes(copies.database().resolve(REWRITTEN));
    RepairReport report = copies.repair();
    assertTrue(report.remaining().get(0).startsWith("segment 1 at offset "));
    assertArrayEquals(kept, Files.readAllBytes(copies.database().resolve(REWRITTEN)));
  }
}
