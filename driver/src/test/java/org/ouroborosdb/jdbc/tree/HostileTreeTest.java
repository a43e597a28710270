package org.ouroborosdb.jdbc.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Trees that are odd, broken, or change under the import. */
final class HostileTreeTest {
  private static final EventId SOME_ID = EventId.parse("0123456789abcdef".repeat(8));

  @TempDir private Path directory;
  private EventStore store;
  private Path source;
  private int exports;

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
    return importTree(false, (done, total) -> {});
  }

  private ImportReport importTree(boolean rehash, ProgressListener progress) throws IOException {
    return new TreeImport(store, rehash, Cancellation.create(), progress).run(source, "tree");
  }

  private Path export() throws IOException {
    Path target = directory.resolve("out" + exports++);
    ExportReport report = exportTo(target);
    assertEquals(List.of(), report.failed());
    return target;
  }

  private ExportReport exportTo(Path target) throws IOException {
    try (Snapshot snapshot = store.snapshot()) {
      return new TreeExport(snapshot, Cancellation.create(), ProgressListener.NONE)
          .run(Objects.requireNonNull(snapshot.roots("tree").first().orElse(null)), target);
    }
  }

  /** Returns the names in a directory, byte for byte. */
  private static Set<String> rawNames(Path directory) throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(file -> names.add(file.toUri().getRawPath().replaceFirst(".*/(?=.)", "")));
    }
    return names;
  }

  private Path rawFile(String percentEncoded) {
    return source.resolve(
        Objects.requireNonNull(Path.of(URI.create("file:///" + percentEncoded)).getFileName()));
  }

  private static void assertNothingNew(ImportReport report) {
    assertEquals(0, report.added() + report.changed() + report.removed(), report::toString);
  }

  @Test
  void names_that_are_no_text_come_back_byte_for_byte() throws IOException {
    for (String name : List.of("a%FF", "a%FE", "%ED%A0%80", "caf%C3%A9", "a%25FF", "%EF%BF%BD")) {
      Files.writeString(rawFile(name), name);
    }
    Path inner = Files.createDirectory(rawFile("d%C3"));
    Files.writeString(inner.resolve("f"), "inner");
    Files.createSymbolicLink(source.resolve("link"), rawFile("nowhere%C0"));
    Files.createSymbolicLink(source.resolve("relative"), Path.of("..").resolve("x"));
    assertEquals(11, importTree().added());
    assertNothingNew(importTree());
    Path out = export();
    assertEquals(rawNames(source), rawNames(out));
    assertEquals(
        Files.readSymbolicLink(source.resolve("link")).toUri(),
        Files.readSymbolicLink(out.resolve("link")).toUri());
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = out.resolve(Objects.requireNonNull(file.getFileName()));
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(copy));
      }
    }
    Files.delete(rawFile("a%FF"));
    assertEquals(1, importTree().removed());
    assertEquals(rawNames(source), rawNames(export()));
  }

  @Test
  void raw_names_of_somebody_elses_making_stay_inside() throws IOException {
    var root = store.append(NewEvent.root("tree").build());
    for (String name :
        List.of("..", "%2E%2E", "..%2Fx%FF", "%2Ftmp%2Fx%FF", "a%00%FF", "%zz", "")) {
      String json = "{\"kind\":\"file\",\"modified\":\"2026-01-01T00:00:00Z\",\"name\":\"NAME\"}";
      store.append(
          NewEvent.child(root)
              .title("title")
              .metadata(json.replace("NAME", name))
              .content(store.put(new byte[1]))
              .build());
    }
    Path jail = directory.resolve("jail");
    exportTo(jail.resolve("out"));
    assertEquals(Set.of("out/"), rawNames(jail));
    assertEquals(7, rawNames(jail.resolve("out")).size());
  }

  @Test
  void names_that_differ_in_case_or_normalisation_only_come_back() throws IOException {
    for (String name : List.of("Case", "case", "caf\u00e9", "cafe\u0301")) {
      Files.writeString(source.resolve(name), name);
    }
    assumeTrue(rawNames(source).size() == 4, "the file system tells them from each other");
    assertEquals(5, importTree().added());
    ExportReport report = exportTo(directory.resolve("out"));
    assertEquals(List.of(), report.renamed());
    assertEquals(rawNames(source), rawNames(directory.resolve("out")));
  }

  @Test
  void names_that_the_target_does_not_tell_from_each_other_are_all_kept() throws IOException {
    List<String> names = List.of("Case", "case", "caf\u00e9", "cafe\u0301");
    for (boolean byCase : List.of(false, true)) {
      for (boolean byNormalisation : List.of(false, true)) {
        NamesTold told = new NamesTold(byCase, byNormalisation);
        FileNames given = new FileNames(told);
        Set<String> folded = new TreeSet<>();
        int renamed = 0;
        for (String name : names) {
          String kept = given.name(name, SOME_ID);
          renamed += kept.equals(name) ? 0 : 1;
          assertTrue(folded.add(told.folded(kept)), kept);
        }
        assertEquals((byCase ? 0 : 1) + (byNormalisation ? 0 : 1), renamed);
      }
    }
  }

  @Test
  void a_target_that_cannot_be_written_to_is_named() throws IOException {
    importTree();
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeTrue(!Files.isWritable(closed), "the superuser writes everywhere");
    IOException failure = assertThrows(IOException.class, () -> exportTo(closed));
    assertEquals(closed + ": permission denied", FileProblem.text(failure));
  }

  @Test
  void times_before_1970_come_back_to_the_second() throws IOException {
    List<Instant> moments =
        List.of(
            Instant.parse("1938-04-24T22:13:19.876543211Z"),
            Instant.parse("1969-12-31T23:59:59.999999999Z"),
            Instant.parse("1969-12-31T23:59:58Z"),
            Instant.EPOCH,
            Instant.parse("2128-06-11T08:53:20.987654321Z"));
    var root = store.append(NewEvent.root("tree").build());
    for (int i = 0; i < moments.size(); i++) {
      for (String kind : List.of("file", "link")) {
        NewEvent.Builder event =
            NewEvent.child(root).title(kind + i).metadata(metadata(kind, moments.get(i)));
        store.append((kind.equals("file") ? event.content(store.put(new byte[1])) : event).build());
      }
    }
    Path out = export();
    for (int i = 0; i < moments.size(); i++) {
      for (String kind : List.of("file", "link")) {
        FileTime time = Files.getLastModifiedTime(out.resolve(kind + i), LinkOption.NOFOLLOW_LINKS);
        assertEquals(moments.get(i).getEpochSecond(), time.toInstant().getEpochSecond(), kind + i);
      }
    }
  }

  private static String metadata(String kind, Instant modified) {
    return "{\"kind\":\"KIND\",\"modified\":\"MODIFIED\",\"target\":\"away\"}"
        .replace("KIND", kind)
        .replace("MODIFIED", modified.toString());
  }

  @Test
  void files_and_directories_that_their_owner_may_not_read_come_back() throws IOException {
    var root = store.append(NewEvent.root("tree").build());
    for (String mode : List.of("---------", "-w-------", "--x--x--x")) {
      String time = "\"modified\":\"2026-01-01T00:00:00Z\",\"mode\":\"" + mode + "\"}";
      store.append(
          NewEvent.child(root)
              .title("file " + mode)
              .metadata("{\"kind\":\"file\"," + time)
              .content(store.put(new byte[1]))
              .build());
      String directoryTime = "{\"kind\":\"directory\"," + time;
      store.append(NewEvent.child(root).title("directory " + mode).metadata(directoryTime).build());
    }
    Path out = export();
    try (Stream<Path> files = Files.list(out)) {
      for (Path file : files.toList()) {
        assertTrue(
            file.toString()
                .endsWith(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))));
        assertEquals(
            Instant.parse("2026-01-01T00:00:00Z"), Files.getLastModifiedTime(file).toInstant());
        if (Files.isDirectory(file)) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        }
      }
    }
  }

  @Test
  void pipes_are_named_and_links_in_circles_are_only_recorded() throws Exception {
    Process mkfifo = new ProcessBuilder("mkfifo", source.resolve("fifo").toString()).start();
    assumeTrue(mkfifo.waitFor(10, TimeUnit.SECONDS) && mkfifo.exitValue() == 0);
    Files.createSymbolicLink(source.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(source.resolve("b"), Path.of("a"));
    Files.createSymbolicLink(source.resolve("self"), Path.of("."));
    ImportReport report = importTree();
    assertEquals(
        List.of(source.toRealPath().resolve("fifo") + ": neither file, directory nor link"),
        report.skipped());
    assertEquals(4, report.added());
    assertEquals(Path.of("."), Files.readSymbolicLink(export().resolve("self")));
  }

  @Test
  void a_directory_that_cannot_be_read_is_named_and_what_was_in_it_stays() throws IOException {
    Path closed = Files.createDirectory(source.resolve("closed"));
    Files.writeString(closed.resolve("file"), "x");
    importTree();
    Files.setPosixFilePermissions(closed, Set.of());
    assumeTrue(!Files.isReadable(closed), "the superuser reads everything");
    ImportReport report = importTree();
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    assertEquals(0, report.removed());
    assertTrue(report.skipped().get(0).endsWith("closed: permission denied"));
  }

  @Test
  void hard_links_share_their_bytes() throws IOException {
    Files.write(source.resolve("one"), new byte[100_000]);
    Files.createLink(source.resolve("two"), source.resolve("one"));
    importTree();
    Path out = export();
    assertEquals(-1, Files.mismatch(out.resolve("one"), out.resolve("two")));
  }

  @Test
  void files_that_vanish_or_grow_meanwhile_leave_a_sound_store() throws IOException {
    for (int i = 0; i < 300; i++) {
      Files.writeString(source.resolve("f" + i), "content " + i);
    }
    ImportReport report =
        importTree(
            false,
            (done, total) -> {
              try {
                for (int i = 150; i < 300; i++) {
                  Files.deleteIfExists(source.resolve("f" + i));
                }
                Files.writeString(source.resolve("f0"), "now it is longer than it was");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertTrue(report.skipped().stream().allMatch(line -> line.endsWith(": does not exist")));
    assertEquals(301, report.added() + report.skipped().size());
    assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    importTree();
    Path out = export();
    assertEquals(rawNames(source), rawNames(out));
    assertEquals(-1, Files.mismatch(source.resolve("f0"), out.resolve("f0")));
  }

  /** Size and modification time can be set back; the time of the last change cannot. */
  @Test
  void a_file_rewritten_with_its_old_size_and_time_is_noticed() throws IOException {
    Path file = Files.writeString(source.resolve("f"), "before");
    FileTime time = Files.getLastModifiedTime(file);
    importTree();
    Files.writeString(file, "behind");
    Files.setLastModifiedTime(file, time);
    assertEquals(1, importTree().changed());
    assertEquals("behind", Files.readString(export().resolve("f")));
  }

  @Test
  void unchanged_files_are_not_read_unless_asked() throws IOException {
    Path file = Files.write(source.resolve("f"), new byte[1000]);
    importTree();
    ImportReport again = importTree();
    assertNothingNew(again);
    assertEquals(0, again.bytesRead());
    ImportReport rehashed = importTree(true, ProgressListener.NONE);
    assertNothingNew(rehashed);
    assertEquals(1000, rehashed.bytesRead());
    Path copy =
        Files.copy(file, source.resolve("g"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    ImportReport replaced = importTree();
    assertEquals(1000, replaced.bytesRead(), "another inode is read");
    assertEquals(0, replaced.added() + replaced.removed());
  }

  @Test
  void a_name_may_be_a_file_a_directory_a_link_and_gone_in_turn() throws IOException {
    Path it = source.resolve("it");
    Files.writeString(it, "file");
    importTree();
    Files.delete(it);
    Files.createDirectory(it);
    Files.writeString(it.resolve("in"), "inner");
    importTree();
    assertEquals("inner", Files.readString(export().resolve("it/in")));
    Files.delete(it.resolve("in"));
    Files.delete(it);
    Files.createSymbolicLink(it, Path.of("away"));
    importTree();
    assertEquals(Path.of("away"), Files.readSymbolicLink(export().resolve("it")));
    Files.delete(it);
    assertEquals(1, importTree().removed());
    assertFalse(Files.exists(export().resolve("it")));
    Files.writeString(it, "back");
    assertEquals(0, importTree().added(), "the same base has a new version");
    assertEquals("back", Files.readString(export().resolve("it")));
    try (Snapshot snapshot = store.snapshot()) {
      assertEquals(1, snapshot.children(1).count());
    }
  }

  @Test
  void another_tree_of_the_same_title_takes_its_place() throws IOException {
    Files.writeString(source.resolve("first"), "1");
    importTree();
    source = Files.createDirectory(directory.resolve("other"));
    Files.writeString(source.resolve("second"), "2");
    ImportReport report = importTree();
    assertEquals(1, report.added());
    assertEquals(1, report.removed());
    assertEquals(Set.of("second"), rawNames(export()));
  }

  @Test
  void an_export_follows_no_link_and_writes_into_nothing_that_is_there() throws IOException {
    Files.writeString(source.resolve("f"), "x");
    importTree();
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), elsewhere);
    assertThrows(IOException.class, () -> exportTo(link));
    Path file = Files.writeString(directory.resolve("file"), "mine");
    assertThrows(IOException.class, () -> exportTo(file));
    assertEquals("mine", Files.readString(file));
    Path full = Files.createDirectory(directory.resolve("full"));
    Files.createSymbolicLink(full.resolve("f"), file);
    assertThrows(IOException.class, () -> exportTo(full));
    assertEquals(Set.of(), rawNames(elsewhere));
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void the_database_that_lies_in_the_tree_is_left_out() throws IOException {
    Path db = source.resolve("db");
    Files.writeString(source.resolve("f"), "x");
    try (EventStore inside = EmbeddedEventStore.open(StoreOptions.at(db))) {
      ImportReport report =
          new TreeImport(inside, false, Cancellation.create(), ProgressListener.NONE)
              .leavingOut(List.of(db))
              .run(source, "tree");
      assertEquals(2, report.added());
      TreeImport itself =
          new TreeImport(inside, false, Cancellation.create(), ProgressListener.NONE);
      assertThrows(IOException.class, () -> itself.leavingOut(List.of(db)).run(db, "db"));
    }
  }

  @Test
  void a_damaged_file_does_not_keep_the_others_from_being_exported() throws IOException {
    store.close();
    byte[] bytes = new byte[5000];
    new java.util.Random(7).nextBytes(bytes);
    Files.write(source.resolve("bad"), bytes);
    Files.writeString(source.resolve("good"), "good");
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    store = EmbeddedEventStore.open(options);
    importTree();
    store.close();
    try (Stream<Path> files = Files.walk(directory.resolve("db"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        flip(file, bytes);
      }
    }
    store = EmbeddedEventStore.open(options);
    Path out = directory.resolve("out");
    ExportReport report = exportTo(out);
    assertEquals(1, report.failed().size(), () -> report.failed().toString());
    assertEquals(Set.of("good"), rawNames(out));
  }

  private static void flip(Path segment, byte[] content) throws IOException {
    byte[] all = Files.readAllBytes(segment);
    for (int at = 0; at + content.length <= all.length; at++) {
      if (java.util.Arrays.equals(all, at, at + 100, content, 0, 100)) {
        all[at + 50] ^= 1;
        Files.write(segment, all);
        return;
      }
    }
    throw new AssertionError("the content is not found in " + segment);
  }

  @Test
  @Tag("deep")
  void a_hundred_thousand_siblings_come_back() throws IOException {
    for (int i = 0; i < 100_000; i++) {
      Files.createFile(source.resolve("f" + i));
    }
    assertEquals(100_001, importTree().added());
    assertNothingNew(importTree());
    assertEquals(rawNames(source), rawNames(export()));
  }
}
