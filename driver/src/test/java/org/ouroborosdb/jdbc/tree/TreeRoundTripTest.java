package org.ouroborosdb.jdbc.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A directory tree goes in and comes out the same; hostile titles stay inside. */
class TreeRoundTripTest {
  @TempDir private Path directory;
  private EventStore store;
  private Path source;

  @BeforeEach
  void open() throws IOException {
    store = EmbeddedEventStore.open(StoreOptions.inMemory());
    source = Files.createDirectory(directory.resolve("source"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ImportReport importTree() throws IOException {
    return new TreeImport(store, false, Cancellation.create(), ProgressListener.NONE)
        .run(source, "tree");
  }

  private ExportReport export(EventId id, Path target) throws IOException {
    try (Snapshot snapshot = store.snapshot()) {
      return new TreeExport(snapshot, Cancellation.create(), ProgressListener.NONE)
          .run(Objects.requireNonNull(snapshot.find(id)), target);
    }
  }

  /** Sets a time clearly before the import, as files have that nobody is writing. */
  private static void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-02T03:04:05.678901234Z")));
  }

  private static Map<String, String> listing(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.toList()) {
        String kind =
            Files.isSymbolicLink(file)
                ? "link to " + Files.readSymbolicLink(file)
                : Files.isDirectory(file)
                    ? "directory"
                    : Arrays.hashCode(Files.readAllBytes(file))
                        + " "
                        + Files.getLastModifiedTime(file)
                        + " "
                        + Files.getPosixFilePermissions(file);
        found.put(root.relativize(file).toString(), kind);
      }
    }
    return found;
  }

  @Test
  void names_of_all_sorts_and_links_come_back() throws IOException {
    Random random = new Random(3);
    for (String name :
        new String[] {"a'b\"c", "x:y%z", "new\nline", "\ud83d\ude00.txt", " ", "-"}) {
      byte[] bytes = new byte[random.nextInt(200_000)];
      random.nextBytes(bytes);
      write(source.resolve(name), bytes);
    }
    write(source.resolve("empty"), new byte[0]);
    Path inner = Files.createDirectories(source.resolve("d/e/f"));
    write(inner.resolve("deep"), new byte[] {1});
    Files.createSymbolicLink(source.resolve("inside"), Path.of("d/e"));
    Files.createSymbolicLink(source.resolve("outside"), Path.of("/nowhere/at/all"));
    ImportReport report = importTree();
    assertTrue(report.skipped().isEmpty(), () -> report.skipped().toString());
    ExportReport exported = export(report.root(), directory.resolve("out"));
    assertTrue(exported.renamed().isEmpty() && exported.failed().isEmpty());
    assertEquals(listing(source), listing(directory.resolve("out")));
  }

