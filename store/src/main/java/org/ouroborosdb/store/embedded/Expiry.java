package org.ouroborosdb.store.embedded;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.index.IndexSnapshot;

/** One removal of the temporary events that have expired. For one thread, once. */
final class Expiry {
  /** The events of one transaction, unless one subtree alone has more. */
  private static final int BATCH_EVENTS = 2_000;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final EmbeddedEventStore store;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private long removed;

  Expiry(EmbeddedEventStore store, Cancellation cancellation, ProgressListener progress) {
    this.store = store;
    this.cancellation = cancellation;
    this.progress = progress;
  }

  /** Removes what has expired by a time, and returns how many events that were. */
  long run(Instant time) {
    long now = Math.addExact(time.getEpochSecond() * NANOS_PER_SECOND, time.getNano());
    while (true) {
      cancellation.check();
      List<EventId> expired = expired(now);
      if (expired.isEmpty()) {
        return removed;
      }
      remove(expired);
      progress.progress(removed, -1);
    }
  }

  private List<EventId> expired(long now) {
    List<EventId> ids = new ArrayList<>();
    try (IndexSnapshot newest = store.newest()) {
      for (EventRow row : newest.expired(now)) {
        ids.add(row.id());
        if (ids.size() == BATCH_EVENTS) {
          break;
        }
      }
    }
    return ids;
  }

  private void remove(List<EventId> expired) {
    try (Transaction transaction = store.begin()) {
      long count = 0;
      for (EventId id : expired) {
        cancellation.check();
        if (count >= BATCH_EVENTS) {
          break;
        }
        if (transaction.view().find(id) != null) { // else it went with an ancestor
          long more = removeOne(transaction, id, count);
          if (more == 0) {
            break;
          }
          count += more;
        }
      }
      transaction.commit();
      removed += count;
    } catch (StoreException e) {
      if (e.code() != ErrorCode.CONFLICT) {
        throw e;
      } // another transaction removed one of them: the next look finds what is left
    }
  }

  /**
   * Removes an event with its subtree; of one too large for a transaction, a part of it.
   *
   * @return how many events that were; 0 if it must wait for a transaction of its own
   */
  private long removeOne(Transaction transaction, EventId id, long before) {
    try {
      return transaction.deleteTemporary(List.of(id));
    } catch (StoreException e) {
      if (e.code() != ErrorCode.LIMIT_EXCEEDED) {
        throw e;
      }
      return before > 0 ? 0 : removeBelow(transaction, id, e);
    }
  }

  private long removeBelow(Transaction transaction, EventId top, StoreException tooMany) {
    @Nullable EventRow row = transaction.view().find(top);
    EventRow child =
        row == null ? null : transaction.view().withParent(row.seq()).first().orElse(null);
    if (child == null) {
      throw tooMany;
    }
    return removeOne(transaction, child.id(), 0);
  }
}
