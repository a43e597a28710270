package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.backup.StoreBackup;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Where a store can be opened, where not, and what is said then. */
class OpeningPlacesTest {
  @TempDir private Path directory;

  private static void assertFails(ErrorCode code, String says, Executable call) {
    StoreException refused = assertThrows(StoreException.class, call);
    assertEquals(code, refused.code(), refused.getMessage());
    assertTrue(String.valueOf(refused.getMessage()).contains(says), refused.getMessage());
  }

  private Path made(String name) {
    Path path = directory.resolve(name);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(path))) {
      store.append(NewEvent.root("root").build());
    }
    return path;
  }

  private static void open(StoreOptions options) {
    EmbeddedEventStore.open(options).close();
  }

  @Test
  void a_file_in_the_way_is_named_as_such() throws IOException {
    Path file = Files.writeString(directory.resolve("db"), "text");
    StoreOptions options = StoreOptions.at(directory.resolve("other")).withIndexPath(file);
    assertFails(ErrorCode.IO_FAILED, "db is there already", () -> open(options));
    assertEquals("text", Files.readString(file));
  }

  @Test
  void a_missing_directory_is_created_only_if_that_is_asked_for() throws IOException {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    assertFails(ErrorCode.STORE_NOT_FOUND, "create=true", () -> open(options.withCreate(false)));
    assertFails(ErrorCode.STORE_NOT_FOUND, "create=true", () -> open(options.withReadOnly(true)));
    assertFalse(Files.exists(directory.resolve("db")));
    Files.createDirectory(directory.resolve("db"));
    assertFails(ErrorCode.STORE_NOT_FOUND, "create=true", () -> open(options.withCreate(false)));
    assertFails(ErrorCode.STORE_NOT_FOUND, "create=true", () -> open(options.withReadOnly(true)));
    try (Stream<Path> left = Files.list(directory.resolve("db"))) {
      assertEquals(List.of(), left.toList(), "no LOCK is left where there is no database");
    }
    open(options);
    open(options.withReadOnly(true).withCleanupMillis(1).withDurability(Durability.INTERVAL));
    assertFails(
        ErrorCode.STORE_NOT_FOUND,
        "in memory",
        () -> open(StoreOptions.inMemory().withReadOnly(true)));
  }

  @Test
  void files_and_directories_of_other_things_are_no_stores() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "no store");
    assertFails(ErrorCode.UNKNOWN_FORMAT, "is a file", () -> open(StoreOptions.at(file)));
    Path link = directory.resolve("dangling");
    Files.createSymbolicLink(link, directory.resolve("nowhere"));
    assertFails(ErrorCode.UNKNOWN_FORMAT, "is no directory", () -> open(StoreOptions.at(link)));
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("notes.txt"), "no store");
    assertFails(ErrorCode.UNKNOWN_FORMAT, "notes.txt", () -> open(StoreOptions.at(other)));
    Path begun = Files.createDirectory(directory.resolve("begun"));
    Files.write(begun.resolve("FORMAT.next"), new byte[5]);
    Files.write(begun.resolve("LOCK"), new byte[0]);
    open(StoreOptions.at(begun));
    Path locked = Files.createDirectories(directory.resolve("locked").resolve("LOCK")).getParent();
    assertFails(
        ErrorCode.IO_FAILED,
        "locking",
        () -> open(StoreOptions.at(java.util.Objects.requireNonNull(locked))));
  }

  private static void writeVersion(Path store, int version) throws IOException {
    byte[] format = Files.readAllBytes(store.resolve("FORMAT"));
    ByteBuffer bytes = ByteBuffer.wrap(format).putInt(8, version);
    CRC32C crc = new CRC32C();
    crc.update(format, 0, format.length - Integer.BYTES);
    bytes.putInt(format.length - Integer.BYTES, (int) crc.getValue());
    Files.write(store.resolve("FORMAT"), format);
  }

  private static int version(Path store) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(store.resolve("FORMAT"))).getInt(8);
  }

  @Test
  void older_formats_are_read_as_they_are_and_brought_up_by_a_writer_only() throws IOException {
    Path store = made("db");
    int newest = version(store);
    for (int old = 1; old < newest; old++) {
      writeVersion(store, old);
      open(StoreOptions.at(store).withReadOnly(true));
      assertEquals(old, version(store));
      open(StoreOptions.at(store));
      assertEquals(newest, version(store));
    }
    for (int unknown : new int[] {0, newest + 1, -1}) {
      writeVersion(store, unknown);
      assertFails(
          ErrorCode.UNKNOWN_FORMAT, "format " + unknown, () -> open(StoreOptions.at(store)));
    }
  }

  @Test
  void a_format_file_that_is_none_or_damaged_is_told_apart() throws IOException {
    Path store = made("db");
    byte[] sound = Files.readAllBytes(store.resolve("FORMAT"));
    Files.write(store.resolve("FORMAT"), Arrays.copyOf(sound, 11));
    assertFails(ErrorCode.UNKNOWN_FORMAT, "too short", () -> open(StoreOptions.at(store)));
    Files.write(store.resolve("FORMAT"), Arrays.copyOf(sound, sound.length - 1));
    assertFails(ErrorCode.CORRUPT, "is damaged", () -> open(StoreOptions.at(store)));
    byte[] other = sound.clone();
    other[0]++;
    Files.write(store.resolve("FORMAT"), other);
    assertFails(ErrorCode.UNKNOWN_FORMAT, "is not one", () -> open(StoreOptions.at(store)));
    byte[] flipped = sound.clone();
    flipped[20]++;
    Files.write(store.resolve("FORMAT"), flipped);
    assertFails(ErrorCode.CORRUPT, "is damaged", () -> open(StoreOptions.at(store)));
    Files.write(store.resolve("FORMAT"), sound);
    open(StoreOptions.at(store));
  }

  @Test
  void an_index_directory_may_be_that_of_the_log_and_a_reader_needs_none() throws IOException {
    Path store = made("db");
    open(StoreOptions.at(store).withIndexPath(store));
    assertTrue(Files.exists(store.resolve("index.mv")));
    Path elsewhere = directory.resolve("elsewhere");
    try (EventStore reader =
        EmbeddedEventStore.open(
            StoreOptions.at(store).withReadOnly(true).withIndexPath(elsewhere))) {
      assertEquals(1, reader.statistics().events());
      assertFalse(Files.exists(elsewhere));
    }
    try (EventStore memory =
        EmbeddedEventStore.open(StoreOptions.inMemory().withIndexPath(elsewhere))) {
      memory.append(NewEvent.root("root").build());
      assertEquals(0, memory.statistics().indexBytes());
    }
    try (EventStore writer =
        EmbeddedEventStore.open(StoreOptions.at(store).withIndexPath(elsewhere))) {
      assertEquals(1, writer.statistics().events());
      assertFails(
          ErrorCode.LOCKED,
          "this process",
          () -> open(StoreOptions.at(directory.resolve("db2")).withIndexPath(elsewhere)));
    }
  }

  @Test
  void a_wait_for_a_lock_ends_when_it_is_given_back() throws InterruptedException {
    Path store = made("db");
    EventStore holder = EmbeddedEventStore.open(StoreOptions.at(store));
    Thread waiting = new Thread(() -> open(StoreOptions.at(store).withLockTimeoutMillis(60_000)));
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.isAlive()) {
      Thread.onSpinWait();
    }
    holder.close();
    waiting.join();
    try (EventStore again = EmbeddedEventStore.open(StoreOptions.at(store))) {
      Thread.currentThread().interrupt();
      assertFails(
          ErrorCode.CANCELLED,
          "interrupted",
          () -> open(StoreOptions.at(store).withLockTimeoutMillis(60_000)));
      assertTrue(Thread.interrupted());
      assertEquals(1, again.statistics().events());
    }
  }

  @Test
  void a_reader_that_is_refreshed_or_closed_says_what_it_is() {
    Path store = made("db");
    EventStore reader = EmbeddedEventStore.open(StoreOptions.at(store).withReadOnly(true));
    reader.refresh();
    reader.refresh();
    assertEquals(1, reader.statistics().events());
    assertTrue(reader.isReadOnly());
    assertFails(ErrorCode.READ_ONLY, "for reading only", reader::checkpoint);
    try (EventStore writer = EmbeddedEventStore.open(StoreOptions.at(store));
        Snapshot before = reader.snapshot()) {
      writer.append(NewEvent.root("two").build());
      reader.refresh();
      assertEquals(2, reader.statistics().events());
      assertEquals(1, before.eventCount());
    }
    reader.close();
    reader.close();
    assertFails(ErrorCode.CLOSED, "is closed", reader::checkpoint);
    assertFails(ErrorCode.CLOSED, "is closed", reader::refresh);
  }

  @Test
  void what_has_no_files_has_no_backup_and_backups_follow_separate_indexes() throws IOException {
    Path target = directory.resolve("backup");
    assertThrows(
        IllegalArgumentException.class,
        () ->
            StoreBackup.backup(
                StoreOptions.inMemory(), target, Cancellation.create(), ProgressListener.NONE));
    StoreOptions separate =
        StoreOptions.at(directory.resolve("s")).withIndexPath(directory.resolve("i"));
    try (EventStore store = EmbeddedEventStore.open(separate)) {
      store.append(NewEvent.root("root").build());
      assertEquals(
          1,
          StoreBackup.backup(separate, target, Cancellation.create(), ProgressListener.NONE)
              .events());
      store.checkpoint();
      store.append(NewEvent.root("two").build());
      assertEquals(
          2,
          StoreBackup.backup(separate, target, Cancellation.create(), ProgressListener.NONE)
              .events());
    }
    Files.delete(directory.resolve("i").resolve("CHECKPOINT"));
    assertEquals(
        2,
        StoreBackup.backup(separate, target, Cancellation.create(), ProgressListener.NONE)
            .events());
    assertFails(
        ErrorCode.CONFLICT,
        "a database already",
        () -> StoreBackup.restore(target, separate, Cancellation.create(), ProgressListener.NONE));
    assertFails(
        ErrorCode.STORE_NOT_FOUND,
        "no database at",
        () ->
            StoreBackup.restore(
                directory.resolve("none"), separate, Cancellation.create(), ProgressListener.NONE));
  }
}
