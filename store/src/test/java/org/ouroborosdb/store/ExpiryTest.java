package org.ouroborosdb.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Temporary events whose time has come are removed, on request or in the background. */
class ExpiryTest {
  private static final long LATE = Long.MAX_VALUE;

  @TempDir private Path directory;

  private static EventId child(EventStore store, EventId parent, @Nullable Long expiresAt) {
    return store.append(NewEvent.child(parent).title("t").temporary(expiresAt).build());
  }

  private EventStore open() {
    return EmbeddedEventStore.open(StoreOptions.at(directory));
  }

  @Test
  void what_has_expired_goes_with_its_subtree_and_nothing_else_does() {
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("root").build());
      EventId gone = child(store, root, 5L);
      EventId below = child(store, gone, LATE);
      EventId later = child(store, root, LATE);
      EventId never = child(store, root, null);
      try (Snapshot before = store.snapshot()) {
        assertEquals(2, store.expire());
        assertNotNull(before.find(below));
      }
      try (Snapshot after = store.snapshot()) {
        assertNull(after.find(gone));
        assertNull(after.find(below));
        assertNotNull(after.find(later));
        assertNotNull(after.find(never));
      }
      assertEquals(0, store.expire());
    }
    try (EventStore again = open()) {
      again.rebuildIndex(Cancellation.create(), ProgressListener.NONE);
      assertEquals(3, again.statistics().events());
      assertTrue(again.verify(Cancellation.create(), ProgressListener.NONE).isSound());
    }
  }

  @Test
  void many_go_in_several_transactions_and_a_cancelled_call_keeps_what_it_removed() {
    try (EventStore store = open()) {
      EventId root = store.append(NewEvent.root("root").build());
      try (Transaction transaction = store.begin()) {
        for (int i = 0; i < 5_000; i++) {
          transaction.append(NewEvent.child(root).temporary((long) i).build());
        }
        transaction.commit();
      }
      Cancellation cancellation = Cancellation.create();
      StoreException cancelled =
          assertThrows(
              StoreException.class,
              () -> store.expire(cancellation, (done, total) -> cancellation.cancel()));
      assertEquals(ErrorCode.CANCELLED, cancelled.code());
      long left = store.statistics().events() - 1;
      assertTrue(left > 0 && left < 5_000, () -> left + " are left");
      assertEquals(left, store.expire());
      assertEquals(1, store.statistics().events());
    }
  }

  @Test
  void a_subtree_that_no_transaction_can_hold_goes_in_parts() {
    StoreOptions options = StoreOptions.at(directory).withTransactionBytes(4_000);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = store.append(NewEvent.root("root").build());
      EventId top = child(store, root, 5L);
      for (int i = 0; i < 200; i++) {
        child(store, top, null);
      }
      assertEquals(201, store.expire());
      assertEquals(1, store.statistics().events());
    }
  }

  @Test
  void a_background_thread_removes_if_asked_for_and_ends_with_the_store()
      throws InterruptedException {
    StoreOptions options = StoreOptions.at(directory).withCleanupMillis(1);
    try (EventStore store = EmbeddedEventStore.open(options)) {
      EventId root = store.append(NewEvent.root("root").build());
      child(store, root, 5L);
      CountDownLatch polls = new CountDownLatch(1_000);
      while (store.statistics().events() > 1 && polls.getCount() > 0) {
        polls.countDown();
        assertTrue(!polls.await(10, TimeUnit.MILLISECONDS));
      }
      assertEquals(1, store.statistics().events());
      assertTrue(hasThread());
    }
    for (int i = 0; hasThread() && i < 1_000; i++) {
      assertTrue(!new CountDownLatch(1).await(10, TimeUnit.MILLISECONDS));
    }
    assertTrue(!hasThread());
  }

  private static boolean hasThread() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("ouroboros-cleanup"));
  }
}
