package org.ouroborosdb.jdbc.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Entries that turn into something else between their being seen and read. */
final class ChangingTreeTest {
  private static final int FILES = 800; // more than an import reads ahead
  private static final int KINDS = 4;

  @TempDir private Path directory;
  private Path source;

  @BeforeEach
  void fill() throws IOException {
    source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(Files.createDirectory(directory.resolve("other")).resolve("secret"), "x");
    for (int i = 0; i < FILES; i++) {
      Files.writeString(source.resolve("f" + i), "content " + i);
    }
    for (int i = 0; i < KINDS; i++) {
      Files.writeString(Files.createDirectory(source.resolve("d" + i)).resolve("inner"), "y");
    }
  }

  /** Makes each file a pipe, a link, a directory, or nothing, and each directory a link or so. */
  private void turn() throws IOException, InterruptedException {
    List<String> mkfifo = new ArrayList<>(List.of("mkfifo"));
    for (int i = 0; i < FILES; i++) {
      Path file = source.resolve("f" + i);
      Files.delete(file);
      switch (i % KINDS) {
        case 0 -> mkfifo.add(file.toString());
        case 1 -> Files.createSymbolicLink(file, directory.resolve("other/secret"));
        case 2 -> Files.createDirectory(file);
        default -> assertFalse(Files.exists(file));
      }
    }
    assertEquals(0, new ProcessBuilder(mkfifo).start().waitFor());
    for (int i = 0; i < KINDS; i++) {
      Path dir = source.resolve("d" + i);
      Files.delete(dir.resolve("inner"));
      Files.delete(dir);
      switch (i) {
        case 0 -> Files.createSymbolicLink(dir, directory.resolve("other"));
        case 1 -> Files.writeString(dir, "now a file");
        case 2 -> Files.createDirectory(dir);
        default -> assertFalse(Files.exists(dir));
      }
    }
  }

  private ImportReport run(EventStore store, ProgressListener progress) throws IOException {
    return new TreeImport(store, false, Cancellation.create(), progress).run(source, "tree");
  }

  @Test
  @Timeout(60)
  void what_was_a_file_or_directory_and_is_none_is_named_and_nothing_else_is_read()
      throws IOException {
    AtomicBoolean turned = new AtomicBoolean();
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      ImportReport report =
          run(
              store,
              (done, total) -> {
                if (turned.compareAndSet(false, true)) {
                  try {
                    turn();
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                }
              });
      String skipped = String.join("\n", report.skipped());
      assertTrue(skipped.contains(": is no file any more"), skipped);
      assertTrue(skipped.contains(": does not exist"), skipped);
      assertTrue(skipped.contains("d0: is no directory"), skipped);
      assertTrue(skipped.contains("d1: is no directory"), skipped);
      assertTrue(skipped.contains("d3: does not exist"), skipped);
      assertEquals(1 + FILES + KINDS, report.added() + report.skipped().size() - 3);
      try (Snapshot snapshot = store.snapshot()) {
        assertEquals(0, snapshot.titled("secret").stream().count());
      }
      run(store, ProgressListener.NONE);
      assertEquals(0, run(store, ProgressListener.NONE).changed());
    }
  }
}
