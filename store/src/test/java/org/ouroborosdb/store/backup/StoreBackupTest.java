package org.ouroborosdb.store.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Backups of a store that is written to, and what is made of them. */
class StoreBackupTest {
  private static final int CONTENT_BYTES = 6 << 20;

  @TempDir private Path directory;
  private final Random random = new Random(17);

  private StoreOptions database() {
    return StoreOptions.at(directory.resolve("db"))
        .withProfile(Profile.SMALL)
        .withDurability(Durability.NONE);
  }

  private Path copy() {
    return directory.resolve("backup");
  }

  private BackupReport backup() {
    return StoreBackup.backup(database(), copy(), Cancellation.create(), ProgressListener.NONE);
  }

  private EventId append(EventStore store, EventId root, int bytes) {
    byte[] content = new byte[bytes];
    random.nextBytes(content);
    return store.append(NewEvent.child(root).title("" + bytes).content(store.put(content)).build());
  }

  /** Checks that two stores hold the same events with the same content, and are sound. */
  private static void assertSame(StoreOptions one, StoreOptions two) {
    try (EventStore expected = EmbeddedEventStore.open(one.withReadOnly(true));
        EventStore actual = EmbeddedEventStore.open(two.withReadOnly(true));
        Snapshot left = expected.snapshot();
        Snapshot right = actual.snapshot()) {
      assertEquals(left.seq(), right.seq());
      assertEquals(left.eventCount(), right.eventCount());
      for (EventRow row : left.bySeq(1, Long.MAX_VALUE, false)) {
        EventRow other = Objects.requireNonNull(right.find(row.id()));
        assertEquals(row.seq(), other.seq());
        assertArrayEquals(
            left.content(row).map(c -> c.readAll(CONTENT_BYTES)).orElse(new byte[0]),
            right.content(other).map(c -> c.readAll(CONTENT_BYTES)).orElse(new byte[0]));
      }
      assertTrue(actual.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  @Test
  void a_backup_of_an_open_database_is_a_database_and_copies_each_sealed_segment_once()
      throws IOException {
    try (EventStore store = EmbeddedEventStore.open(database())) {
      EventId root = store.append(NewEvent.root("root").build());
      BackupReport first = backup();
      assertEquals(1, first.events());
      assertEquals(1, first.copiedSegments());
      for (int i = 0; i < 8; i++) {
        append(store, root, CONTENT_BYTES);
      }
      BackupReport second = backup();
      assertEquals(9, second.events());
      assertEquals(2, second.segments());
      assertEquals(2, second.copiedSegments());
      assertSame(database(), StoreOptions.at(copy()));
      FileTime sealed = Files.getLastModifiedTime(copy().resolve("segment-00000001.log"));
      append(store, root, 1000);
      BackupReport third = backup();
      assertEquals(10, third.events());
      assertEquals(1, third.copiedSegments());
      assertTrue(third.copiedBytes() < third.totalBytes() / 2);
      assertEquals(sealed, Files.getLastModifiedTime(copy().resolve("segment-00000001.log")));
      assertEquals(0, backup().copiedSegments());
      assertSame(database(), StoreOptions.at(copy()));
    }
  }

  @Test
  void a_restored_database_has_all_events_and_ids_of_its_own() {
    StoreOptions restored = StoreOptions.at(directory.resolve("restored"));
    WriterId id;
    EventId root;
    try (EventStore store = EmbeddedEventStore.open(database())) {
      id = store.id();
      root = store.append(NewEvent.root("root").build());
      append(store, root, 70_000);
    }
    backup();
    StoreBackup.restore(copy(), restored, Cancellation.create(), ProgressListener.NONE);
    assertSame(database(), restored);
    try (EventStore store = EmbeddedEventStore.open(restored)) {
      assertNotEquals(id, store.id());
      append(store, root, 5);
      assertEquals(3, store.statistics().events());
    }
    StoreException refused =
        assertThrows(
            StoreException.class,
            () ->
                StoreBackup.restore(
                    copy(), restored, Cancellation.create(), ProgressListener.NONE));
    assertEquals(ErrorCode.CONFLICT, refused.code());
  }

  @Test
  void a_backup_that_is_cancelled_anywhere_is_whole_and_the_next_goes_on() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(database())) {
      EventId root = store.append(NewEvent.root("root").build());
      append(store, root, 100);
      backup();
      for (int i = 0; i < 7; i++) {
        append(store, root, CONTENT_BYTES);
      }
      for (int stop = 1; stop < 60; stop += 9) {
        Cancellation cancellation = Cancellation.create();
        int[] calls = {0};
        int at = stop;
        ProgressListener progress =
            (done, total) -> {
              if (++calls[0] == at) {
                cancellation.cancel();
              }
            };
        try {
          StoreBackup.backup(database(), copy(), cancellation, progress);
        } catch (StoreException e) {
          assertEquals(ErrorCode.CANCELLED, e.code());
        }
        try (EventStore earlier =
            EmbeddedEventStore.open(StoreOptions.at(copy()).withReadOnly(true))) {
          assertTrue(earlier.verify(Cancellation.create(), ProgressListener.NONE).isSound());
        }
      }
      backup();
      assertSame(database(), StoreOptions.at(copy()));
      try (Stream<Path> files = Files.list(copy())) {
        assertTrue(files.noneMatch(file -> file.toString().endsWith(".next")));
      }
    }
  }

  @Test
  void a_directory_with_anything_else_is_refused() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(database())) {
      EventId root = store.append(NewEvent.root("root").build());
      backup();
      try (EventStore changed = EmbeddedEventStore.open(StoreOptions.at(copy()))) {
        append(changed, root, 10);
      }
      append(store, root, 20);
      assertEquals(ErrorCode.CONFLICT, assertThrows(StoreException.class, this::backup).code());
    }
    StoreOptions other = StoreOptions.at(directory.resolve("other"));
    EmbeddedEventStore.open(other).close();
    StoreException refused =
        assertThrows(
            StoreException.class,
            () -> StoreBackup.backup(other, copy(), Cancellation.create(), ProgressListener.NONE));
    assertEquals(ErrorCode.CONFLICT, refused.code());
    Path full = directory.resolve("full");
    Files.createDirectories(full);
    Files.createFile(full.resolve("letter.txt"));
    refused =
        assertThrows(
            StoreException.class,
            () -> StoreBackup.backup(other, full, Cancellation.create(), ProgressListener.NONE));
    assertEquals(ErrorCode.CONFLICT, refused.code());
    assertEquals(
        ErrorCode.STORE_NOT_FOUND,
        assertThrows(
                StoreException.class,
                () ->
                    StoreBackup.restore(full, other, Cancellation.create(), ProgressListener.NONE))
            .code());
  }

  @Test
  void damage_is_named_and_not_copied_over_a_good_backup() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(database())) {
      EventId root = store.append(NewEvent.root("root").build());
      backup();
      for (int i = 0; i < 7; i++) {
        append(store, root, CONTENT_BYTES);
      }
    }
    Path segment = directory.resolve("db").resolve("segment-00000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[bytes.length / 2] ^= 1;
    Files.write(segment, bytes);
    StoreException refused = assertThrows(StoreException.class, this::backup);
    assertEquals(ErrorCode.CORRUPT, refused.code());
    assertTrue(String.valueOf(refused.getMessage()).contains("segment 1"));
    try (EventStore earlier = EmbeddedEventStore.open(StoreOptions.at(copy()).withReadOnly(true))) {
      assertEquals(1, earlier.statistics().events());
      assertTrue(earlier.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }
}
