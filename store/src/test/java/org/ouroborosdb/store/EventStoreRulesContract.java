package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every event store refuses, with which error, and that it is unharmed afterwards. */
abstract class EventStoreRulesContract extends EventStoreContract {
  private static final EventId UNKNOWN = EventId.of(new byte[EventId.BYTES]);

  private @Nullable EventId root;

  /** Returns the root of each test, appended when it is first asked for. */
  private EventId root() {
    EventId made = root == null ? store.append(NewEvent.root("rules").build()) : root;
    root = made;
    return made;
  }

  private void refused(ErrorCode code, NewEvent.Builder draft) {
    root();
    long events = store.statistics().events();
    assertFails(code, () -> store.append(draft.build()));
    assertEquals(events, store.statistics().events());
  }

  private EventRow row(Snapshot snapshot, EventId id) {
    return Objects.requireNonNull(snapshot.find(id));
  }

  @Test
  void a_root_needs_a_title_and_no_parent() {
    refused(ErrorCode.MISSING_VALUE, NewEvent.of(EventType.ROOT, null));
    refused(ErrorCode.MISSING_VALUE, NewEvent.root(""));
    refused(ErrorCode.RULE_VIOLATED, NewEvent.of(EventType.ROOT, root()).title("x"));
    for (EventType type : List.of(EventType.NORMAL, EventType.OVERWRITE, EventType.REMOVE)) {
      refused(ErrorCode.MISSING_VALUE, NewEvent.of(type, null).title("x"));
      refused(ErrorCode.EVENT_NOT_FOUND, NewEvent.of(type, UNKNOWN));
    }
  }

  @Test
  void texts_have_limits_in_bytes_of_utf_8() {
    String longest = "ü".repeat(Limits.MAX_TITLE_BYTES / 2);
    store.append(NewEvent.root(longest).build());
    refused(ErrorCode.ROOT_TITLE_TAKEN, NewEvent.root(longest));
    refused(ErrorCode.TOO_LONG, NewEvent.root(longest + "x"));
    refused(ErrorCode.TOO_LONG, NewEvent.child(root()).mediaType("x".repeat(256)));
    refused(ErrorCode.TOO_LONG, NewEvent.child(root()).tags("x".repeat(Limits.MAX_TAGS_BYTES + 1)));
    List<String> tags = IntStream.range(0, 20_000).mapToObj(i -> "tag" + (10_000 + i)).toList();
    refused(ErrorCode.TOO_LONG, NewEvent.child(root()).tags(tags));
    refused(
        ErrorCode.TOO_LONG,
        NewEvent.child(root()).metadata("x".repeat(Limits.MAX_METADATA_BYTES + 1)));
    for (String bad : List.of("\ud800", "\udc00x", "x\udbff")) {
      refused(ErrorCode.INVALID_TEXT, NewEvent.root(bad));
      refused(ErrorCode.INVALID_TEXT, NewEvent.child(root()).tags(bad));
      refused(ErrorCode.INVALID_TEXT, NewEvent.child(root()).metadata(bad));
    }
  }

