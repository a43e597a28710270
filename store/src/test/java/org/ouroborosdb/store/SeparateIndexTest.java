package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The index in a directory of its own: moved, lost, another store's. */
class SeparateIndexTest {
  @TempDir private Path directory;

  private StoreOptions options(String store, String index) {
    return StoreOptions.at(directory.resolve(store)).withIndexPath(directory.resolve(index));
  }

  private static void grow(StoreOptions options, int roots) {
    try (EventStore store = EmbeddedEventStore.open(options)) {
      for (int i = 0; i < roots; i++) {
        store.append(NewEvent.root(options.path() + " " + store.statistics().events()).build());
      }
    }
  }

  private static void assertRoots(int count, StoreOptions options) {
    try (EventStore store = EmbeddedEventStore.open(options);
        Snapshot snapshot = store.snapshot()) {
      List<EventRow> roots = snapshot.roots().stream().toList();
      assertEquals(count, roots.size());
      for (EventRow root : roots) {
        assertEquals(root.title(), snapshot.event(root.id()).orElseThrow().title());
      }
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  @Test
  void an_index_elsewhere_is_found_missing_or_moved_and_built_there() throws IOException {
    grow(options("db", "index"), 5);
    assertFalse(Files.exists(directory.resolve("db").resolve("index.mv")));
    assertRoots(5, options("db", "index"));
    Files.move(directory.resolve("index"), directory.resolve("faster"));
    assertRoots(5, options("db", "faster"));
    assertRoots(5, options("db", "new"));
    assertTrue(Files.exists(directory.resolve("new").resolve("index.mv")));
    assertRoots(5, StoreOptions.at(directory.resolve("db")));
    grow(StoreOptions.at(directory.resolve("db")), 2);
    assertRoots(7, options("db", "faster")); // what the index there lacks is replayed
  }

  @Test
  void a_reader_finds_the_index_or_goes_without() {
    grow(options("db", "index"), 5);
    assertRoots(5, options("db", "index").withReadOnly(true));
    assertRoots(5, options("db", "nowhere").withReadOnly(true));
    assertFalse(Files.exists(directory.resolve("nowhere")));
  }

  @Test
  void a_database_that_cannot_be_opened_leaves_no_directory_for_its_index() throws IOException {
    grow(options("db", "index"), 5);
    Path segment = directory.resolve("db").resolve("segment-00000001.log");
    flip(segment);
    Files.createDirectory(directory.resolve("fast"));
    for (String missing : List.of("fast/a/b", "new/index", "fast/c")) {
      StoreException refused =
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(options("db", missing)));
      assertEquals(ErrorCode.CORRUPT, refused.code());
      assertEquals(List.of(), names(directory.resolve("fast")));
      assertFalse(Files.exists(directory.resolve("new")));
    }
    flip(segment);
    assertRoots(5, options("db", "fast/a/b"));
    assertTrue(Files.exists(directory.resolve("fast/a/b/index.mv")));
  }

  @Test
  void a_database_that_cannot_be_opened_leaves_a_directory_that_was_there() throws IOException {
    grow(options("db", "index"), 5);
    flip(directory.resolve("db").resolve("segment-00000001.log"));
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("LOCK"), "");
    assertThrows(StoreException.class, () -> EmbeddedEventStore.open(options("db", "other")));
    assertTrue(names(other).contains("LOCK"));
  }

  @Test
  void a_database_that_is_missing_or_in_use_leaves_no_directory_for_its_index() {
    StoreOptions missing = options("nowhere", "new").withCreate(false);
    StoreException refused =
        assertThrows(StoreException.class, () -> EmbeddedEventStore.open(missing));
    assertEquals(ErrorCode.STORE_NOT_FOUND, refused.code());
    grow(options("db", "index"), 1);
    try (EventStore store = EmbeddedEventStore.open(options("db", "index"))) {
      refused =
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(options("db", "new")));
      assertEquals(ErrorCode.LOCKED, refused.code());
      assertFalse(store.isReadOnly());
    }
    assertFalse(Files.exists(directory.resolve("new")));
  }

  private static void flip(Path segment) throws IOException {
    byte[] bytes = Files.readAllBytes(segment);
    bytes[60] ^= 1;
    Files.write(segment, bytes);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> "" + file.getFileName()).toList();
    }
  }

  @Test
  void the_index_of_another_database_is_refused_and_left_alone() {
    grow(options("db", "index"), 5);
    grow(options("other", "otherIndex"), 3);
    for (boolean readOnly : new boolean[] {false, true}) {
      StoreOptions wrong = options("other", "index").withReadOnly(readOnly);
      StoreException refused =
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(wrong));
      assertEquals(ErrorCode.UNKNOWN_FORMAT, refused.code());
    }
    assertRoots(5, options("db", "index"));
    assertRoots(3, options("other", "otherIndex"));
  }

  @Test
  void two_databases_never_use_one_index_at_a_time() {
    grow(options("db", "index"), 1);
    try (EventStore store = EmbeddedEventStore.open(options("db", "index"))) {
      StoreException refused =
          assertThrows(
              StoreException.class, () -> EmbeddedEventStore.open(options("other", "index")));
      assertEquals(ErrorCode.LOCKED, refused.code());
      store.append(NewEvent.root("still open").build());
    }
    grow(options("other", "otherIndex"), 1);
  }

  @Test
  void a_copy_does_not_take_its_origins_index_for_its_own() throws IOException {
    grow(options("db", "index"), 5);
    copy(directory.resolve("db"), directory.resolve("copy"));
    grow(options("copy", "index"), 4); // the copy leaves an index of nine roots of its own
    grow(StoreOptions.at(directory.resolve("db")), 8);
    assertRoots(13, options("db", "index"));
    assertRoots(9, options("copy", "copyIndex"));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }
}
