package org.ouroborosdb.jdbc.tree;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Transaction;

/** The transaction that an import's events are appended to, begun anew after every commit. */
final class Batch implements AutoCloseable {
  /** Events to a commit: keeps the share of one force small and a lost batch short. */
  private static final int EVENTS_PER_COMMIT = 500;

  private final EventStore store;
  private @Nullable Transaction transaction;
  private int events;

  Batch(EventStore store) {
    this.store = store;
  }

  EventId append(NewEvent event) {
    if (events >= EVENTS_PER_COMMIT) {
      commit();
    }
    if (transaction == null) {
      transaction = store.begin();
    }
    events++;
    return transaction.append(event);
  }

  void commit() {
    if (transaction != null) {
      transaction.commit();
      transaction.close();
      transaction = null;
    }
    events = 0;
  }

  @Override
  public void close() {
    if (transaction != null) {
      transaction.close();
    }
  }
}
