package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.versions.Conflicts;
import org.ouroborosdb.store.versions.MergeFunction;
import org.ouroborosdb.store.versions.VersionState;

/** What a transaction refuses, what it takes back, and what it keeps of what it replaces. */
class TransactionRulesTest {
  private static final EventId UNKNOWN = EventId.of(new byte[EventId.BYTES]);

  private final EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory());
  private EventId root;

  @BeforeEach
  void fill() {
    root = store.append(NewEvent.root("root").build());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static void assertFails(ErrorCode code, Executable call) {
    assertEquals(code, assertThrows(StoreException.class, call).code());
  }

  private static EventRow row(Snapshot snapshot, EventId id) {
    return Objects.requireNonNull(snapshot.find(id));
  }

  @Test
  void events_of_the_wrong_type_neither_replace_nor_are_unique() {
    try (Transaction transaction = store.begin()) {
      for (NewEvent none :
          List.of(NewEvent.child(root).title("x").build(), NewEvent.root("x").build())) {
        assertThrows(IllegalArgumentException.class, () -> transaction.replace(none));
      }
      for (NewEvent none :
          List.of(
              NewEvent.child(root).build(),
              NewEvent.root("x").build(),
              NewEvent.overwrite(root).title("x").build())) {
        assertThrows(IllegalArgumentException.class, () -> transaction.appendUnique(none));
      }
      assertEquals(0, transaction.mark());
    }
  }

  @Test
  void of_events_named_with_their_ancestors_each_is_removed_once() {
    EventId top = store.append(NewEvent.child(root).temporary().build());
    EventId below = store.append(NewEvent.child(top).temporary().build());
    try (Transaction transaction = store.begin()) {
      EventId own = transaction.append(NewEvent.child(below).temporary().build());
      assertEquals(3, transaction.deleteTemporary(List.of(top, below, own, top)));
      for (EventId gone : List.of(below, own)) {
        assertFails(ErrorCode.EVENT_NOT_FOUND, () -> transaction.deleteTemporary(List.of(gone)));
      }
      assertEquals(0, transaction.deleteTemporary(List.of()));
      transaction.commit();
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(1, snapshot.eventCount());
    }
  }

  @Test
  void a_removal_that_meets_an_unknown_event_removes_nothing() {
    EventId top = store.append(NewEvent.child(root).temporary().build());
    try (Transaction transaction = store.begin()) {
      assertFails(
          ErrorCode.EVENT_NOT_FOUND, () -> transaction.deleteTemporary(List.of(top, UNKNOWN)));
      assertNotNull(transaction.view().find(top));
      assertEquals(1, transaction.deleteTemporary(List.of(top)));
    }
  }

  @Test
  void more_removals_than_a_transaction_holds_are_refused_and_taken_back() {
    try (EventStore small =
        EmbeddedEventStore.open(StoreOptions.inMemory().withTransactionBytes(2_000))) {
      EventId top = small.append(NewEvent.root("top").temporary().build());
      for (int i = 0; i < 30; i++) {
        small.append(NewEvent.child(top).temporary().build());
      }
      try (Transaction transaction = small.begin()) {
        assertFails(ErrorCode.LIMIT_EXCEEDED, () -> transaction.deleteTemporary(List.of(top)));
        assertEquals(31, transaction.view().eventCount());
      }
      assertFails(
          ErrorCode.LIMIT_EXCEEDED,
          () -> small.append(NewEvent.child(top).temporary().tags("x".repeat(2_000)).build()));
    }
  }

  @Test
  void roots_and_removals_after_a_mark_are_taken_back() {
    EventId temporary = store.append(NewEvent.child(root).temporary().build());
    try (Transaction transaction = store.begin()) {
      transaction.append(NewEvent.root("kept").build());
      int mark = transaction.mark();
      transaction.append(NewEvent.root("given up").build());
      transaction.append(NewEvent.child(root).title("a").build());
      transaction.append(NewEvent.child(root).title("b").build());
      transaction.deleteTemporary(List.of(temporary));
      assertEquals(5, transaction.view().eventCount());
      transaction.rollbackTo(mark);
      assertEquals(3, transaction.view().eventCount());
      transaction.append(NewEvent.root("given up").build());
      assertFails(
          ErrorCode.ROOT_TITLE_TAKEN, () -> transaction.append(NewEvent.root("given up").build()));
      transaction.rollback();
      assertFails(ErrorCode.CLOSED, transaction::rollback);
      assertFails(ErrorCode.CLOSED, transaction::mark);
    }
    assertEquals(2, store.statistics().events());
  }

  @Test
  void rows_of_a_transaction_that_has_ended_are_closed() {
    Transaction transaction = store.begin();
    Snapshot view = transaction.view();
    transaction.append(NewEvent.child(root).build());
    transaction.rollback();
    assertFails(ErrorCode.CLOSED, () -> view.find(root));
    assertFails(ErrorCode.CLOSED, view::eventCount);
  }

  @Test
  void a_merged_version_that_was_deleted_meanwhile_is_a_conflict() {
    EventId base = store.append(NewEvent.child(root).temporary().build());
    EventId left = store.append(NewEvent.overwrite(base).temporary().build());
    EventId right = store.append(NewEvent.overwrite(base).temporary().build());
    try (Transaction mine = store.begin();
        Transaction other = store.begin()) {
      mine.append(NewEvent.overwrite(left).merges(List.of(right)).temporary().build());
      other.deleteTemporary(List.of(right));
      other.commit();
      assertFails(ErrorCode.CONFLICT, mine::commit);
    }
    try (Transaction mine = store.begin()) {
      EventId own = mine.append(NewEvent.overwrite(base).temporary().build());
      mine.append(NewEvent.overwrite(left).merges(List.of(own)).temporary().build());
      mine.commit();
    }
    assertEquals(5, store.statistics().events());
  }

  @Test
  void what_was_deleted_meanwhile_cannot_be_deleted_again() {
    EventId temporary = store.append(NewEvent.child(root).temporary().build());
    try (Transaction mine = store.begin();
        Transaction other = store.begin()) {
      mine.deleteTemporary(List.of(temporary));
      other.deleteTemporary(List.of(temporary));
      other.commit();
      assertFails(ErrorCode.CONFLICT, mine::commit);
    }
  }

  @Test
  void heads_are_replaced_also_where_their_base_is_of_the_same_transaction() {
    EventId other = store.append(NewEvent.child(root).title("other").build());
    try (Transaction transaction = store.begin()) {
      EventId base = transaction.append(NewEvent.child(root).title("doc").build());
      transaction.append(NewEvent.overwrite(other).build());
      EventId next = transaction.replace(NewEvent.overwrite(base).build());
      assertFails(ErrorCode.CONFLICT, () -> transaction.replace(NewEvent.overwrite(base).build()));
      EventId fork = transaction.append(NewEvent.overwrite(base).build());
      EventId joined = transaction.replace(NewEvent.overwrite(next).merges(List.of(fork)).build());
      Snapshot view = transaction.view();
      assertEquals(joined, Objects.requireNonNull(view.winner(row(view, base).seq())).id());
      transaction.commit();
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(1, snapshot.heads(row(snapshot, other).seq()).count());
      assertEquals(4, snapshot.versions(row(snapshot, other).seq() + 1).count());
    }
  }

  @Test
  void a_title_is_unique_among_what_is_left_of_normal_events_under_its_parent() {
    EventId gone = store.append(NewEvent.child(root).title("x").temporary().build());
    try (Transaction transaction = store.begin()) {
      assertFails(
          ErrorCode.CONFLICT,
          () -> transaction.appendUnique(NewEvent.child(root).title("x").build()));
      transaction.deleteTemporary(List.of(gone));
      EventId own = transaction.appendUnique(NewEvent.child(root).title("x").build());
      transaction.append(NewEvent.overwrite(own).title("y").build());
      transaction.appendUnique(NewEvent.child(own).title("y").build());
      assertFails(
          ErrorCode.CONFLICT,
          () -> transaction.appendUnique(NewEvent.child(own).title("y").build()));
      transaction.appendUnique(NewEvent.child(own).title("z").build());
      transaction.commit();
    }
    assertEquals(5, store.statistics().events());
  }

  @Test
  void lists_end_at_both_ends_of_a_range_of_levels() {
    try (Transaction transaction = store.begin()) {
      EventId own = transaction.append(NewEvent.child(root).build());
      Snapshot view = transaction.view();
      long level = row(view, own).level();
      assertEquals(0, view.byLevel(level + 1, Long.MAX_VALUE, false).count());
      assertEquals(1, view.byLevel(Long.MIN_VALUE, level - 1, false).count());
      assertEquals(2, view.byLevel(Long.MIN_VALUE, level, true).count());
      assertThrows(
          java.util.NoSuchElementException.class,
          () -> view.byLevel(level + 1, Long.MAX_VALUE, false).iterator().next());
      assertEquals(2, view.subtreeCount(row(view, root).seq(), Integer.MAX_VALUE));
      assertEquals(0, view.children(row(view, own).seq()).count());
      assertNull(view.chunk(ChunkId.of(new byte[ChunkId.BYTES])));
      assertFalse(view.chunks().iterator().hasNext());
    }
  }

  private EventId patched(EventId replaced, byte[] bytes) {
    return store.append(NewEvent.patch(replaced, new ByteArrayInputStream(bytes)).build());
  }

  private byte[] read(EventId id) throws IOException {
    try (Snapshot snapshot = store.snapshot();
        InputStream in = snapshot.content(row(snapshot, id)).orElseThrow().stream()) {
      return in.readAllBytes();
    }
  }

  @Test
  void a_patch_keeps_what_it_does_not_say_and_changes_what_it_says() {
    byte[] bytes = new byte[40_000];
    new Random(1).nextBytes(bytes);
    EventId base =
        store.append(
            NewEvent.child(root)
                .title("doc")
                .mediaType("a/b")
                .tags("t")
                .metadata("m")
                .fullTextSearch(true)
                .content(store.put(bytes))
                .build());
    bytes[7]++;
    EventId plain = patched(base, bytes);
    bytes[8]++;
    EventId said =
        store.append(
            new NewEvent(
                EventType.PATCH,
                plain,
                List.of(),
                "title",
                "c/d",
                List.of("u"),
                "n",
                null,
                false,
                null,
                true,
                new ByteArrayInputStream(bytes)));
    bytes[9]++;
    EventId kept = patched(said, bytes);
    try (Snapshot snapshot = store.snapshot()) {
      EventRow first = row(snapshot, plain);
      assertNull(first.title());
      assertNull(first.mediaType());
      assertEquals(List.of("t"), first.tags());
      assertEquals("m", snapshot.metadata(first).orElseThrow());
      assertTrue(first.fullTextSearch());
      for (EventId id : List.of(said, kept)) {
        EventRow row = row(snapshot, id);
        assertEquals("title", row.title());
        assertEquals("c/d", row.mediaType());
        assertEquals(List.of("u"), row.tags());
        assertEquals("n", snapshot.metadata(row).orElseThrow());
        assertTrue(row.fullTextSearch());
      }
    }
  }

  @Test
  void a_patched_content_is_put_again_whole_where_nothing_is_replaced() throws IOException {
    byte[] bytes = new byte[40_000];
    new Random(2).nextBytes(bytes);
    EventId base = store.append(NewEvent.child(root).content(store.put(bytes)).build());
    byte[] changed = bytes.clone();
    changed[5]++;
    EventId patch = patched(base, changed);
    StoredContent content;
    try (Snapshot snapshot = store.snapshot()) {
      content = Objects.requireNonNull(row(snapshot, patch).content());
      Content open = snapshot.content(row(snapshot, patch)).orElseThrow();
      assertArrayEquals(changed, readAll(store.put(open)), "put from a content without chunks");
      Content whole = snapshot.content(row(snapshot, base)).orElseThrow();
      assertEquals(whole.chunks(), store.put(whole).chunks(), "put from one with chunks");
    }
    EventId copy = store.append(NewEvent.root("copy").content(content).build());
    assertArrayEquals(changed, read(copy));
    EventId version = store.append(NewEvent.overwrite(base).content(content).build());
    assertArrayEquals(changed, read(version));
    assertFails(
        ErrorCode.EVENT_NOT_FOUND,
        () ->
            store.append(
                NewEvent.root("none")
                    .content(new StoredContent(content.chunks(), UNKNOWN))
                    .build()));
    assertFails(
        ErrorCode.EVENT_NOT_FOUND,
        () ->
            store.append(
                NewEvent.root("no patch")
                    .content(new StoredContent(content.chunks(), base))
                    .build()));
  }

  private byte[] readAll(StoredContent content) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.open(content).readAll(1 << 20);
    }
  }

  @Test
  void a_patch_needs_something_to_change() {
    NewEvent rootOfBytes =
        new NewEvent(
            EventType.ROOT,
            null,
            List.of(),
            "of bytes",
            null,
            List.of(),
            null,
            null,
            false,
            null,
            false,
            InputStream.nullInputStream());
    assertFails(ErrorCode.RULE_VIOLATED, () -> store.append(rootOfBytes));
    assertFails(ErrorCode.RULE_VIOLATED, () -> patched(root, new byte[5]));
    EventId base = store.append(NewEvent.child(root).content(store.put(new byte[9])).build());
    assertFails(
        ErrorCode.MISSING_VALUE, () -> store.append(NewEvent.of(EventType.PATCH, base).build()));
  }

  @Test
  void a_delta_of_more_than_a_mebibyte_is_put_while_it_is_made() throws IOException {
    Random random = new Random(3);
    byte[] bytes = new byte[12_000_000];
    random.nextBytes(bytes);
    EventId base = store.append(NewEvent.child(root).content(store.put(bytes)).build());
    byte[] changed = bytes.clone();
    byte[] piece = new byte[8_000];
    for (int at = 0; at < changed.length; at += 60_000) {
      random.nextBytes(piece); // all chunks change, each by an eighth
      System.arraycopy(piece, 0, changed, at, piece.length);
    }
    EventId patch = patched(base, changed);
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(EventType.PATCH, row(snapshot, patch).type());
      assertEquals(changed.length, row(snapshot, patch).contentLength());
    }
    assertTrue(Arrays.equals(changed, read(patch)));
  }

  @Test
  void versions_say_what_their_rows_say_and_removed_ones_nothing() {
    EventId base =
        store.append(NewEvent.child(root).title("doc").mediaType("a/b").temporary(9L).build());
    EventId version =
        store.append(NewEvent.overwrite(base).title("t").mediaType("c/d").temporary().build());
    try (Snapshot snapshot = store.snapshot()) {
      VersionState ofBase = VersionState.of(snapshot, row(snapshot, base));
      assertNull(ofBase.title());
      assertNull(ofBase.mediaType());
      VersionState state = VersionState.of(snapshot, row(snapshot, version));
      assertEquals("t", state.title());
      assertEquals("c/d", state.mediaType());
      NewEvent next = state.withTitle("u").replacing(List.of(row(snapshot, base)));
      assertTrue(next.temporary());
      assertEquals(9L, next.expiresAt());
      assertEquals("u", next.title());
    }
    EventId removed = store.append(NewEvent.remove(version).temporary().build());
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(VersionState.REMOVED, VersionState.of(snapshot, row(snapshot, removed)));
    }
    try (Transaction transaction = store.begin()) {
      assertFails(
          ErrorCode.EVENT_NOT_FOUND,
          () -> Conflicts.join(transaction, UNKNOWN, MergeFunction.WINNER));
    }
  }
}