  @Test
  void permissions_come_back_also_those_that_the_umask_takes() throws IOException {
    assumeTrue(source.getFileSystem().supportedFileAttributeViews().contains("posix"));
    List<String> modes = List.of("rw-r--r--", "rw-rw-rw-", "rwxrwxrwx", "rw-------", "r--r-----");
    for (int i = 0; i < 3 * modes.size(); i++) {
      Path file = source.resolve("f" + i);
      write(file, new byte[] {(byte) i});
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString(modes.get(i % modes.size())));
    }
    Path target = directory.resolve("target");
    export(importTree().root(), target);
    for (int i = 0; i < 3 * modes.size(); i++) {
      assertEquals(
          modes.get(i % modes.size()),
          PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("f" + i))));
    }
  }

  @Test
  void a_second_import_adds_only_what_changed() throws IOException {
    write(source.resolve("same"), new byte[100]);
    write(source.resolve("changed"), new byte[100]);
    write(source.resolve("gone"), new byte[100]);
    Files.createDirectories(source.resolve("dir/sub"));
    write(source.resolve("dir/sub/file"), new byte[7]);
    assertEquals(7, importTree().added());
    ImportReport nothing = importTree();
    assertEquals(0, nothing.added() + nothing.changed() + nothing.removed());
    assertEquals(0, nothing.bytesRead());
    write(source.resolve("changed"), new byte[101]);
    Files.delete(source.resolve("gone"));
    Files.delete(source.resolve("dir/sub/file"));
    Files.delete(source.resolve("dir/sub"));
    write(source.resolve("new"), new byte[5]);
    ImportReport report = importTree();
    assertEquals(1, report.added());
    assertEquals(3, report.removed());
    export(report.root(), directory.resolve("out"));
    Map<String, String> expected = listing(source);
    assertEquals(expected, listing(directory.resolve("out")));
    write(source.resolve("gone"), new byte[3]);
    importTree();
    export(report.root(), directory.resolve("again"));
    assertEquals(listing(source), listing(directory.resolve("again")));
  }

  @Test
  void a_directory_that_becomes_a_file_loses_its_children() throws IOException {
    Files.createDirectories(source.resolve("x/y"));
    write(source.resolve("x/y/z"), new byte[3]);
    importTree();
    Files.delete(source.resolve("x/y/z"));
    Files.delete(source.resolve("x/y"));
    Files.delete(source.resolve("x"));
    write(source.resolve("x"), new byte[4]);
    ImportReport report = importTree();
    export(report.root(), directory.resolve("out"));
    assertEquals(listing(source), listing(directory.resolve("out")));
  }

  @Test
  void a_thousand_levels_come_back() throws IOException {
    Path at = source;
    for (int i = 0; i < 1000; i++) {
      at = Files.createDirectory(at.resolve("d"));
    }
    write(at.resolve("f"), new byte[] {9});
    ImportReport report = importTree();
    assertEquals(1002, report.added());
    export(report.root(), directory.resolve("out"));
    Path leaf = directory.resolve("out").resolve(source.relativize(at)).resolve("f");
    assertArrayEquals(new byte[] {9}, Files.readAllBytes(leaf));
    // The cleaner of temporary directories needs a minute for so deep a tree.
    for (Path file = leaf;
        !file.equals(directory.resolve("out"));
        file = Objects.requireNonNull(file.getParent())) {
      Files.delete(file);
    }
    for (Path file = at.resolve("f");
        !file.equals(source);
        file = Objects.requireNonNull(file.getParent())) {
      Files.delete(file);
    }
  }

  @Test
  void hostile_titles_stay_inside_and_are_listed() throws IOException {
    EventId root = store.append(NewEvent.root("evil").build());
    byte[] bytes = {1};
    String[] titles = {
      "..", ".", "../../up", "/etc/passwd", "nul\0", "x".repeat(300), "same", "same"
    };
    for (String title : titles) {
      store.append(NewEvent.child(root).title(title).content(store.put(bytes)).build());
    }
    String link = "{\"kind\":\"link\",\"modified\":\"2026-01-01T00:00:00Z\",\"target\":\"..\"}";
    EventId way = store.append(NewEvent.child(root).title("way").metadata(link).build());
    store.append(NewEvent.child(way).title("through").content(store.put(bytes)).build());
    Path out = directory.resolve("jail/out");
    ExportReport report = export(root, out);
    assertEquals(7, report.renamed().size(), () -> report.renamed().toString());
    try (Stream<Path> beside = Files.list(directory.resolve("jail"))) {
      assertEquals(1, beside.count());
    }
    try (Stream<Path> inside = Files.list(out)) {
      assertEquals(9, inside.count());
    }
  }

  @Test
  void an_export_never_writes_into_what_is_there() throws IOException {
    EventId root = store.append(NewEvent.root("r").build());
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.write(full.resolve("mine"), new byte[1]);
    assertThrows(IOException.class, () -> export(root, full));
  }

  @Test
  void a_cancelled_import_leaves_what_was_committed() throws IOException {
    for (int i = 0; i < 50; i++) {
      write(source.resolve("f" + i), new byte[i]);
    }
    Cancellation cancellation = Cancellation.create();
    TreeImport stopped =
        new TreeImport(store, false, cancellation, (done, total) -> cancellation.cancel());
    assertThrows(StoreException.class, () -> stopped.run(source, "tree"));
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    importTree();
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(
          50, snapshot.children(snapshot.roots("tree").first().orElseThrow().seq()).count());
    }
  }
}
