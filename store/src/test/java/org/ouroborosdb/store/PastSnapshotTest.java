package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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

/** A state of the past answers every question as it would have been answered then. */
class PastSnapshotTest {
  private final EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory());
  private EventId root;
  private EventId base;
  private EventId first;
  private EventId second;
  private EventId branch;

  @BeforeEach
  void fill() {
    root = store.append(NewEvent.root("root").metadata("m").build());
    base = store.append(NewEvent.child(root).title("doc").tags("t").build());
    first = store.append(NewEvent.overwrite(base).content(store.put(new byte[] {1})).build());
    store.append(NewEvent.child(root).title("doc").tags("t").build());
    second = store.append(NewEvent.overwrite(first).content(store.put(new byte[] {2})).build());
    branch = store.append(NewEvent.overwrite(first).content(store.put(new byte[] {3})).build());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static List<EventId> ids(Rows rows) {
    return rows.stream().map(EventRow::id).toList();
  }

  private static long seq(Snapshot snapshot, EventId id) {
    return Objects.requireNonNull(snapshot.find(id)).seq();
  }

  private static void assertStateAfterFirst(
      Snapshot past, EventId root, EventId base, EventId first) {
    assertEquals(3, past.eventCount());
    assertEquals(List.of(root, base, first), ids(past.bySeq(1, Long.MAX_VALUE, false)));
    assertEquals(List.of(first, base, root), ids(past.bySeq(1, Long.MAX_VALUE, true)));
    assertEquals(
        List.of(root, base, first), ids(past.byLevel(Long.MIN_VALUE, Long.MAX_VALUE, false)));
    assertEquals(List.of(root), ids(past.roots()));
    assertEquals(List.of(root), ids(past.roots("root")));
    assertEquals(List.of(base), ids(past.children(1)));
    assertEquals(List.of(base), ids(past.titled("doc")));
    assertEquals(List.of(base), ids(past.titledFrom("do")));
    assertEquals(List.of(base), ids(past.titled(1, "doc")));
    assertEquals(List.of(base), ids(past.tagged(List.of("t"))));
    assertEquals(List.of(root, base, first), ids(past.tree(1)));
    assertEquals(List.of(base, first), ids(past.versions(2)));
    assertEquals(List.of(first), ids(past.heads(2)));
    assertEquals(first, Objects.requireNonNull(past.winner(2)).id());
    EventRow winner = Objects.requireNonNull(past.winner(2));
    assertArrayEquals(new byte[] {1}, past.content(winner).orElseThrow().readAll(9));
    assertEquals(1, past.open(Objects.requireNonNull(winner.content())).length());
    assertEquals("m", past.effectiveMetadata(winner).orElseThrow());
    assertEquals(first, past.event(first).orElseThrow().id());
  }

  @Test
  void it_has_what_was_committed_up_to_a_sequence_number() {
    try (Snapshot now = store.snapshot()) {
      Snapshot past = now.asOfSeq(3);
      assertEquals(3, past.seq());
      assertStateAfterFirst(past, root, base, first);
      assertNull(past.find(second));
      assertNull(past.find(5));
      assertTrue(past.event(second).isEmpty());
      EventRow later = Objects.requireNonNull(now.find(second));
      assertTrue(past.event(later).isEmpty());
      assertEquals(first, past.event(Objects.requireNonNull(now.find(first))).orElseThrow().id());
      assertTrue(past.event(EventId.of(new byte[EventId.BYTES])).isEmpty());
      assertEquals(List.of(), ids(past.heads(5)));
      assertEquals(now.seq(), now.asOfSeq(Long.MAX_VALUE).seq());
      assertEquals(0, now.asOfSeq(-5).seq());
      assertEquals(0, now.asOfSeq(-5).eventCount());
      assertEquals(List.of(), ids(now.asOfSeq(0).roots()));
    }
  }

  @Test
  void it_has_what_is_not_above_a_level() {
    try (Snapshot now = store.snapshot()) {
      long level = Objects.requireNonNull(now.find(first)).level();
      Snapshot past = now.asOfLevel(level);
      assertStateAfterFirst(past, root, base, first);
      assertEquals(2, now.asOfLevel(level - 1).eventCount());
      assertEquals(List.of(base), ids(now.asOfLevel(level - 1).heads(2)));
      assertEquals(List.of(), ids(now.asOfLevel(0).heads(2)));
    }
  }

  @Test
  void heads_that_went_apart_are_those_of_then_and_a_past_has_a_past() {
    try (Snapshot now = store.snapshot()) {
      assertEquals(List.of(branch, second), ids(now.heads(2)));
      assertEquals(List.of(branch, second), ids(now.asOfSeq(6).heads(2)));
      Snapshot before = now.asOfSeq(5);
      assertEquals(List.of(second), ids(before.heads(2)));
      assertEquals(List.of(first), ids(before.asOfSeq(4).heads(2)));
      assertEquals(List.of(second), ids(before.asOfSeq(Long.MAX_VALUE).heads(2)));
      assertEquals(3, before.asOfSeq(4).asOfLevel(0).seq() - before.asOfSeq(1).seq());
    }
  }

  @Test
  void its_chunks_are_those_of_now_and_it_ends_with_the_snapshot_below() {
    Snapshot now = store.snapshot();
    Snapshot past = now.asOfSeq(2);
    Iterator<EventRow> rows = past.bySeq(1, 9, false).iterator();
    assertEquals(root, rows.next().id());
    assertEquals(base, rows.next().id());
    assertFalse(rows.hasNext());
    assertThrows(NoSuchElementException.class, rows::next);
    ChunkInfo chunk = past.chunks().iterator().next();
    assertEquals(chunk, past.chunk(chunk.id()));
    past.close();
    assertEquals(2, past.eventCount());
    EventRow row = Objects.requireNonNull(past.find(base));
    now.close();
    assertThrows(StoreException.class, () -> past.metadata(row));
    assertThrows(StoreException.class, () -> past.content(row));
    assertEquals(
        ErrorCode.CLOSED, assertThrows(StoreException.class, () -> past.find(base)).code());
    assertEquals(ErrorCode.CLOSED, assertThrows(StoreException.class, past::eventCount).code());
  }

  @Test
  void a_transaction_sees_the_past_with_its_own_changes_at_the_end() {
    try (Transaction transaction = store.begin()) {
      EventId own = transaction.append(NewEvent.overwrite(second).build());
      Snapshot view = transaction.view();
      assertEquals(List.of(own, branch), ids(view.heads(seq(view, base))));
      assertEquals(List.of(first), ids(view.asOfSeq(4).heads(seq(view, base))));
      assertNull(view.asOfSeq(6).find(own));
    }
  }
}
