package org.ouroborosdb.store.patch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;
import org.ouroborosdb.store.versions.VersionState;

/** PATCHes through the store's door: what is stored is a change, what is read is the content. */
class PatchesTest {
  @TempDir private Path directory;

  private EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(directory).withProfile(Profile.SMALL));
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Returns bytes with a piece overwritten, inserted or removed, as often as is said. */
  static byte[] edited(Random random, byte[] bytes, int edits) {
    byte[] now = bytes;
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(now.length + 1);
      int removed = random.nextInt(Math.min(now.length - at, 1 + now.length / 20) + 1);
      byte[] piece = random(random, random.nextInt(200));
      byte[] next = new byte[now.length - removed + piece.length];
      System.arraycopy(now, 0, next, 0, at);
      System.arraycopy(piece, 0, next, at, piece.length);
      System.arraycopy(now, at + removed, next, at + piece.length, now.length - at - removed);
      now = next;
    }
    return now;
  }

  private static EventRow row(Snapshot snapshot, EventId id) {
    return Objects.requireNonNull(snapshot.find(id));
  }

  private static EventId file(EventStore store, byte[] bytes) {
    EventId root =
        store.append(NewEvent.root("files " + bytes.length + Arrays.hashCode(bytes)).build());
    return store.append(NewEvent.child(root).title("file").content(store.put(bytes)).build());
  }

  private static EventId patch(EventStore store, EventId replaced, byte[] bytes) {
    return store.append(NewEvent.patch(replaced, new ByteArrayInputStream(bytes)).build());
  }

  private static EventType type(EventStore store, EventId id) {
    try (Snapshot snapshot = store.snapshot()) {
      return row(snapshot, id).type();
    }
  }

  private static byte[] read(EventStore store, EventId id) throws IOException {
    try (Snapshot snapshot = store.snapshot();
        InputStream in = snapshot.content(row(snapshot, id)).orElseThrow().stream()) {
      return in.readAllBytes();
    }
  }

  private static void assertFails(ErrorCode code, Runnable call) {
    assertEquals(code, assertThrows(StoreException.class, call::run).code());
  }

  private static void assertSound(EventStore store) {
    List<String> damages = store.verify(Cancellation.create(), ProgressListener.NONE).damages();
    assertEquals(List.of(), damages);
  }

  /** Compares all bytes, as a stream and in ranges. */
  private static void assertReads(Random random, byte[] expected, EventStore store, EventId id)
      throws IOException {
    assertArrayEquals(expected, read(store, id));
    try (Snapshot snapshot = store.snapshot()) {
      EventRow row = row(snapshot, id);
      assertEquals(expected.length, row.contentLength());
      Content content = snapshot.content(row).orElseThrow();
      assertEquals(expected.length, content.length());
      for (int i = 0; i < 6; i++) {
        int from = random.nextInt(expected.length + 1);
        int length = random.nextInt(expected.length - from + 1);
        byte[] part = Arrays.copyOfRange(expected, from, from + length);
        assertArrayEquals(part, content.read(from, length));
        try (InputStream in = content.stream(from, length)) {
          assertEquals(Math.min(5, length), in.skip(5));
          assertArrayEquals(
              Arrays.copyOfRange(part, Math.min(5, length), length), in.readAllBytes());
        }
      }
    }
  }

  @Test
  void chains_of_random_edits_read_as_what_was_written() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("patches: seed " + seed);
    Random random = new Random(seed);
    try (EventStore store = open()) {
      for (int length : new int[] {5_000, 70_000, 300_000, 3_000_000}) {
        byte[] bytes = random(random, length);
        EventId version = file(store, bytes);
        int patches = 0;
        for (int i = 0; i < 11; i++) {
          bytes = edited(random, bytes, 1 + random.nextInt(3));
          version = patch(store, version, bytes);
          patches += type(store, version) == EventType.PATCH ? 1 : 0;
          assertReads(random, bytes, store, version);
        }
        assertTrue(patches >= 8, patches + " patches of " + length);
      }
      assertSound(store);
    }
    try (EventStore store = open()) {
      store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      assertSound(store);
      try (Snapshot snapshot = store.snapshot()) {
        for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
          long length = snapshot.content(row).map(Content::length).orElse(-1L);
          assertEquals(length, row.contentLength());
        }
      }
    }
  }

  @Test
  void a_small_change_of_a_long_content_takes_little_room() throws IOException {
    Random random = new Random(4);
    byte[] bytes = random(random, 20_000_000);
    try (EventStore store = open()) {
      EventId file = file(store, bytes);
      store.checkpoint();
      long before = store.statistics().storedBytes();
      byte[] changed = edited(random, bytes, 5);
      EventId version = patch(store, file, changed);
      assertEquals(EventType.PATCH, type(store, version));
      store.checkpoint();
      long added = store.statistics().storedBytes() - before;
      assertTrue(added < 20_000, added + " bytes");
      assertReads(random, changed, store, version);
    }
  }

  @Test
  void a_patch_that_gains_nothing_becomes_an_overwrite() throws IOException {
    Random random = new Random(5);
    try (EventStore store = open()) {
      byte[] bytes = random(random, 900_000);
      EventId file = file(store, random(random, 500_000));
      EventId other = patch(store, file, bytes);
      assertEquals(EventType.OVERWRITE, type(store, other));
      assertArrayEquals(bytes, read(store, other));
      EventId back = patch(store, other, new byte[0]);
      assertEquals(EventType.OVERWRITE, type(store, back));
      assertEquals(0, read(store, back).length);
    }
  }

  @Test
  void after_eight_patches_a_whole_content_follows() throws IOException {
    Random random = new Random(6);
    byte[] bytes = random(random, 50_000);
    try (EventStore store = open()) {
      EventId version = file(store, bytes);
      for (int i = 0; i < Limits.MAX_PATCHES; i++) {
        bytes = edited(random, bytes, 1);
        version = patch(store, version, bytes);
        assertEquals(EventType.PATCH, type(store, version));
      }
      EventId last = version;
      byte[] next = edited(random, bytes, 1);
      assertFails(
          ErrorCode.LIMIT_EXCEEDED,
          () -> store.append(NewEvent.of(EventType.PATCH, last).content(store.put(next)).build()));
      EventId whole = patch(store, last, next);
      assertEquals(EventType.OVERWRITE, type(store, whole));
      assertArrayEquals(next, read(store, whole));
    }
  }

  @Test
  void what_a_patch_does_not_say_stays_as_it_was() {
    Random random = new Random(7);
    byte[] bytes = random(random, 50_000);
    try (EventStore store = open()) {
      EventId file = file(store, bytes);
      EventId named =
          store.append(
              NewEvent.overwrite(file)
                  .title("other name")
                  .mediaType("text/plain")
                  .tags("a", "b")
                  .metadata("{}")
                  .fullTextSearch(true)
                  .content(store.put(bytes))
                  .build());
      EventId kept = patch(store, named, edited(random, bytes, 1));
      byte[] again = edited(random, bytes, 1);
      EventId said =
          store.append(
              NewEvent.patch(kept, new ByteArrayInputStream(again))
                  .title("third")
                  .metadata("[]")
                  .tags("c")
                  .build());
      try (Snapshot snapshot = store.snapshot()) {
        EventRow row = row(snapshot, kept);
        assertEquals(EventType.PATCH, row.type());
        assertEquals("other name", row.title());
        assertEquals("text/plain", row.mediaType());
        assertEquals(List.of("a", "b"), row.tags());
        assertEquals("{}", snapshot.metadata(row).orElseThrow());
        assertTrue(row.fullTextSearch());
        EventRow next = row(snapshot, said);
        assertEquals("third", next.title());
        assertEquals(List.of("c"), next.tags());
        assertEquals("[]", snapshot.metadata(next).orElseThrow());
      }
    }
  }

  @Test
  void a_version_that_keeps_the_content_of_a_patch_reads_the_same() throws IOException {
    Random random = new Random(8);
    byte[] bytes = random(random, 300_000);
    byte[] changed = edited(random, bytes, 2);
    try (EventStore store = open()) {
      EventId file = file(store, bytes);
      EventId patch = patch(store, file, changed);
      EventId renamed;
      EventId copy;
      try (Transaction transaction = store.begin()) {
        EventRow head = row(transaction.view(), patch);
        VersionState state = VersionState.of(transaction.view(), head).withTitle("renamed");
        renamed = transaction.replace(state.replacing(List.of(head)));
        EventId root = Objects.requireNonNull(row(transaction.view(), file).parent());
        copy =
            transaction.append(NewEvent.child(root).title("copy").content(head.content()).build());
        assertEquals(changed.length, row(transaction.view(), renamed).contentLength());
        transaction.commit();
      }
      assertArrayEquals(changed, read(store, renamed));
      assertArrayEquals(changed, read(store, copy));
      assertEquals(EventType.NORMAL, type(store, copy));
      try (Snapshot snapshot = store.snapshot()) {
        assertEquals("renamed", row(snapshot, renamed).title());
        assertNull(row(snapshot, copy).content() == null ? "absent" : null);
      }
      assertSound(store);
    }
  }

  @Test
  void patches_are_read_and_appended_within_a_transaction() throws IOException {
    Random random = new Random(9);
    byte[] bytes = random(random, 100_000);
    byte[] second = edited(random, bytes, 1);
    byte[] third = edited(random, second, 1);
    try (EventStore store = open();
        Transaction transaction = store.begin()) {
      EventId root = transaction.append(NewEvent.root("root").content(store.put(bytes)).build());
      EventId one =
          transaction.append(NewEvent.patch(root, new ByteArrayInputStream(second)).build());
      EventId two =
          transaction.append(NewEvent.patch(one, new ByteArrayInputStream(third)).build());
      EventRow row = row(transaction.view(), two);
      assertEquals(EventType.PATCH, row.type());
      assertArrayEquals(third, transaction.view().content(row).orElseThrow().readAll(third.length));
      transaction.commit();
      assertArrayEquals(third, read(store, two));
    }
  }

  @Test
  void heads_that_went_apart_are_joined_by_a_patch() throws IOException {
    Random random = new Random(10);
    byte[] bytes = random(random, 100_000);
    try (EventStore store = open()) {
      EventId file = file(store, bytes);
      EventId one = patch(store, file, edited(random, bytes, 1));
      EventId two = patch(store, file, edited(random, bytes, 1));
      byte[] joined = edited(random, bytes, 2);
      EventId join =
          store.append(
              NewEvent.patch(one, new ByteArrayInputStream(joined)).merges(List.of(two)).build());
      try (Snapshot snapshot = store.snapshot()) {
        assertEquals(
            List.of(join),
            snapshot.heads(row(snapshot, file).seq()).stream().map(EventRow::id).toList());
      }
      assertArrayEquals(joined, read(store, join));
    }
  }

  @Test
  void a_patch_needs_a_base_with_content_and_a_delta_that_applies() throws IOException {
    Random random = new Random(11);
    byte[] bytes = random(random, 40_000);
    try (EventStore store = open()) {
      EventId file = file(store, bytes);
      EventId removed = store.append(NewEvent.remove(file).build());
      EventId root = store.append(NewEvent.root("no content").build());
      InputStream unread = InputStream.nullInputStream();
      for (EventId without : List.of(removed, root)) {
        assertFails(
            ErrorCode.RULE_VIOLATED, () -> store.append(NewEvent.patch(without, unread).build()));
        assertFails(
            ErrorCode.RULE_VIOLATED,
            () ->
                store.append(
                    NewEvent.of(EventType.PATCH, without).content(store.put(bytes)).build()));
      }
      assertFails(
          ErrorCode.MISSING_VALUE, () -> store.append(NewEvent.of(EventType.PATCH, file).build()));
      for (byte[] no : List.of(new byte[0], new byte[10], bytes)) {
        assertFails(
            ErrorCode.RULE_VIOLATED,
            () -> store.append(NewEvent.of(EventType.PATCH, file).content(store.put(no)).build()));
      }
      InputStream failing = InputStream.nullInputStream();
      failing.close(); // a closed one throws when it is read
      assertFails(ErrorCode.IO_FAILED, () -> store.append(NewEvent.patch(file, failing).build()));
      assertSound(store);
    }
  }
}
