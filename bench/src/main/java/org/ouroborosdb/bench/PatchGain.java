package org.ouroborosdb.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * What new versions of files add, as an OVERWRITE whose chunks are stored once and as a PATCH, and
 * what reading them costs: the files that differ between two trees, and small edits of texts.
 */
public final class PatchGain {
  private static final int MOST_BYTES = 64 << 20;
  private static final int TEXTS = 300;
  private static final int READS = 5;

  /** Two contents of one file. */
  private record Pair(byte[] before, byte[] after) {}

  private PatchGain() {}

  /** Takes the directory to work in, a tree, and the same tree later. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Files.createDirectories(Path.of(arguments[0])).toRealPath();
    Path before = Path.of(arguments[1]);
    List<Path> files = TreeMaker.files(before);
    compare(directory, "changed files", changed(before, Path.of(arguments[2]), files));
    compare(directory, "edited texts", edited(files));
  }

  private static List<Pair> changed(Path before, Path after, List<Path> files) throws IOException {
    List<Pair> pairs = new ArrayList<>();
    for (Path file : files) {
      Path other = after.resolve(before.relativize(file));
      if (Files.isRegularFile(other)
          && Files.size(file) + Files.size(other) < MOST_BYTES
          && Files.mismatch(file, other) >= 0) {
        pairs.add(new Pair(Files.readAllBytes(file), Files.readAllBytes(other)));
      }
    }
    return pairs;
  }

  /** Takes texts of 10 to 200 KB and changes one to five places of each by up to 80 bytes. */
  private static List<Pair> edited(List<Path> files) throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<Pair> pairs = new ArrayList<>();
    for (Path file : files) {
      long size = Files.size(file);
      if (pairs.size() < TEXTS && size >= 10_000 && size <= 200_000) {
        byte[] text = Files.readAllBytes(file);
        if (new String(text, 0, 4000, StandardCharsets.ISO_8859_1).indexOf('\0') < 0) {
          pairs.add(new Pair(text, edit(text, random)));
        }
      }
    }
    return pairs;
  }

  private static byte[] edit(byte[] text, SplittableRandom random) {
    byte[] edited = text;
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int at = random.nextInt(edited.length);
      int removed = Math.min(edited.length - at, random.nextInt(80));
      byte[] added = Long.toString(random.nextLong(), 36).getBytes(StandardCharsets.US_ASCII);
      byte[] next = Arrays.copyOf(edited, edited.length - removed + added.length);
      System.arraycopy(added, 0, next, at, added.length);
      int rest = edited.length - at - removed;
      System.arraycopy(edited, at + removed, next, at + added.length, rest);
      edited = next;
    }
    return edited;
  }

  private static void compare(Path directory, String what, List<Pair> pairs) throws IOException {
    long bytes = pairs.stream().mapToLong(pair -> pair.after().length).sum();
    System.out.printf(Locale.ROOT, "%s: %d, %d bytes%n", what, pairs.size(), bytes);
    for (boolean patch : new boolean[] {false, true}) {
      Path path = Files.createTempDirectory(directory, "patch");
      try (EventStore store = EmbeddedEventStore.open(Forest.loose(path))) {
        EventId root = store.append(NewEvent.root("files").build());
        List<EventId> bases = new ArrayList<>();
        for (Pair pair : pairs) {
          NewEvent base = NewEvent.child(root).title("f").content(store.put(pair.before())).build();
          bases.add(store.append(base));
        }
        long start = cpu();
        long before = store.statistics().segmentBytes();
        List<EventId> versions = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
          versions.add(store.append(version(store, bases.get(i), pairs.get(i).after(), patch)));
        }
        long added = store.statistics().segmentBytes() - before;
        long written = cpu() - start;
        read(store, versions, pairs);
        start = cpu();
        for (int i = 0; i < READS; i++) {
          read(store, versions, pairs);
        }
        System.out.printf(
            Locale.ROOT,
            "  %-9s added %,12d bytes, cpu of writing %6.0f ms, of reading once %6.1f ms%n",
            patch ? "PATCH" : "OVERWRITE",
            added,
            written / 1e6,
            (cpu() - start) / 1e6 / READS);
      } finally {
        Forest.delete(path);
      }
    }
  }

  private static NewEvent version(EventStore store, EventId base, byte[] after, boolean patch) {
    return patch
        ? NewEvent.patch(base, new ByteArrayInputStream(after)).build()
        : NewEvent.overwrite(base).content(store.put(after)).build();
  }

  private static void read(EventStore store, List<EventId> versions, List<Pair> pairs) {
    try (Snapshot snapshot = store.snapshot()) {
      for (int i = 0; i < pairs.size(); i++) {
        EventRow row = snapshot.find(versions.get(i));
        byte[] content = snapshot.content(row).orElseThrow().readAll(MOST_BYTES);
        if (!Arrays.equals(content, pairs.get(i).after())) {
          throw new AssertionError("a content differs");
        }
      }
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
