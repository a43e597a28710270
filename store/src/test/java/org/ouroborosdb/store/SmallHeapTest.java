package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** What a store keeps in memory does not grow with what it holds: here it would fill the heap. */
class SmallHeapTest {
  @TempDir private Path directory;

  /** Fills a store in a JVM of its own. */
  static final class Filler {
    private static final int BATCH = 1_000;
    private static final int BATCHES = 50;
    private static final int FILES = 40;
    private static final int FILE_BYTES = 1 << 20;

    private Filler() {}

    /** Takes the directory and the profile. */
    public static void main(String[] arguments) throws IOException {
      StoreOptions options =
          StoreOptions.at(Path.of(arguments[0]))
              .withDurability(Durability.NONE)
              .withProfile(Profile.valueOf(arguments[1]));
      Random random = new Random(1);
      try (EventStore store = EmbeddedEventStore.open(options)) {
        EventId root = store.append(NewEvent.root("root").build());
        for (int batch = 0; batch < BATCHES; batch++) {
          try (Transaction transaction = store.begin()) {
            for (int i = 0; i < BATCH; i++) {
              transaction.append(NewEvent.child(root).title("event " + random.nextLong()).build());
            }
            transaction.commit();
          }
        }
        byte[] file = new byte[FILE_BYTES];
        for (int i = 0; i < FILES; i++) {
          random.nextBytes(file);
          StoredContent content = store.put(new ByteArrayInputStream(file));
          store.append(NewEvent.child(root).title("file " + i).content(content).build());
        }
        System.out.println("EVENTS " + store.statistics().events());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void fifty_thousand_events_and_forty_megabytes_are_stored_in_a_heap_of_20_megabytes(
      Profile profile) throws IOException {
    List<String> heap = List.of("-Xmx20m", "-XX:+UseSerialGC");
    try (ForkedJvm filler =
        new ForkedJvm(heap, Filler.class, directory.toString(), profile.name())) {
      long events = 1 + (long) Filler.BATCH * Filler.BATCHES + Filler.FILES;
      assertEquals("EVENTS " + events, filler.line());
    }
  }

  /** Puts versions of a file as PATCHes and reads them all, in a JVM of its own. */
  static final class Patcher {
    private static final int BLOCKS = 33;
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int VERSIONS = 3;

    private Patcher() {}

    /** A version of the file, made as it is read: in version n, a byte more in its n-th block. */
    private static final class FileVersion extends InputStream {
      private final int version;
      private int next;
      private InputStream now = InputStream.nullInputStream();

      FileVersion(int version) {
        this.version = version;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int count = now.read(target, offset, length);
        while (count < 0 && next < BLOCKS) {
          now = block(next, next + 1 == version ? 1 : 0);
          next++;
          count = now.read(target, offset, length);
        }
        return count;
      }
    }

    private static InputStream block(int seed, int more) {
      byte[] noise = new byte[BLOCK_BYTES + more];
      new SplittableRandom(seed).nextBytes(noise);
      return new ByteArrayInputStream(noise);
    }

    /** Takes the directory and the profile. */
    public static void main(String[] arguments) throws IOException {
      StoreOptions options =
          StoreOptions.at(Path.of(arguments[0])).withProfile(Profile.valueOf(arguments[1]));
      try (EventStore store = EmbeddedEventStore.open(options)) {
        EventId root = store.append(NewEvent.root("root").build());
        StoredContent first = store.put(new FileVersion(0));
        EventId last = store.append(NewEvent.child(root).title("file").content(first).build());
        List<EventId> ids = new ArrayList<>(List.of(last));
        for (int i = 1; i < VERSIONS; i++) {
          last = store.append(NewEvent.patch(last, new FileVersion(i)).build());
          ids.add(last);
        }
        try (Snapshot snapshot = store.snapshot()) {
          int patches = 0;
          for (int i = 0; i < VERSIONS; i++) {
            EventRow row = Objects.requireNonNull(snapshot.find(ids.get(i)));
            patches += row.type() == EventType.PATCH ? 1 : 0;
            try (InputStream read = snapshot.content(row).orElseThrow().stream();
                InputStream put = new FileVersion(i)) {
              requireEqual(put, read);
            }
          }
          System.out.println("READ " + VERSIONS + ", PATCHES " + (patches == VERSIONS - 1));
        }
      }
    }

    private static void requireEqual(InputStream expected, InputStream actual) throws IOException {
      byte[] bytes = new byte[1 << 16];
      int n;
      while ((n = expected.readNBytes(bytes, 0, bytes.length)) > 0) {
        if (!Arrays.equals(Arrays.copyOf(bytes, n), actual.readNBytes(n))) {
          throw new AssertionError("another content");
        }
      }
      if (actual.read() >= 0) {
        throw new AssertionError("a longer content");
      }
    }
  }

  @Test
  void patches_of_33_megabytes_are_put_and_read_in_a_heap_of_32() throws IOException {
    List<String> heap = List.of("-Xmx32m", "-XX:+UseSerialGC");
    try (ForkedJvm patcher =
        new ForkedJvm(heap, Patcher.class, directory.toString(), Profile.SERVER.name())) {
      assertEquals("READ " + Patcher.VERSIONS + ", PATCHES true", patcher.line());
    }
  }
}
