package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What every event store promises, whatever it stands on. */
abstract class EventStoreContract {
  EventStore store;

  /** Opens a new and empty store. */
  abstract EventStore openEmpty() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = openEmpty();
  }

  @AfterEach
  void close() {
    store.close();
  }

  static void assertFails(ErrorCode code, Executable call) {
    assertEquals(code, assertThrows(StoreException.class, call).code());
  }

  EventId child(EventId parent, String title) {
    return store.append(NewEvent.child(parent).title(title).build());
  }

  @Test
  void an_event_reads_back_as_it_was_written() {
    EventId root = store.append(NewEvent.root("r").metadata("{\"a\":1}").build());
    byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);
    EventId id =
        store.append(
            NewEvent.child(root)
                .title("t")
                .mediaType("text/plain")
                .tags("b", "a", "b")
                .content(store.put(bytes))
                .build());
    try (Snapshot snapshot = store.snapshot()) {
      Event event = snapshot.event(id).orElseThrow();
      EventRow row = Objects.requireNonNull(snapshot.find(id));
      assertEquals(List.of("a", "b"), event.tags());
      assertEquals(event.tags(), row.tags());
      assertEquals("t", row.title());
      assertEquals("text/plain", row.mediaType());
      assertEquals(root, row.parent());
      assertEquals(root, row.root());
      assertEquals(1, row.depth());
      assertEquals(event.level(), row.level());
      assertEquals(5, row.contentLength());
      assertArrayEquals(bytes, snapshot.content(row).orElseThrow().readAll(100));
      assertEquals("{\"a\":1}", snapshot.effectiveMetadata(row).orElseThrow());
      assertTrue(snapshot.metadata(row).isEmpty());
      assertEquals(store.id(), store.id());
    }
  }

  @Test
  void content_of_any_length_reads_back_also_by_range() {
    Random random = new Random(7);
    EventId root = store.append(NewEvent.root("r").build());
    for (int length : new int[] {0, 1, 16383, 16384, 262144, 262145, 3_000_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      StoredContent content = store.put(new java.io.ByteArrayInputStream(bytes));
      EventId id = store.append(NewEvent.child(root).content(content).build());
      try (Snapshot snapshot = store.snapshot()) {
        Content read = snapshot.content(Objects.requireNonNull(snapshot.find(id))).orElseThrow();
        assertEquals(length, read.length());
        assertArrayEquals(bytes, read.readAll(length));
        int from = length / 3;
        assertArrayEquals(
            java.util.Arrays.copyOfRange(bytes, from, length), read.read(from, length - from));
      }
    }
  }

  @Test
  void children_list_in_order_of_level() {
    EventId root = store.append(NewEvent.root("r").build());
    List<EventId> ids = List.of(child(root, "c"), child(root, "a"), child(root, "b"));
    try (Snapshot snapshot = store.snapshot()) {
      long seq = Objects.requireNonNull(snapshot.find(root)).seq();
      assertEquals(ids, snapshot.children(seq).stream().map(EventRow::id).toList());
      assertEquals(4, snapshot.subtreeCount(seq, Integer.MAX_VALUE));
      assertEquals(4, snapshot.subtree(seq, 1).count());
      assertEquals(1, snapshot.subtree(seq, 0).count());
      assertEquals(4, snapshot.eventCount());
      assertEquals(ids.get(1), snapshot.titled(seq, "a").first().orElseThrow().id());
    }
  }

  @Test
  void a_root_title_is_taken_once() {
    store.append(NewEvent.root("r").build());
    assertFails(ErrorCode.ROOT_TITLE_TAKEN, () -> store.append(NewEvent.root("r").build()));
    try (Transaction transaction = store.begin();
        Transaction other = store.begin()) {
      transaction.append(NewEvent.root("x").build());
      assertFails(ErrorCode.ROOT_TITLE_TAKEN, () -> transaction.append(NewEvent.root("x").build()));
      other.append(NewEvent.root("x").build());
      other.commit();
      assertFails(ErrorCode.ROOT_TITLE_TAKEN, transaction::commit);
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(2, snapshot.roots().count());
    }
  }

  @Test
  void the_rules_of_the_data_model_are_enforced() {
    EventId root = store.append(NewEvent.root("r").build());
    EventId normal = child(root, "n");
    EventId version = store.append(NewEvent.overwrite(normal).build());
    EventId unknown = EventId.of(new byte[64]);
    assertFails(ErrorCode.EVENT_NOT_FOUND, () -> child(unknown, "x"));
    assertFails(ErrorCode.RULE_VIOLATED, () -> child(version, "x"));
    assertFails(ErrorCode.MISSING_VALUE, () -> store.append(NewEvent.root("").build()));
    assertFails(
        ErrorCode.RULE_VIOLATED, () -> store.append(NewEvent.of(EventType.PATCH, normal).build()));
    EventId temporary = store.append(NewEvent.child(root).temporary().build());
    assertFails(ErrorCode.RULE_VIOLATED, () -> child(temporary, "x"));
    assertFails(
        ErrorCode.TOO_LONG,
        () -> store.append(NewEvent.root("x".repeat(Limits.MAX_TITLE_BYTES + 1)).build()));
    assertFails(ErrorCode.INVALID_TEXT, () -> store.append(NewEvent.root("\ud800").build()));
  }

  @Test
  void versions_have_heads_and_a_winner() {
    EventId root = store.append(NewEvent.root("r").build());
    EventId base = child(root, "f");
    EventId a = store.append(NewEvent.overwrite(base).build());
    EventId b = store.append(NewEvent.overwrite(base).build());
    try (Snapshot snapshot = store.snapshot()) {
      long seq = Objects.requireNonNull(snapshot.find(base)).seq();
      assertEquals(List.of(b, a), snapshot.heads(seq).stream().map(EventRow::id).toList());
    }
    EventId joined = store.append(NewEvent.remove(b).merges(List.of(a)).build());
    try (Snapshot snapshot = store.snapshot()) {
      long seq = Objects.requireNonNull(snapshot.find(base)).seq();
      assertEquals(List.of(joined), snapshot.heads(seq).stream().map(EventRow::id).toList());
      assertEquals(4, snapshot.versions(seq).count());
      assertEquals(1, snapshot.children(1).count());
    }
  }

  @Test
  void a_temporary_subtree_is_deleted_and_old_snapshots_keep_it() {
    EventId root = store.append(NewEvent.root("r").build());
    EventId temporary = store.append(NewEvent.child(root).tags("t").temporary().build());
    EventId below = store.append(NewEvent.child(temporary).temporary().build());
    try (Snapshot before = store.snapshot()) {
      try (Transaction transaction = store.begin()) {
        assertFails(
            ErrorCode.IMMUTABLE, () -> transaction.deleteTemporary(List.of(temporary, root)));
        assertEquals(2, transaction.deleteTemporary(List.of(below, temporary)));
        assertNull(transaction.view().find(below));
        transaction.commit();
      }
      assertNotNull(before.find(below));
      assertEquals(3, before.eventCount());
      try (Snapshot after = store.snapshot()) {
        assertNull(after.find(below));
        assertEquals(1, after.eventCount());
        assertEquals(0, after.tagged(List.of("t")).count());
      }
    }
    child(root, "next");
    try (Snapshot after = store.snapshot()) {
      assertEquals(2, after.eventCount());
      assertEquals(2, after.bySeq(1, Long.MAX_VALUE, false).count());
    }
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }

  @Test
  void a_transaction_sees_its_own_rows_and_others_only_after_commit() {
    EventId root = store.append(NewEvent.root("r").build());
    try (Transaction transaction = store.begin()) {
      EventId first = transaction.append(NewEvent.child(root).title("1").build());
      int mark = transaction.mark();
      EventId second = transaction.append(NewEvent.child(first).title("2").tags("x").build());
      assertEquals(3, transaction.view().eventCount());
      assertEquals(1, transaction.view().tagged(List.of("x")).count());
      assertEquals(
          List.of(first, root),
          transaction
              .view()
              .ancestors(Objects.requireNonNull(transaction.view().find(second)).seq())
              .stream()
              .map(EventRow::id)
              .toList());
      transaction.rollbackTo(mark);
      assertNull(transaction.view().find(second));
      try (Snapshot other = store.snapshot()) {
        assertEquals(1, other.eventCount());
      }
      transaction.commit();
    }
    try (Snapshot after = store.snapshot()) {
      assertEquals(2, after.eventCount());
    }
  }

  @Test
  void the_index_can_be_rebuilt_and_is_equal() {
    EventId root = store.append(NewEvent.root("r").metadata("m").build());
    for (int i = 0; i < 50; i++) {
      EventId id = child(root, "c" + i);
      store.append(
          NewEvent.overwrite(id).content(store.put(new byte[] {(byte) i})).tags("t").build());
    }
    Statistics before = store.statistics();
    store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
    Statistics after = store.statistics();
    assertEquals(before.events(), after.events());
    assertEquals(before.chunks(), after.chunks());
    assertEquals(before.logicalBytes(), after.logicalBytes());
    assertEquals(before.storedBytes(), after.storedBytes());
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }
}
