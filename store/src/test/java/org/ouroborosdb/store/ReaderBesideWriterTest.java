package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Readers of a store that another process, or another handle of this one, writes to. */
class ReaderBesideWriterTest {
  private static final int OPENS = 25;
  private static final int CHECKPOINT_EVERY = 15;

  @TempDir private Path directory;

  private Path db() {
    return directory.resolve("db");
  }

  private EventStore reader() {
    return EmbeddedEventStore.open(StoreOptions.at(db()).withReadOnly(true));
  }

  private EventStore writer() {
    return EmbeddedEventStore.open(StoreOptions.at(db()).withCreate(true));
  }

  private static byte[] content(int i) {
    return ("content " + i + " ").repeat(i % 200 + 1).getBytes(StandardCharsets.UTF_8);
  }

  /** Appends the child number {@code i} and its version in one transaction. */
  private static void append(EventStore store, EventId root, int i) {
    try (Transaction transaction = store.begin()) {
      EventId child = transaction.append(NewEvent.child(root).title("" + i).build());
      StoredContent content = store.put(content(i));
      transaction.append(NewEvent.overwrite(child).content(content).build());
      transaction.commit();
    }
  }

  /** Returns how many children there are, each whole, in order and with its content. */
  private static int check(Snapshot snapshot) {
    EventRow root = snapshot.roots().first().orElse(null);
    if (root == null) {
      assertEquals(0, snapshot.eventCount());
      return -1;
    }
    List<EventRow> children = snapshot.children(root.seq()).stream().toList();
    for (int i = 0; i < children.size(); i++) {
      assertEquals("" + i, children.get(i).title());
      EventRow winner = Objects.requireNonNull(snapshot.winner(children.get(i).seq()));
      assertEquals(EventType.OVERWRITE, winner.type());
      byte[] read = snapshot.content(winner).orElseThrow().readAll(Limits.MAX_CHUNK_BYTES);
      assertArrayEquals(content(i), read);
    }
    assertEquals(1 + 2L * children.size(), snapshot.eventCount());
    return children.size();
  }

  /** Appends for ever, and prints the number of children acknowledged. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      try (EventStore store =
              EmbeddedEventStore.open(
                  StoreOptions.at(Path.of(arguments[0])).withProfile(Profile.SMALL));
          Snapshot snapshot = store.snapshot()) {
        EventId root =
            snapshot
                .roots()
                .first()
                .map(EventRow::id)
                .orElseGet(() -> store.append(NewEvent.root("root").build()));
        int from = (int) snapshot.titledFrom("").count() - 1;
        for (int i = Math.max(0, from); ; i++) {
          append(store, root, i);
          System.out.println(i + 1);
          if (i % CHECKPOINT_EVERY == 0) {
            store.checkpoint();
          }
        }
      }
    }
  }

  /** Opens for reading, says so, and waits. */
  static final class Reader {
    private Reader() {}

    public static void main(String[] arguments) throws InterruptedException {
      EmbeddedEventStore.open(StoreOptions.at(Path.of(arguments[0])).withReadOnly(true));
      System.out.println("open");
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  private static int next(ForkedJvm writer) throws IOException {
    return Integer.parseInt(Objects.requireNonNull(writer.line(), "the writer ended by itself"));
  }

  @Test
  void a_reader_sees_all_that_was_acknowledged_and_whole_transactions_only() throws IOException {
    try (ForkedJvm writer = new ForkedJvm(Writer.class, db().toString())) {
      int seen = 0;
      for (int open = 0; open < OPENS; open++) {
        int acknowledged = next(writer);
        try (EventStore store = reader();
            Snapshot snapshot = store.snapshot()) {
          int count = check(snapshot);
          assertTrue(count >= acknowledged && count >= seen, count + " after " + seen);
          while (acknowledged < count + CHECKPOINT_EVERY) {
            acknowledged = next(writer); // a reader does not hold up the writer
          }
          assertEquals(count, check(snapshot));
          store.refresh();
          try (Snapshot refreshed = store.snapshot()) {
            seen = check(refreshed);
            assertTrue(seen >= acknowledged, seen + " of " + acknowledged);
          }
          assertEquals(count, check(snapshot));
          assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
        }
      }
    }
  }

  @Test
  void a_reader_outlives_a_writer_that_is_killed() throws IOException {
    EventStore store;
    int count;
    try (ForkedJvm writer = new ForkedJvm(Writer.class, db().toString())) {
      next(writer);
      store = reader();
      count = check(store.snapshot());
      next(writer);
      writer.kill();
    }
    try (store;
        Snapshot snapshot = store.snapshot();
        ForkedJvm second = new ForkedJvm(Writer.class, db().toString())) {
      assertEquals(count, check(snapshot));
      while (next(second) < count + CHECKPOINT_EVERY) {
        assertEquals(0, snapshot.roots().first().orElseThrow().depth());
      }
      assertEquals(count, check(snapshot));
      store.refresh();
      try (Snapshot refreshed = store.snapshot()) {
        assertTrue(check(refreshed) > count);
      }
    }
  }

  @Test
  void the_note_of_a_reader_that_was_killed_is_cleared_by_the_writer() throws IOException {
    try (EventStore store = writer()) {
      store.append(NewEvent.root("root").build());
    }
    try (ForkedJvm reader = new ForkedJvm(Reader.class, db().toString())) {
      assertEquals("open", reader.line());
      try (EventStore store = writer()) {
        store.checkpoint();
        assertEquals(1, notes(), "a reader that lives stays registered");
      }
      reader.kill();
      assertEquals(1, notes());
    }
    try (EventStore store = writer();
        EventStore own = reader()) {
      assertEquals(1, notes(), "only the reader of this process is left");
      assertEquals(store.id(), own.id());
    }
    assertEquals(0, notes());
  }

  private long notes() throws IOException {
    try (Stream<Path> files = Files.list(db().resolve("readers"))) {
      return files.count();
    }
  }

  @Test
  void the_writer_keeps_a_replaced_index_while_a_reader_may_read_it() throws IOException {
    try (EventStore store = writer()) {
      EventId root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < 200; i++) {
        append(store, root, i);
      }
      store.checkpoint();
      append(store, root, 200);
      try (EventStore reader = reader();
          Snapshot snapshot = reader.snapshot()) {
        store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
        append(store, root, 201);
        store.checkpoint();
        assertEquals(2, indexes(), "the present index and the reader's");
        Thread.currentThread().interrupt(); // closes every channel that is read meanwhile
        assertEquals(201, check(snapshot));
        assertTrue(Thread.interrupted());
        try (EventStore second = reader();
            Snapshot newest = second.snapshot()) {
          assertEquals(202, check(newest));
        }
      }
      append(store, root, 202);
      store.checkpoint();
      assertEquals(1, indexes());
    }
    try (EventStore store = writer();
        Snapshot snapshot = store.snapshot()) {
      assertEquals(203, check(snapshot));
    }
  }

