package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The contract on a directory, and what only a directory has: lock, recovery, copies. */
class DirectoryStoreTest extends EventStoreRulesContract {
  @TempDir private Path directory;

  @Override
  EventStore openEmpty() {
    return EmbeddedEventStore.open(StoreOptions.at(directory.resolve("contract")));
  }

  @Test
  void a_store_opens_as_it_was_closed() {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    EventId root;
    try (EventStore store = EmbeddedEventStore.open(options)) {
      root = store.append(NewEvent.root("r").build());
    }
    for (int i = 0; i < 3; i++) {
      try (EventStore store = EmbeddedEventStore.open(options);
          Snapshot snapshot = store.snapshot()) {
        assertEquals(root, Objects.requireNonNull(snapshot.find(root)).id());
        assertEquals(i + 1, snapshot.eventCount());
        store.append(NewEvent.child(root).build());
      }
    }
  }

  @Test
  void what_was_acknowledged_before_a_kill_is_there_and_a_torn_tail_is_not() throws IOException {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    Path copy = directory.resolve("copy");
    EventId root;
    try (EventStore store = EmbeddedEventStore.open(options)) {
      root = store.append(NewEvent.root("r").build());
      store.checkpoint();
      for (int i = 0; i < 20; i++) {
        store.append(NewEvent.child(root).content(store.put(new byte[i])).build());
      }
      copy(directory.resolve("db"), copy);
    }
    Path whole = copy.resolve("segment-00000001.log");
    byte[] bytes = Files.readAllBytes(whole);
    for (int cut = 0; cut < 400; cut += 7) {
      Path torn = directory.resolve("torn" + cut);
      copy(copy, torn);
      Files.write(
          torn.resolve("segment-00000001.log"), java.util.Arrays.copyOf(bytes, bytes.length - cut));
      try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(torn));
          Snapshot snapshot = store.snapshot()) {
        assertTrue(snapshot.eventCount() >= 20 && (cut > 0 || snapshot.eventCount() == 21));
        store.append(NewEvent.child(root).build());
        assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
      }
    }
  }

  @Test
  void a_second_open_is_refused_and_names_the_holder() {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    try (EventStore store = EmbeddedEventStore.open(options)) {
      StoreException failure =
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(options));
      assertEquals(ErrorCode.LOCKED, failure.code());
      assertTrue(String.valueOf(failure.getMessage()).contains("this process"));
      store.append(NewEvent.root("r").build());
    }
  }

  @Test
  void a_copy_gets_a_new_id() throws IOException {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    WriterId id;
    try (EventStore store = EmbeddedEventStore.open(options)) {
      id = store.id();
      store.append(NewEvent.root("r").build());
    }
    copy(directory.resolve("db"), directory.resolve("copy"));
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("copy")))) {
      assertNotEquals(id, store.id());
      assertEquals(1, store.statistics().events());
    }
    try (EventStore store = EmbeddedEventStore.open(options)) {
      assertEquals(id, store.id());
    }
  }

  @Test
  void a_deleted_index_is_rebuilt() throws IOException {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = store.append(NewEvent.root("r").build());
      store.append(NewEvent.child(root).content(store.put(new byte[100])).build());
    }
    Files.delete(directory.resolve("db").resolve("index.mv"));
    try (EventStore store = EmbeddedEventStore.open(options)) {
      assertEquals(2, store.statistics().events());
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  @Test
  void a_store_opened_for_reading_refuses_writes() {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    try (EventStore store = EmbeddedEventStore.open(options)) {
      store.append(NewEvent.root("r").build());
    }
    try (EventStore store = EmbeddedEventStore.open(options.withReadOnly(true))) {
      assertEquals(1, store.statistics().events());
      assertEquals(
          ErrorCode.READ_ONLY,
          assertThrows(StoreException.class, () -> store.append(NewEvent.root("x").build()))
              .code());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(Objects.requireNonNull(file.getFileName())));
      }
    }
  }
}
