package org.ouroborosdb.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.MemoryDisk;
import org.ouroborosdb.store.segment.Position;

/** What replicas ask of a snapshot, against the snapshot's own answers. */
class ChangeScanTest {
  private final ListedEvents list = new ListedEvents(21);
  private final Random random = new Random(22);
  private EventIndex index;

  @BeforeEach
  void open() throws IOException {
    index = new IndexFile(new MemoryDisk()).create(4 << 20);
  }

  @AfterEach
  void close() {
    index.close();
  }

  private IndexSnapshot snapshot() {
    return new IndexSnapshot(index, ListedEvents.NO_LOG);
  }

  private EventId someId() {
    byte[] id = new byte[EventId.BYTES];
    random.nextBytes(id);
    return EventId.of(id);
  }

  /** Adds events and removals of some, and behind them tombstones of events that never came. */
  private void grow(int count) {
    list.grow(index, count, true);
    settle();
  }

  private void settle() {
    index.publish();
    index.settleIds();
  }

  /** Returns what a snapshot shows, one number after the other. */
  private static List<Changed> shown(IndexSnapshot snapshot, ChangeScan scan) {
    List<Changed> shown = new ArrayList<>();
    for (long seq = 1; seq <= snapshot.seq(); seq++) {
      EventRow row = snapshot.find(seq);
      EventId target = scan.target(seq);
      assertEquals(row == null, scan.event(seq) == null);
      if (row != null) {
        shown.add(Changed.of(row.id(), seq, false));
      } else if (target != null) {
        shown.add(Changed.of(target, seq, true));
      }
    }
    return shown;
  }

  @Test
  void changes_come_in_their_order_page_by_page_and_those_of_later_do_not() {
    grow(200);
    try (IndexSnapshot snapshot = snapshot()) {
      ChangeScan scan = new ChangeScan(snapshot);
      List<Changed> shown = shown(snapshot, scan);
      long removals = shown.stream().filter(Changed::removal).count();
      assertTrue(removals > 1 && removals < 100, removals + " removals");
      for (int round = 0; round < 2; round++) {
        assertEquals(shown, scan.after(0, Integer.MAX_VALUE));
        List<Changed> paged = new ArrayList<>();
        for (List<Changed> page = scan.after(0, 7); !page.isEmpty(); ) {
          assertTrue(page.size() == 7 || paged.size() + page.size() == shown.size());
          paged.addAll(page);
          page = scan.after(page.get(page.size() - 1).seq(), 7);
        }
        assertEquals(shown, paged);
        assertEquals(shown.get(shown.size() - 1), scan.last());
        assertEquals(List.of(), scan.after(snapshot.seq(), 9));
        assertEquals(List.of(), scan.after(0, 0));
        list.grow(index, 100, true);
      }
      assertNull(scan.event(snapshot.seq() + 1));
      assertNull(scan.target(index.lastSeq()));
    }
  }

  @Test
  void the_last_change_is_an_event_or_a_tombstone_whichever_is_newer() {
    try (IndexSnapshot snapshot = snapshot()) {
      assertNull(new ChangeScan(snapshot).last());
    }
    for (int i = 0; i < 3; i++) {
      long seq = index.lastSeq() + 1;
      EventId target = someId();
      index.tombstone(target, seq, List.of());
      index.publish();
      try (IndexSnapshot snapshot = snapshot()) {
        assertEquals(Changed.of(target, seq, true), new ChangeScan(snapshot).last());
      }
      EventId root = root(seq + 1);
      index.publish();
      try (IndexSnapshot snapshot = snapshot()) {
        assertEquals(Changed.of(root, seq + 1, false), new ChangeScan(snapshot).last());
        assertEquals(2, new ChangeScan(snapshot).after(seq - 1, 9).size());
      }
    }
  }

  private EventId root(long seq) {
    Event root =
        new Event(
            someId(),
            EventType.ROOT,
            new WriterId(1, 2),
            seq,
            null,
            List.of(),
            false,
            null,
            false,
            "r",
            null,
            List.of(),
            null,
            null);
    index.apply(new IndexedEvent(root, seq, 0, seq, seq, 0, new Position(1, 64)));
    return root.id();
  }

