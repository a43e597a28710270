package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A transaction reads the store with its own events and without those it removed. */
class TransactionReadsTest {
  private final EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory());
  private EventId root = EventId.of(new byte[EventId.BYTES]);
  private EventId old = root;
  private EventId temporary = root;

  @BeforeEach
  void fill() {
    root = store.append(NewEvent.root("root").build());
    old = store.append(NewEvent.child(root).title("old").tags("a").build());
    temporary = store.append(NewEvent.child(root).temporary(null).title("gone").tags("a").build());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static List<String> titles(Rows rows) {
    return rows.stream().map(row -> String.valueOf(row.title())).toList();
  }

  @Test
  void its_own_events_are_listed_after_the_committed_ones() {
    try (Transaction transaction = store.begin()) {
      EventId own = transaction.append(NewEvent.child(root).title("own").tags("a").build());
      Snapshot view = transaction.view();
      EventRow row = Objects.requireNonNull(view.find(own));
      assertTrue(row.isPending());
      assertFalse(Objects.requireNonNull(view.find(old)).isPending());
      assertEquals("own", view.event(own).orElseThrow().title());
      assertEquals("old", view.event(old).orElseThrow().title());
      assertTrue(view.event(EventId.of(new byte[EventId.BYTES])).isEmpty());
      List<String> all = List.of("root", "old", "gone", "own");
      assertEquals(all, titles(view.bySeq(1, Long.MAX_VALUE, false)));
      assertEquals(
          List.of("own", "gone", "old", "root"), titles(view.bySeq(1, Long.MAX_VALUE, true)));
      assertEquals(List.of("old", "gone"), titles(view.bySeq(2, 3, false)));
      assertEquals(List.of("own"), titles(view.bySeq(row.seq(), row.seq(), false)));
      assertEquals(List.of(), titles(view.bySeq(row.seq() + 1, Long.MAX_VALUE, false)));
      assertEquals(all, titles(view.byLevel(Long.MIN_VALUE, Long.MAX_VALUE, false)));
      assertEquals(List.of("own"), titles(view.byLevel(row.level(), row.level(), true)));
      assertEquals(List.of(), titles(view.byLevel(row.level() + 1, Long.MAX_VALUE, false)));
      assertEquals(List.of("old", "gone", "own"), titles(view.children(1)));
      assertEquals(List.of("old", "gone", "own"), titles(view.tagged(List.of("a"))));
      assertEquals(List.of("own"), titles(view.titledFrom("ow")));
      assertEquals(4, view.eventCount());
    }
  }

  @Test
  void what_it_removed_is_nowhere() {
    try (Transaction transaction = store.begin()) {
      EventId below =
          transaction.append(NewEvent.child(temporary).temporary(null).title("below").build());
      assertEquals(2, transaction.deleteTemporary(List.of(temporary)));
      Snapshot view = transaction.view();
      assertNull(view.find(temporary));
      assertNull(view.find(below));
      assertTrue(view.event(temporary).isEmpty());
      assertTrue(view.event(below).isEmpty());
      assertEquals(List.of("root", "old"), titles(view.bySeq(1, Long.MAX_VALUE, false)));
      assertEquals(List.of("old"), titles(view.tagged(List.of("a"))));
      assertEquals(2, view.eventCount());
      StoreException refused =
          assertThrows(
              StoreException.class,
              () -> transaction.append(NewEvent.child(below).temporary(null).build()));
      assertEquals(ErrorCode.EVENT_NOT_FOUND, refused.code());
    }
  }

  @Test
  void what_was_removed_since_a_mark_is_there_again_after_a_rollback_to_it() {
    try (Transaction transaction = store.begin()) {
      transaction.append(NewEvent.child(root).title("kept").build());
      int mark = transaction.mark();
      transaction.deleteTemporary(List.of(temporary));
      EventId taken = transaction.append(NewEvent.child(root).title("taken back").build());
      transaction.rollbackTo(mark);
      assertNotNull(transaction.view().find(temporary));
      assertNull(transaction.view().find(taken));
      assertThrows(IllegalArgumentException.class, () -> transaction.rollbackTo(mark + 1));
      assertThrows(IllegalArgumentException.class, () -> transaction.rollbackTo(-1));
      transaction.commit();
    }
    try (Snapshot after = store.snapshot()) {
      assertEquals(
          List.of("root", "old", "gone", "kept"), titles(after.bySeq(1, Long.MAX_VALUE, false)));
    }
  }

  @Test
  void rows_end_where_they_end() {
    try (Transaction transaction = store.begin();
        Snapshot snapshot = store.snapshot()) {
      for (Snapshot each : List.of(transaction.view(), snapshot)) {
        for (Rows rows :
            List.of(each.roots(), each.subtree(1, 0), each.ancestors(2), each.versions(1))) {
          Iterator<EventRow> iterator = rows.iterator();
          assertEquals("root", iterator.next().title());
          assertFalse(iterator.hasNext());
          assertThrows(NoSuchElementException.class, iterator::next);
        }
        assertEquals(List.of(), titles(each.subtree(99, 5)));
        assertEquals(List.of(), titles(each.ancestors(99)));
        assertEquals(List.of(), titles(each.versions(99)));
        assertEquals(List.of(), titles(each.heads(99)));
        assertNull(each.winner(99));
      }
    }
  }

  @Test
  void the_past_that_it_sees_has_nothing_of_its_own_and_nothing_that_it_removed() {
    long level;
    try (Snapshot before = store.snapshot()) {
      level = Objects.requireNonNull(before.find(temporary)).level();
    }
    try (Transaction transaction = store.begin()) {
      transaction.append(NewEvent.child(root).title("own").build());
      List<String> then = List.of("root", "old", "gone");
      try (Snapshot bySeq = transaction.view().asOfSeq(3);
          Snapshot byLevel = transaction.view().asOfLevel(level)) {
        assertEquals(then, titles(bySeq.bySeq(1, Long.MAX_VALUE, false)));
        assertEquals(then, titles(byLevel.bySeq(1, Long.MAX_VALUE, false)));
      }
      transaction.deleteTemporary(List.of(temporary));
      List<String> left = List.of("root", "old");
      try (Snapshot bySeq = transaction.view().asOfSeq(3);
          Snapshot byLevel = transaction.view().asOfLevel(level)) {
        assertEquals(left, titles(bySeq.bySeq(1, Long.MAX_VALUE, false)));
        assertEquals(left, titles(byLevel.bySeq(1, Long.MAX_VALUE, false)));
        assertNull(bySeq.find(temporary));
        assertNull(byLevel.find(temporary));
      }
    }
  }
}