  @Test
  void tags_are_a_set_in_the_order_of_their_bytes() {
    EventId id = store.append(NewEvent.child(root()).tags("\ufb01", "😀", "a", "a", "").build());
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(List.of("", "a", "\ufb01", "😀"), row(snapshot, id).tags());
      assertEquals(id, snapshot.tagged(List.of("😀", "a")).first().orElseThrow().id());
      assertEquals(0, snapshot.tagged(List.of("😀", "b")).count());
      assertThrows(IllegalArgumentException.class, () -> snapshot.tagged(List.of()).count());
    }
  }

  @Test
  void versions_replace_versions_of_one_base() {
    EventId base = child(root(), "base");
    EventId other = child(root(), "other");
    EventId a = store.append(NewEvent.overwrite(base).build());
    EventId b = store.append(NewEvent.overwrite(base).build());
    EventId foreign = store.append(NewEvent.overwrite(other).build());
    refused(ErrorCode.RULE_VIOLATED, NewEvent.overwrite(a).merges(List.of(foreign)));
    refused(ErrorCode.RULE_VIOLATED, NewEvent.overwrite(a).merges(List.of(other)));
    refused(ErrorCode.RULE_VIOLATED, NewEvent.overwrite(a).merges(List.of(base)));
    refused(ErrorCode.EVENT_NOT_FOUND, NewEvent.overwrite(a).merges(List.of(UNKNOWN)));
    refused(ErrorCode.RULE_VIOLATED, NewEvent.child(base).merges(List.of(a)));
    refused(ErrorCode.RULE_VIOLATED, NewEvent.child(a));
    refused(ErrorCode.RULE_VIOLATED, NewEvent.remove(a).content(store.put(new byte[] {1})));
    EventId merged = store.append(NewEvent.overwrite(a).merges(List.of(b, b)).build());
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(List.of(b), row(snapshot, merged).merges());
      assertEquals(merged, Objects.requireNonNull(snapshot.winner(row(snapshot, base).seq())).id());
      assertEquals(row(snapshot, base).seq(), row(snapshot, merged).baseSeq());
      assertEquals(4, snapshot.versions(row(snapshot, merged).seq()).count());
    }
  }

  @Test
  void only_temporary_events_hang_under_temporary_ones_and_expire() {
    EventId temporary = store.append(NewEvent.child(root()).temporary(5L).build());
    refused(ErrorCode.RULE_VIOLATED, NewEvent.child(temporary));
    refused(ErrorCode.RULE_VIOLATED, NewEvent.overwrite(temporary));
    NewEvent expiring =
        new NewEvent(
            EventType.NORMAL,
            root(),
            List.of(),
            null,
            null,
            List.of(),
            null,
            null,
            false,
            5L,
            false);
    assertFails(ErrorCode.RULE_VIOLATED, () -> store.append(expiring));
    store.append(NewEvent.overwrite(temporary).temporary().build());
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(5L, row(snapshot, temporary).expiresAt());
    }
  }

  @Test
  void content_must_be_in_this_store() throws IOException {
    ChunkId unknown = ChunkId.of(new byte[ChunkId.BYTES]);
    StoredContent foreign = new StoredContent(List.of(new ChunkRef(unknown, 5)));
    refused(ErrorCode.CHUNK_NOT_FOUND, NewEvent.child(root()).content(foreign));
    StoredContent known = store.put(new byte[10]);
    ChunkRef lie = new ChunkRef(known.chunks().get(0).id(), 11);
    refused(
        ErrorCode.CHUNK_NOT_FOUND, NewEvent.child(root()).content(new StoredContent(List.of(lie))));
    try (Snapshot snapshot = store.snapshot();
        InputStream bytes = snapshot.open(foreign).stream()) {
      assertFails(ErrorCode.CHUNK_NOT_FOUND, bytes::read);
      assertNull(snapshot.chunk(unknown));
      assertArrayEquals(new byte[10], snapshot.open(known).readAll(10));
      assertFails(ErrorCode.LIMIT_EXCEEDED, () -> snapshot.open(known).readAll(9));
      assertThrows(IndexOutOfBoundsException.class, () -> snapshot.open(known).read(5, 6));
    }
  }

  @Test
  void absent_empty_and_present_content_and_metadata_differ() {
    EventId absent = child(root(), "absent");
    EventId empty =
        store.append(NewEvent.child(root()).content(StoredContent.EMPTY).metadata("").build());
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(-1, row(snapshot, absent).contentLength());
      assertEquals(0, row(snapshot, empty).contentLength());
      assertTrue(snapshot.content(row(snapshot, absent)).isEmpty());
      assertEquals(0, snapshot.content(row(snapshot, empty)).orElseThrow().length());
      assertEquals("", snapshot.effectiveMetadata(row(snapshot, empty)).orElseThrow());
      assertTrue(snapshot.effectiveMetadata(row(snapshot, absent)).isEmpty());
    }
  }

  @Test
  void a_transaction_is_bounded_and_a_refused_event_leaves_it_as_it_was() {
    try (Transaction transaction = store.begin()) {
      EventId first = transaction.append(NewEvent.child(root()).build());
      assertFails(
          ErrorCode.RULE_VIOLATED,
          () -> transaction.append(NewEvent.child(first).merges(List.of(first)).build()));
      assertFails(ErrorCode.EVENT_NOT_FOUND, () -> transaction.deleteTemporary(List.of(UNKNOWN)));
      assertThrows(IllegalArgumentException.class, () -> transaction.rollbackTo(2));
      assertEquals(3, transaction.commit() + 1);
      assertFails(ErrorCode.CLOSED, transaction::commit);
      assertFails(ErrorCode.CLOSED, transaction::view);
      assertFails(ErrorCode.CLOSED, () -> transaction.append(NewEvent.child(root()).build()));
    }
    assertEquals(2, store.statistics().events());
  }

  @Test
  void a_parent_deleted_meanwhile_is_a_conflict_and_nothing_is_kept() {
    root();
    EventId temporary = store.append(NewEvent.child(root()).temporary().build());
    try (Transaction mine = store.begin();
        Transaction deleter = store.begin()) {
      mine.append(NewEvent.child(root()).title("lost too").build());
      mine.append(NewEvent.child(temporary).temporary().build());
      deleter.deleteTemporary(List.of(temporary));
      deleter.commit();
      assertFails(ErrorCode.CONFLICT, mine::commit);
    }
    assertEquals(1, store.statistics().events());
    try (Transaction late = store.begin()) {
      assertFails(
          ErrorCode.EVENT_NOT_FOUND,
          () -> late.append(NewEvent.child(temporary).temporary().build()));
    }
  }

  @Test
  void a_temporary_root_frees_its_title_when_deleted() {
    EventId first = store.append(NewEvent.root("again").temporary().build());
    try (Transaction transaction = store.begin()) {
      assertFails(
          ErrorCode.ROOT_TITLE_TAKEN, () -> transaction.append(NewEvent.root("again").build()));
      transaction.deleteTemporary(List.of(first));
      EventId second = transaction.append(NewEvent.root("again").temporary().build());
      transaction.deleteTemporary(List.of(second));
      transaction.append(NewEvent.root("again").build());
      assertEquals(1, transaction.view().roots("again").count());
      transaction.commit();
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(1, snapshot.roots("again").count());
      assertNotEquals(first, snapshot.roots("again").first().orElseThrow().id());
    }
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
  }

  @Test
  void a_closed_snapshot_answers_nothing_and_harms_nothing() {
    EventId id = root();
    Snapshot snapshot = store.snapshot();
    EventRow row = row(snapshot, id);
    Iterator<EventRow> rows = snapshot.bySeq(1, 5, false).iterator();
    snapshot.close();
    snapshot.close();
    assertFails(ErrorCode.CLOSED, () -> snapshot.find(root()));
    assertFails(ErrorCode.CLOSED, rows::hasNext);
    assertFails(ErrorCode.CLOSED, () -> snapshot.content(row));
    assertFails(ErrorCode.CLOSED, () -> snapshot.event(root()));
    assertFails(ErrorCode.CLOSED, snapshot::eventCount);
    child(root(), "after");
  }

  @Test
  @SuppressWarnings("NullAway")
  void nulls_and_nonsense_are_refused_at_once() {
    root();
    assertThrows(NullPointerException.class, () -> store.append(null));
    assertThrows(NullPointerException.class, () -> store.put((byte[]) null));
    try (Snapshot snapshot = store.snapshot()) {
      assertNull(snapshot.find(-1));
      assertNull(snapshot.find(Long.MAX_VALUE));
      assertNull(snapshot.find(EventRow.FIRST_PENDING_SEQ));
      assertEquals(0, snapshot.subtree(99, 5).count());
      assertEquals(0, snapshot.subtreeCount(99, 5));
      assertEquals(0, snapshot.ancestors(99).count());
      assertEquals(0, snapshot.heads(99).count());
      assertNull(snapshot.winner(99));
      assertEquals(0, snapshot.bySeq(5, 1, false).count());
      assertEquals(0, snapshot.titled("\ud800").count());
      assertEquals(1, snapshot.bySeq(Long.MIN_VALUE, Long.MAX_VALUE, true).count());
      assertEquals(1, snapshot.byLevel(Long.MIN_VALUE, Long.MAX_VALUE, true).count());
    }
    assertEquals(1, store.statistics().events());
  }

  @Test
  void long_calls_can_be_cancelled_and_a_failing_stream_is_an_error() {
    root();
    Cancellation cancelled = Cancellation.create();
    cancelled.cancel();
    assertFails(
        ErrorCode.CANCELLED,
        () -> store.put(InputStream.nullInputStream(), cancelled, ProgressListener.NONE));
    assertFails(ErrorCode.CANCELLED, () -> store.verify(cancelled, ProgressListener.NONE));
    assertFails(ErrorCode.CANCELLED, () -> store.rebuildIndex(cancelled, ProgressListener.NONE));
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the cable is out");
          }

          @Override
          public int read(byte[] target, int offset, int length) throws IOException {
            return read();
          }
        };
    assertFails(ErrorCode.IO_FAILED, () -> store.put(failing));
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    child(root(), "still works");
  }

  @Test
  void levels_rise_from_parent_to_child_and_never_repeat() {
    long last = 0;
    EventId parent = root();
    for (int i = 0; i < 100; i++) {
      parent = child(parent, "c");
      try (Snapshot snapshot = store.snapshot()) {
        long level = row(snapshot, parent).level();
        assertTrue(level > last);
        last = level;
      }
    }
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(100, row(snapshot, parent).depth());
      assertEquals(101, snapshot.subtree(1, Integer.MAX_VALUE).count());
      assertEquals(51, snapshot.subtreeCount(1, 50));
    }
  }

  @Test
  void a_closed_store_says_so() {
    root();
    Transaction transaction = store.begin();
    Snapshot snapshot = store.snapshot();
    store.close();
    store.close();
    assertFails(ErrorCode.CLOSED, () -> store.append(NewEvent.root("x").build()));
    assertFails(ErrorCode.CLOSED, store::snapshot);
    assertFails(ErrorCode.CLOSED, store::statistics);
    assertFails(ErrorCode.CLOSED, () -> store.put(new byte[1]));
    assertFails(ErrorCode.CLOSED, () -> snapshot.find(root()));
    assertFails(ErrorCode.CLOSED, transaction::commit);
    transaction.close();
    snapshot.close();
    assertFalse(store.isReadOnly());
  }
}
