package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;
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
  void a_store_that_was_not_closed_is_read_whole_without_writing_to_it() throws IOException {
    Path copy = directory.resolve("copy");
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(directory.resolve("db")))) {
      EventId root = store.append(NewEvent.root("r").build());
      store.checkpoint();
      store.append(NewEvent.child(root).title("after").build());
      copy(directory.resolve("db"), copy);
    }
    byte[] log = Files.readAllBytes(copy.resolve("segment-00000001.log"));
    byte[] torn = java.util.Arrays.copyOf(log, log.length + 7);
    Files.write(copy.resolve("segment-00000001.log"), torn);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(copy).withReadOnly(true))) {
      assertEquals(2, store.statistics().events());
      assertTrue(store.isReadOnly());
    }
    assertArrayEquals(torn, Files.readAllBytes(copy.resolve("segment-00000001.log")));
  }

  @Test
  void every_durability_and_a_separate_index_keep_what_was_closed() throws IOException {
    for (Durability durability : Durability.values()) {
      Path index = directory.resolve("index-" + durability);
      StoreOptions options =
          StoreOptions.at(directory.resolve("db-" + durability))
              .withDurability(durability)
              .withProfile(Profile.SMALL)
              .withIndexPath(index);
      try (EventStore store = EmbeddedEventStore.open(options)) {
        EventId root = store.append(NewEvent.root("r").build());
        for (int i = 0; i < 10; i++) {
          store.append(NewEvent.child(root).content(store.put(new byte[i * 1000])).build());
        }
      }
      assertTrue(Files.exists(index.resolve("index.mv")));
      assertFalse(Files.exists(directory.resolve("db-" + durability).resolve("index.mv")));
      try (EventStore store = EmbeddedEventStore.open(options)) {
        assertEquals(11, store.statistics().events());
      }
    }
  }

  @Test
  void content_of_many_segments_reads_back_after_a_reopen() throws IOException {
    StoreOptions options =
        StoreOptions.at(directory.resolve("db"))
            .withProfile(Profile.SMALL)
            .withDurability(Durability.NONE);
    int length = 80 << 20;
    EventId root;
    try (EventStore store = EmbeddedEventStore.open(options)) {
      StoredContent content = store.put(random(length));
      root = store.append(NewEvent.root("r").content(content).build());
      assertEquals(3, store.statistics().segments());
    }
    try (EventStore store = EmbeddedEventStore.open(options);
        Snapshot snapshot = store.snapshot();
        InputStream read =
            snapshot.content(Objects.requireNonNull(snapshot.find(root))).orElseThrow().stream();
        InputStream written = random(length)) {
      for (int left = length; left > 0; left -= 1 << 20) {
        assertArrayEquals(written.readNBytes(1 << 20), read.readNBytes(1 << 20));
      }
      assertEquals(-1, read.read());
    }
  }

  private static InputStream random(int length) {
    Random random = new Random(9);
    return new InputStream() {
      private final byte[] block = new byte[4096];
      private int at = block.length;
      private int left = length;

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int most) {
        if (left == 0) {
          return -1;
        }
        if (at == block.length) {
          random.nextBytes(block);
          at = 0;
        }
        int taken = Math.min(most, Math.min(left, block.length - at));
        System.arraycopy(block, at, target, offset, taken);
        at += taken;
        left -= taken;
        return taken;
      }
    };
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
