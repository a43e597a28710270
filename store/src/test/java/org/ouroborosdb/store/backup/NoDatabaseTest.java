package org.ouroborosdb.store.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
  void a_copy_in_its_own_directory_is_no_copy_by_whatever_path() throws IOException {
    Path link = Files.createSymbolicLink(path("link"), path("db"));
    for (Path to :
        List.of(path("db"), link, path("empty/../db"), path("db/new/copy"), link.resolve("copy"))) {
      assertEquals(ErrorCode.CONFLICT, refused(() -> backup(path("db"), to)));
    }
    assertEquals(
        ErrorCode.CONFLICT,
        refused(
            () ->
                StoreBackup.restore(
                    path("backup"),
                    StoreOptions.at(path("backup/copy")),
                    Cancellation.create(),
                    ProgressListener.NONE)));
    assertEquals(ErrorCode.CONFLICT, refused(() -> repair(path("db"), link)));
    assertFalse(Files.exists(path("db/new")));
    backup(path("db"), path("db2")); // a name that only begins so
  }

  @Test
  void a_directory_of_other_things_stays_as_it_is() throws IOException {
    Path other = Files.createDirectories(path("other"));
    Files.write(other.resolve("readme"), new byte[3]);
    assertEquals(ErrorCode.CONFLICT, refused(() -> backup(path("db"), other)));
    assertEquals(ErrorCode.CONFLICT, refused(() -> repair(other, path("backup"))));
    refused(() -> EmbeddedEventStore.open(StoreOptions.at(other)).close());
    refused(() -> EmbeddedEventStore.open(StoreOptions.at(other).withCreate(false)).close());
    refused(() -> EmbeddedEventStore.open(StoreOptions.at(other).withReadOnly(true)).close());
    try (Stream<Path> files = Files.list(other)) {
      assertEquals(List.of(other.resolve("readme")), files.toList());
    }
  }

  @Test
  void a_copy_that_fails_leaves_nothing_unfinished_on_the_disk() throws IOException {
    byte[] bytes = Files.readAllBytes(path("db").resolve("segment-00000001.log"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(path("db").resolve("segment-00000001.log"), bytes);
    assertEquals(ErrorCode.CORRUPT, refused(() -> backup(path("db"), path("new"))));
    try (Stream<Path> files = Files.list(path("new"))) {
      assertEquals(List.of(path("new").resolve("LOCK")), files.toList());
    }
  }

  @Test
  void segments_without_a_format_are_told_from_no_database() throws IOException {
    Files.delete(path("db").resolve("FORMAT"));
    StoreOptions db = StoreOptions.at(path("db"));
    for (StoreOptions way : List.of(db, db.withCreate(false), db.withReadOnly(true))) {
      StoreException lost =
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(way).close());
      assertEquals(ErrorCode.CORRUPT, lost.code());
      assertTrue(String.valueOf(lost.getMessage()).contains("repair"), lost::getMessage);
    }
    assertEquals(ErrorCode.CORRUPT, refused(() -> backup(path("db"), path("new"))));
    assertTrue(repair(path("db"), path("backup")).isWhole());
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

  @Test
  void what_is_no_database_is_copied_nowhere_and_nothing_is_restored_into_memory() {
    Path copy = path("copy");
    assertEquals(ErrorCode.STORE_NOT_FOUND, refused(() -> backup(path("empty"), copy)));
    assertFalse(Files.exists(copy.resolve("FORMAT")));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            StoreBackup.restore(
                path("backup"),
                StoreOptions.inMemory(),
                Cancellation.create(),
                ProgressListener.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LOCK",
        "segment-00000001.log.next",
        "index.mv",
        "index-7.mv.next",
        "CHECKPOINT",
        "CHECKPOINT.next"
      })
  void a_database_of_which_one_file_is_left_is_made_of_its_backup(String name) throws IOException {
    Files.write(path("empty").resolve(name), new byte[300]);
    assertTrue(repair(path("empty"), path("backup")).isWhole());
    assertEquals(2, events(path("empty")));
  }

  @Test
  void a_database_whose_index_lay_in_a_directory_that_is_gone_is_mended() throws IOException {
    byte[] bytes = Files.readAllBytes(path("db").resolve("segment-00000001.log"));
    bytes[40] ^= 1;
    Files.write(path("db").resolve("segment-00000001.log"), bytes);
    StoreOptions options = StoreOptions.at(path("db")).withIndexPath(path("gone"));
    RepairReport report =
        StoreBackup.repair(options, path("backup"), Cancellation.create(), ProgressListener.NONE);
    assertTrue(report.isWhole(), () -> report.remaining().toString());
    try (EventStore store = EmbeddedEventStore.open(options)) {
      assertEquals(2, store.statistics().events());
    }
  }
}
