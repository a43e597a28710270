package org.ouroborosdb.store.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Directories that are no databases, or parts of one, are copied and mended as far as it goes. */
class NoDatabaseTest {
  @TempDir private Path directory;

  private Path path(String name) {
    return directory.resolve(name);
  }

  @BeforeEach
  void fill_a_database_and_back_it_up() throws IOException {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(path("db")))) {
      store.append(NewEvent.root("a").build());
      store.append(NewEvent.root("b").content(store.put(new byte[9_000])).build());
    }
    backup(path("db"), path("backup"));
    Files.createDirectories(path("empty"));
  }

  private static void backup(Path from, Path to) {
    StoreBackup.backup(StoreOptions.at(from), to, Cancellation.create(), ProgressListener.NONE);
  }

  private static RepairReport repair(Path damaged, Path from) {
    return StoreBackup.repair(
        StoreOptions.at(damaged), from, Cancellation.create(), ProgressListener.NONE);
  }

  private static ErrorCode refused(Runnable call) {
    return assertThrows(StoreException.class, call::run).code();
  }

  private static long events(Path path) {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(path).withCreate(false))) {
      return store.statistics().events();
    }
  }

  @Test
  void there_is_nothing_to_copy_in_an_empty_directory() {
    assertEquals(ErrorCode.STORE_NOT_FOUND, refused(() -> backup(path("empty"), path("new"))));
    assertEquals(ErrorCode.STORE_NOT_FOUND, refused(() -> repair(path("new"), path("empty"))));
    assertEquals(ErrorCode.STORE_NOT_FOUND, refused(() -> repair(path("db"), path("empty"))));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            StoreBackup.backup(
                StoreOptions.inMemory(),
                path("new"),
                Cancellation.create(),
                ProgressListener.NONE));
  }

  @Test
  void a_database_of_which_only_a_name_is_left_is_made_of_its_backup() throws IOException {
    assertTrue(repair(path("empty"), path("backup")).isWhole());
    assertEquals(2, events(path("empty")));
  }

  @Test
  void a_database_is_mended_without_its_index_and_checkpoint() throws IOException {
    try (Stream<Path> files = Files.list(path("db"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = file.getFileName().toString();
        if (!name.startsWith("segment") && !name.equals("FORMAT")) {
          Files.delete(file);
        }
      }
    }
    Path segment = path("db").resolve("segment-00000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    byte[] damaged = bytes.clone();
    damaged[40] ^= 1;
    Files.write(segment, damaged);
    assertTrue(repair(path("db"), path("backup")).isWhole());
    assertEquals(2, events(path("db")));
    assertEquals(0, java.util.Arrays.compare(bytes, Files.readAllBytes(segment)));
  }

  @Test
  void a_newer_format_is_refused_only_where_there_is_nothing_else() throws IOException {
    Path format = path("db").resolve("FORMAT");
    byte[] newer = Files.readAllBytes(format);
    newer[11] = 99; // the version
    Files.write(format, newer);
    ErrorCode unknown = refused(() -> EmbeddedEventStore.open(StoreOptions.at(path("db"))).close());
    assertFalse(unknown == ErrorCode.CORRUPT);
    Files.write(path("empty").resolve("FORMAT"), newer);
    assertEquals(unknown, refused(() -> repair(path("empty"), path("backup"))));
    assertTrue(repair(path("db"), path("backup")).isWhole(), "a damaged version, perhaps");
    assertEquals(2, events(path("db")));
  }

  @Test
  void names_that_a_process_leaves_behind_do_not_fill_a_directory() throws IOException {
    Files.write(path("empty").resolve("FORMAT.next"), new byte[3]);
    backup(path("db"), path("empty"));
    assertEquals(2, events(path("empty")));
    Files.write(Files.createDirectories(path("other")).resolve("readme"), new byte[3]);
    assertEquals(ErrorCode.CONFLICT, refused(() -> backup(path("db"), path("other"))));
  }
}
