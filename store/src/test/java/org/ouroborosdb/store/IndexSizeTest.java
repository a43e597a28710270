package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** The bytes that the index takes for events of short titles without tags. */
class IndexSizeTest {
  private static final int EVENTS = 40_000;
  private static final int BATCH = 500;

  /** Before, the least length of a file that is written anew would be most of it. */
  private static final int FIRST_CHECK = 10_000;

  @TempDir private Path directory;

  @Test
  void the_index_never_takes_more_than_600_bytes_an_event() {
    StoreOptions options =
        StoreOptions.at(directory).withDurability(Durability.NONE).withProfile(Profile.SMALL);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId parent = store.append(NewEvent.root("parents").build());
      for (int events = 0; events < EVENTS; events += BATCH) {
        try (Transaction transaction = store.begin()) {
          for (int i = 0; i < BATCH; i++) {
            String title = "event " + (events + i);
            parent = i % 4 == 0 ? transaction.append(NewEvent.root(title).build()) : parent;
            transaction.append(NewEvent.child(parent).title(title).build());
          }
          transaction.commit();
        }
        store.checkpoint(); // each leaves most pages of the ids dead
        if (events >= FIRST_CHECK) {
          Statistics now = store.statistics();
          long each = now.indexBytes() / now.events();
          assertTrue(each <= 600, () -> each + " bytes an event after " + now.events());
        }
      }
    }
    try (EventStore store = EmbeddedEventStore.open(options)) {
      Statistics now = store.statistics();
      long each = now.indexBytes() / now.events();
      System.out.println("index: " + each + " bytes an event");
      assertTrue(each > 100 && each <= 300, () -> each + " bytes an event after a close");
    }
  }
}
