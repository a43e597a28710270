package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Whatever the sizes of what has expired, all of it goes, in transactions that can hold it. */
class ExpiryInPartsTest {
  @TempDir private Path directory;

  private static void addExpired(EventStore store, EventId root, int below) {
    try (Transaction transaction = store.begin()) {
      EventId top = transaction.append(NewEvent.child(root).temporary(5L).build());
      for (int i = 0; i < below; i++) {
        transaction.append(NewEvent.child(top).temporary(null).build());
      }
      transaction.commit();
    }
  }

  @Test
  void large_subtrees_end_a_transaction_and_the_next_goes_on() {
    try (EventStore store = EmbeddedEventStore.open(StoreOptions.inMemory())) {
      EventId root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < 4; i++) {
        addExpired(store, root, 1_200);
      }
      List<Long> reports = new ArrayList<>();
      long removed = store.expire(Cancellation.create(), (done, total) -> reports.add(done));
      assertEquals(4 * 1_201, removed);
      assertEquals(List.of(2_402L, 4_804L), reports);
      assertEquals(1, store.statistics().events());
    }
  }

  @Test
  void one_that_does_not_fit_behind_others_has_a_transaction_of_its_own() {
    StoreOptions options = StoreOptions.at(directory).withTransactionBytes(40_000);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = store.append(NewEvent.root("root").build());
      addExpired(store, root, 80);
      for (int part = 0; part < 2; part++) {
        addExpired(store, root, 100);
      }
      EventId top = store.append(NewEvent.child(root).temporary(5L).build());
      for (int i = 0; i < 480; i++) {
        store.append(NewEvent.child(top).temporary(null).build());
      }
      assertEquals(81 + 2 * 101 + 481, store.expire());
      assertEquals(1, store.statistics().events());
    }
  }

  @Test
  void an_index_of_many_events_is_built_anew_in_parts() {
    StoreOptions options =
        StoreOptions.at(directory).withProfile(Profile.SMALL).withDurability(Durability.NONE);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = store.append(NewEvent.root("root").build());
      for (int i = 0; i < 3; i++) {
        addExpired(store, root, 1_500);
      }
      store.put(new byte[100]);
      long events = store.statistics().events();
      store.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      assertEquals(events, store.statistics().events());
      assertTrue(store.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }
}