  private long indexes() throws IOException {
    try (Stream<Path> files = Files.list(db())) {
      return files.filter(file -> file.getFileName().toString().startsWith("index")).count();
    }
  }

  @Test
  void reading_a_store_with_a_torn_tail_and_an_old_checkpoint_writes_nothing() throws IOException {
    try (ForkedJvm writer = new ForkedJvm(Writer.class, db().toString())) {
      for (int i = 0; i < CHECKPOINT_EVERY * 3 + 4; i++) {
        next(writer);
      }
      writer.kill();
    }
    Path log = db().resolve("segment-00000001.log");
    byte[] torn = Files.readAllBytes(log);
    Files.write(log, java.util.Arrays.copyOf(torn, torn.length + 9));
    Map<String, String> before = files();
    try (EventStore store = reader();
        Snapshot snapshot = store.snapshot()) {
      assertTrue(check(snapshot) > CHECKPOINT_EVERY * 3);
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
    assertEquals(before, files());
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(db())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes.put(file.toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return bytes;
  }

  @Test
  void without_a_place_to_register_a_store_is_read_only_where_no_writer_is() throws IOException {
    try (EventStore store = writer()) {
      append(store, store.append(NewEvent.root("root").build()), 0);
    }
    Files.createFile(db().resolve("readers")); // no directory can be made of it
    try (EventStore store = reader();
        Snapshot snapshot = store.snapshot()) {
      assertEquals(1, check(snapshot));
    }
    try (EventStore store = writer()) {
      StoreException refused = assertThrows(StoreException.class, this::reader);
      assertEquals(ErrorCode.LOCKED, refused.code());
      store.append(NewEvent.root("the lock is still held").build());
    }
  }

  @Test
  void a_reader_refuses_every_write_and_ends_with_its_close() {
    try (EventStore store = writer()) {
      EventStore reader = reader();
      assertEquals(store.id(), reader.id());
      assertEquals(0, reader.statistics().events());
      store.append(NewEvent.root("root").build());
      assertTrue(reader.isReadOnly());
      refuses(ErrorCode.READ_ONLY, () -> reader.append(NewEvent.root("r").build()));
      refuses(ErrorCode.READ_ONLY, () -> reader.put(new byte[1]));
      refuses(ErrorCode.READ_ONLY, reader::checkpoint);
      refuses(
          ErrorCode.READ_ONLY,
          () -> reader.rebuildIndex(Cancellation.create(), ProgressListener.NONE));
      assertEquals(0, reader.statistics().events());
      reader.refresh();
      assertEquals(1, reader.statistics().events());
      reader.close();
      reader.close();
      refuses(ErrorCode.CLOSED, reader::snapshot);
      refuses(ErrorCode.CLOSED, reader::refresh);
      assertFalse(store.isReadOnly());
    }
  }

  private static void refuses(ErrorCode code, org.junit.jupiter.api.function.Executable call) {
    assertEquals(code, assertThrows(StoreException.class, call).code());
  }

  @Test
  void looking_for_a_store_leaves_a_directory_as_it_is() throws IOException {
    Files.createDirectories(db());
    refuses(ErrorCode.STORE_NOT_FOUND, this::reader);
    writer().close();
  }
}