  private static void checkRange(
      List<Changed> shown, ChangeScan scan, boolean removals, IdRange range) {
    List<Changed> expected =
        shown.stream()
            .filter(change -> change.removal() == removals && range.contains(change.high()))
            .sorted(Comparator.comparingLong(Changed::high).thenComparingLong(Changed::low))
            .toList();
    SetDigest digest = SetDigest.EMPTY;
    for (Changed change : expected) {
      digest = digest.with(change);
    }
    assertEquals(digest, scan.digest(removals, range), range.toString());
    List<Changed> listed = new ArrayList<>();
    for (List<Changed> page = scan.list(removals, range, null, 5); !page.isEmpty(); ) {
      assertTrue(page.size() == 5 || listed.size() + page.size() == expected.size());
      listed.addAll(page);
      page = scan.list(removals, range, page.get(page.size() - 1), 5);
    }
    assertEquals(expected, listed, range.toString());
  }

  private void checkRanges(IndexSnapshot snapshot) {
    ChangeScan scan = new ChangeScan(snapshot);
    List<Changed> shown = shown(snapshot, scan);
    for (boolean removals : new boolean[] {false, true}) {
      checkRange(shown, scan, removals, IdRange.ALL);
      for (int part = 0; part < 16; part++) {
        checkRange(shown, scan, removals, IdRange.ALL.part(part));
      }
      Changed some = shown.stream().filter(c -> c.removal() == removals).findFirst().orElseThrow();
      IdRange narrow = IdRange.ALL;
      while (narrow.bits() < IdRange.MAX_BITS) {
        int shift = Long.SIZE - narrow.bits() - IdRange.STEP;
        narrow = narrow.part((int) (some.high() >>> shift) & 0xf);
        checkRange(shown, scan, removals, narrow);
      }
    }
  }

  @Test
  void digests_and_lists_of_a_range_have_what_a_snapshot_shows_of_it() {
    grow(300);
    try (IndexSnapshot snapshot = snapshot()) {
      checkRanges(snapshot);
      list.grow(index, 30, false);
      settle();
      checkRanges(snapshot);
    }
  }

  @Test
  void digests_of_more_than_are_added_up_each_time_are_the_same() {
    for (long seq = 1; seq <= 10_100; seq++) {
      root(seq);
      index.tombstone(someId(), 10_100 + seq, List.of());
    }
    settle();
    try (IndexSnapshot snapshot = snapshot()) {
      ChangeScan scan = new ChangeScan(snapshot);
      List<Changed> all = scan.after(0, Integer.MAX_VALUE);
      assertEquals(20_200, all.size());
      for (IdRange range = IdRange.ALL; range.bits() < 24; range = range.part(9)) {
        for (boolean removals : new boolean[] {false, true}) {
          SetDigest expected = SetDigest.EMPTY;
          for (Changed change : all) {
            boolean in = change.removal() == removals && range.contains(change.high());
            expected = in ? expected.with(change) : expected;
          }
          assertEquals(expected, scan.digest(removals, range), range.toString());
        }
      }
    }
  }

  @Test
  void what_is_known_is_known_by_its_key_alone() {
    EventId target = someId();
    EventId root = root(1);
    index.tombstone(target, 2, List.of());
    settle();
    assertTrue(Changed.of(root, 1, false).isKnownTo(index));
    assertTrue(Changed.of(target, 7, true).isKnownTo(index));
    assertEquals(false, Changed.of(root, 1, true).isKnownTo(index));
    assertEquals(false, Changed.of(target, 2, false).isKnownTo(index));
    assertTrue(Changed.of(root, 1, false).fits(root));
    assertEquals(false, Changed.of(root, 1, false).fits(target));
  }

  @Test
  void a_closed_snapshot_tells_no_changes_and_a_cut_target_is_damage() {
    grow(20);
    index.tombstone(someId(), index.lastSeq() + 1, List.of());
    index.publish();
    IndexSnapshot snapshot = snapshot();
    ChangeScan scan = new ChangeScan(snapshot);
    long seq = snapshot.seq();
    index.maps().targets.put(seq, ByteBuffer.allocate(5).array());
    assertEquals(
        ErrorCode.CORRUPT, assertThrows(StoreException.class, () -> scan.target(seq)).code());
    snapshot.close();
    for (Executable question :
        List.<Executable>of(
            () -> scan.after(0, 9),
            scan::last,
            () -> scan.target(seq),
            () -> scan.event(1),
            () -> scan.digest(false, IdRange.ALL.part(1)),
            () -> scan.list(true, IdRange.ALL, null, 9))) {
      assertEquals(ErrorCode.CLOSED, assertThrows(StoreException.class, question).code());
    }
    Objects.requireNonNull(index.row(1));
  }
}
