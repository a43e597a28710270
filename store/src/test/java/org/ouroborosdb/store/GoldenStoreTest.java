package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** A store that any format version wrote opens for ever, and gives what was put into it. */
class GoldenStoreTest {
  private static final Path GOLDEN = Path.of("src", "test", "resources", "golden");
  private static final List<String> VERSIONS = List.of("v1", "v2", "v3", "v3-rewritten");
  private static final byte[] TEXT = "new state".getBytes(StandardCharsets.UTF_8);
  private static final String EXPECTED = "expected.txt";

  @TempDir private Path directory;

  /** Writes the golden store and what it holds into a new directory, for a new format version. */
  public static void main(String[] arguments) throws IOException {
    Path made = Path.of(arguments[0]);
    StoreOptions options = StoreOptions.at(made).withProfile(Profile.SMALL);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      fill(store);
      fillAndRemove(store);
    }
    try (EventStore store = EmbeddedEventStore.open(options)) {
      ReclaimOptions all = ReclaimOptions.DEFAULT.withLeastDead(0);
      store.reclaim(all, Cancellation.create(), ProgressListener.NONE);
      EventId second = store.snapshot().roots().stream().toList().get(1).id();
      store.append(NewEvent.child(second).title("last").content(store.put(TEXT)).build());
    }
    try (EventStore store = EmbeddedEventStore.open(options.withReadOnly(true))) {
      Files.write(made.resolve(EXPECTED), describe(store));
    }
    Files.delete(made.resolve("LOCK"));
  }

  private static void fill(EventStore store) {
    EventId root =
        store.append(NewEvent.root("golden").metadata("{\"made\":\"v3\"}").tags("b", "a").build());
    EventId folder = store.append(NewEvent.child(root).title("folder \"ü\" 😀").build());
    Random random = new Random(1);
    EventId last = folder;
    for (int length : new int[] {0, 1, 20_000, 300_000}) {
      byte[] bytes = new byte[length];
      if (length == 20_000) {
        random.nextBytes(bytes);
      }
      last =
          store.append(
              NewEvent.child(folder)
                  .title(length + " bytes")
                  .mediaType("application/octet-stream")
                  .fullTextSearch(length == 1)
                  .content(store.put(bytes))
                  .build());
    }
    EventId a = store.append(NewEvent.overwrite(last).content(store.put(TEXT)).build());
    EventId b = store.append(NewEvent.overwrite(last).title("renamed").metadata("").build());
    store.append(NewEvent.overwrite(a).merges(List.of(b)).build());
    store.append(NewEvent.remove(folder).build());
    store.append(NewEvent.child(root).temporary(4_102_444_800_000_000_000L).tags("kept").build());
    EventId gone = store.append(NewEvent.child(root).temporary().title("gone").build());
    fillOneGroup(store, root);
    fillPatches(store, root);
    try (Transaction transaction = store.begin()) {
      transaction.append(NewEvent.root("second").build());
      transaction.append(NewEvent.child(gone).temporary().build());
      transaction.deleteTemporary(List.of(gone));
      transaction.commit();
    }
  }

  /** Appends events whose chunks lie in two groups, one of them compressed. */
  private static void fillOneGroup(EventStore store, EventId root) {
    Random random = new Random(2);
    try (Transaction transaction = store.begin()) {
      for (int i = 0; i < 5; i++) {
        byte[] bytes = new byte[1_500 + i];
        random.nextBytes(bytes);
        NewEvent.Builder event = NewEvent.child(root).title("member " + i);
        event.metadata("{\"kind\":\"member of a group\",\"number\":" + i + "}");
        transaction.append(event.content(store.put(bytes)).build());
      }
      transaction.commit();
    }
  }

  /** Appends PATCHes of one window and of several, one of them standing on another. */
  private static void fillPatches(EventStore store, EventId root) {
    Random random = new Random(3);
    for (int length : new int[] {3_000, 600_000}) {
      byte[] bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) random.nextInt(2);
      }
      EventId version =
          store.append(NewEvent.child(root).title("edited").content(store.put(bytes)).build());
      for (int edit = 0; edit < 3; edit++) {
        for (int i = 0; i < 20; i++) {
          bytes[length / 3 * edit + i]++;
        }
        InputStream edited = new ByteArrayInputStream(bytes);
        version = store.append(NewEvent.patch(version, edited).tags("edit " + edit).build());
      }
    }
  }

  /** Appends events in one batch with others that are removed, so that all kinds are written. */
  private static void fillAndRemove(EventStore store) {
    Random random = new Random(4);
    EventId second = store.snapshot().roots().stream().toList().get(1).id();
    try (Transaction transaction = store.begin()) {
      for (int i = 0; i < 6; i++) {
        byte[] bytes = new byte[900 + i];
        random.nextBytes(bytes);
        NewEvent.Builder event = NewEvent.child(second).content(store.put(bytes));
        transaction.append(i % 2 == 0 ? event.temporary(5L).build() : event.title("kept").build());
      }
      transaction.commit();
    }
    EventId top = store.append(NewEvent.child(second).temporary(6L).build());
    store.append(NewEvent.child(top).temporary().metadata("{}").build());
    store.expire();
  }

  private static List<String> describe(EventStore store) {
    List<String> lines = new ArrayList<>();
    try (Snapshot snapshot = store.snapshot()) {
      for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
        Event event = snapshot.event(row.id()).orElseThrow();
        lines.add("event " + row.seq() + " " + event);
        lines.add("place " + row.parentSeq() + " " + row.rootSeq() + " " + row.depth());
        lines.add("heads " + snapshot.heads(row.baseSeq()).stream().map(EventRow::seq).toList());
        lines.add("metadata " + snapshot.effectiveMetadata(row).orElse("-"));
        lines.add("content " + hash(snapshot, row));
      }
      lines.add("events " + snapshot.eventCount() + " seq " + snapshot.seq());
    }
    return lines;
  }

  private static String hash(Snapshot snapshot, EventRow row) {
    try {
      byte @Nullable [] bytes =
          snapshot.content(row).map(content -> content.readAll(1 << 20)).orElse(null);
      return bytes == null
          ? "-"
          : HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Path copy(String version, String name, boolean withIndex) throws IOException {
    Path copy = Files.createDirectories(directory.resolve(version + " " + name));
    try (Stream<Path> files = Files.list(GOLDEN.resolve(version))) {
      for (Path file : files.toList()) {
        String fileName = Objects.requireNonNull(file.getFileName()).toString();
        boolean index = fileName.startsWith("index") || fileName.equals("CHECKPOINT");
        if (!fileName.equals(EXPECTED) && (withIndex || !index)) {
          Files.copy(file, copy.resolve(fileName));
        }
      }
    }
    return copy;
  }

  private void check(String name, boolean withIndex, boolean readOnly) throws IOException {
    for (String version : VERSIONS) {
      Path copy = copy(version, name, withIndex);
      StoreOptions options = StoreOptions.at(copy).withReadOnly(readOnly);
      try (EventStore store = EmbeddedEventStore.open(options)) {
        Path expected = GOLDEN.resolve(version).resolve(EXPECTED);
        assertEquals(Files.readAllLines(expected), describe(store));
        VerifyReport report = store.verify(Cancellation.create(), ProgressListener.NONE);
        assertTrue(report.isSound(), () -> report.damages().toString());
      }
    }
  }

  @Test
  void the_golden_store_reads_the_same_for_ever() throws IOException {
    check("read only", true, true);
    check("writable", true, false);
  }

  @Test
  void the_segments_of_the_golden_store_are_enough() throws IOException {
    check("read only", false, true);
    check("writable", false, false);
  }

  @Test
  void the_golden_store_takes_new_events_and_reads_the_same_after_that() throws IOException {
    for (String version : VERSIONS) {
      Path copy = copy(version, "grown", true);
      EventId root;
      try (EventStore store = EmbeddedEventStore.open(StoreOptions.at(copy))) {
        root = store.append(NewEvent.root("new").metadata("a").content(store.put(TEXT)).build());
        assertEquals(3, store.statistics().roots());
      }
      StoreOptions options = StoreOptions.at(copy).withReadOnly(true);
      try (EventStore store = EmbeddedEventStore.open(options);
          Snapshot snapshot = store.snapshot()) {
        EventRow row = Objects.requireNonNull(snapshot.find(root));
        assertArrayEquals(TEXT, snapshot.content(row).orElseThrow().readAll(1 << 20));
        assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
      }
    }
  }
}
