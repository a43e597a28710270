package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A directory is open once, in whichever process. */
class SingleOwnerTest {
  @TempDir private Path directory;

  /** Opens a store and holds it, or says why it cannot. */
  static final class Opener {
    private Opener() {}

    /** Takes the directory. */
    public static void main(String[] arguments) throws IOException {
      try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(Path.of(arguments[0])))) {
        System.out.println("open " + ProcessHandle.current().pid() + " " + store.id());
        System.in.read();
      } catch (StoreException e) {
        System.out.println(e.code() + " " + e.getMessage());
      }
    }
  }

  @Test
  void another_process_is_refused_and_told_who_holds_it() throws IOException {
    Path db = directory.resolve("db");
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(db));
        ForkedJvm other = new ForkedJvm(Opener.class, db.toString())) {
      String said = Objects.requireNonNull(other.line());
      assertTrue(said.startsWith("LOCKED "), said);
      assertTrue(said.contains("process " + ProcessHandle.current().pid()), said);
      store.append(NewEvent.root("still mine").build());
    }
  }

  @Test
  void a_failed_second_open_in_this_process_keeps_the_lock() throws IOException {
    Path db = directory.resolve("db");
    StoreOptions options = StoreOptions.at(db);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      assertEquals(
          ErrorCode.LOCKED,
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(options)).code());
      try (ForkedJvm other = new ForkedJvm(Opener.class, db.toString())) {
        String said = Objects.requireNonNull(other.line());
        assertTrue(said.startsWith("LOCKED "), said);
      }
      store.append(NewEvent.root("still mine").build());
    }
  }

  @Test
  void what_another_process_holds_is_refused_here_until_it_ends() throws IOException {
    Path db = directory.resolve("db");
    StoreOptions options = StoreOptions.at(db);
    try (ForkedJvm other = new ForkedJvm(Opener.class, db.toString())) {
      String said = Objects.requireNonNull(other.line());
      String pid = said.split(" ", 3)[1];
      for (int i = 0; i < 2; i++) {
        StoreException failure =
            assertThrows(StoreException.class, () -> EmbeddedEventStore.open(options));
        assertEquals(ErrorCode.LOCKED, failure.code());
        assertTrue(String.valueOf(failure.getMessage()).contains("process " + pid));
      }
      other.kill();
    }
    try (EventStore store = EmbeddedEventStore.open(options)) {
      store.append(NewEvent.root("r").build());
    }
  }

  @Test
  void another_name_of_the_directory_is_the_same_store() throws IOException {
    Path db = directory.resolve("db");
    Path link = directory.resolve("link");
    Files.createSymbolicLink(link, db);
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(db))) {
      assertEquals(
          ErrorCode.LOCKED,
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(StoreOptions.at(link)))
              .code());
      assertEquals(0, store.statistics().events());
    }
  }

  @Test
  void a_holder_that_does_not_say_who_it_is_is_another_process() throws IOException {
    Path db = directory.resolve("db");
    try (ForkedJvm other = new ForkedJvm(Opener.class, db.toString())) {
      assertTrue(Objects.requireNonNull(other.line()).startsWith("open "));
      Files.write(db.resolve("LOCK"), new byte[0]);
      StoreException refused =
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(StoreOptions.at(db)));
      assertEquals(ErrorCode.LOCKED, refused.code());
      assertTrue(String.valueOf(refused.getMessage()).contains("open in another process;"));
    }
  }

  @Test
  void a_reader_that_cannot_be_told_to_the_writer_is_refused_while_there_is_one()
      throws IOException {
    Path db = directory.resolve("db");
    StoreOptions reader = StoreOptions.at(db).withReadOnly(true);
    EmbeddedEventStore.open(StoreOptions.at(db)).close();
    Files.deleteIfExists(db.resolve("readers"));
    Files.write(db.resolve("readers"), new byte[1]); // so that no folder takes its note
    EmbeddedEventStore.open(reader).close();
    try (ForkedJvm writer = new ForkedJvm(Opener.class, db.toString())) {
      assertTrue(Objects.requireNonNull(writer.line()).startsWith("open "));
      StoreException refused =
          assertThrows(StoreException.class, () -> EmbeddedEventStore.open(reader));
      assertEquals(ErrorCode.LOCKED, refused.code());
      assertTrue(String.valueOf(refused.getMessage()).contains("cannot be told of this reader"));
    }
    EmbeddedEventStore.open(reader).close();
  }
}
