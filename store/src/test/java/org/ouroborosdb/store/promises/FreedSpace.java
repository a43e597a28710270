package org.ouroborosdb.store.promises;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.Transaction;

/** What is removed from a store and freed, so that its segments are written anew, twice. */
final class FreedSpace {
  private static final int MOST_CONTENT_BYTES = 700;
  private static final long EXPIRED = 5;

  private FreedSpace() {}

  /** Appends an event that stays, in one batch with one that goes, and more that go. */
  static EventId append(EventStore store, EventId root, Random random) {
    EventId stays;
    try (Transaction transaction = store.begin()) {
      transaction.append(temporary(store, root, random).temporary(EXPIRED).build());
      stays = transaction.append(temporary(store, root, random).title("stays").build());
      transaction.append(temporary(store, root, random).temporary().title("goes").build());
      transaction.commit();
    }
    EventId top = store.append(temporary(store, root, random).temporary(EXPIRED).build());
    store.append(temporary(store, top, random).temporary().build());
    return stays;
  }

  private static NewEvent.Builder temporary(EventStore store, EventId parent, Random random) {
    byte[] bytes = new byte[random.nextInt(MOST_CONTENT_BYTES)];
    random.nextBytes(bytes);
    return NewEvent.child(parent).content(store.put(bytes));
  }

  /** Removes what goes in two steps, frees its space after each, and appends one more event. */
  static EventId free(Supplier<EventStore> open, EventId root) {
    try (EventStore store = open.get()) {
      store.expire();
    }
    reclaim(open);
    try (EventStore store = open.get()) {
      try (Transaction transaction = store.begin()) {
        transaction.deleteTemporary(goingIn(store));
        transaction.commit();
      }
    }
    reclaim(open);
    try (EventStore store = open.get()) {
      return store.append(NewEvent.child(root).title("last").build());
    }
  }

  private static List<EventId> goingIn(EventStore store) {
    try (Snapshot snapshot = store.snapshot()) {
      return snapshot.titled("goes").stream().map(EventRow::id).toList();
    }
  }

  /** In a store just opened nobody holds a content that was put. */
  private static void reclaim(Supplier<EventStore> open) {
    try (EventStore store = open.get()) {
      store.reclaim(
          ReclaimOptions.DEFAULT.withLeastDead(0), Cancellation.create(), ProgressListener.NONE);
    }
  }
}
