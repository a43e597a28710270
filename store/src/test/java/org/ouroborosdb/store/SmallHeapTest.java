package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
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
}
