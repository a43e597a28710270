package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** How long changed pages of the index wait in memory is for the profile to say. */
class ChangedPagesTest {
  private static final int EVENTS = 30_000;

  @TempDir private Path directory;

  @Test
  void a_server_keeps_changed_pages_until_a_checkpoint_whatever_its_cache() {
    assertTrue(Profile.SERVER.unsavedBytes() >= 32 << 20, "a heap of 256 MB is needed");
    StoreOptions options =
        StoreOptions.at(directory.resolve("db"))
            .withDurability(Durability.NONE)
            .withCacheBytes(1 << 20);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = store.append(NewEvent.root("root").build());
      store.checkpoint();
      long before = store.statistics().indexBytes();
      Random random = new Random(1);
      try (Transaction transaction = store.begin()) {
        for (int i = 0; i < EVENTS; i++) {
          String title = Long.toHexString(random.nextLong());
          transaction.append(NewEvent.child(root).title(title).build());
        }
        transaction.commit();
      }
      assertEquals(before, store.statistics().indexBytes());
    }
  }
}
