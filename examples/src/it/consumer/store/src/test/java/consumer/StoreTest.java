package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

class StoreTest {
  @TempDir Path directory;

  @Test
  void a_root_is_stored_and_read_back() {
    StoreOptions options = StoreOptions.at(directory.resolve("db"));
    try (EventStore store = EmbeddedEventStore.open(options);
        Transaction transaction = store.begin()) {
      EventId id =
          transaction.append(
              NewEvent.root("Papers").content(store.put(new byte[100_000])).build());
      transaction.commit();
      try (Snapshot snapshot = store.snapshot()) {
        assertEquals("Papers", snapshot.event(id).orElseThrow().title());
      }
    }
  }
}
