package org.ouroborosdb.store.replication;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.embedded.ReplicaStore;
import org.ouroborosdb.store.index.Changed;

/**
 * The events and tombstones of a store in order of their sequence numbers, each once, as they are
 * committed. At its end it waits for the next commit. For one thread, but for {@link #close}.
 *
 * <p>Numbers are missing where an event was removed before it was read. Who keeps the last number
 * it has dealt with goes on from there, whatever happens to the process: a number stands for the
 * same change for ever.
 */
public final class ChangeFeed implements Iterator<ChangeFeed.Change>, AutoCloseable {
  private static final int PAGE = 256;

  private final ReplicaStore store;
  private final Deque<Change> page = new ArrayDeque<>();
  private long seq;
  private volatile boolean closed;

  ChangeFeed(ReplicaStore store, long afterSeq) {
    this.store = store;
    this.seq = afterSeq;
  }

  /**
   * Waits for the next change. Of a store that is open for reading only, which hears of no commits,
   * it returns false where there is none.
   *
   * @return false once this, or the store, is closed
   * @throws StoreException {@link ErrorCode#CANCELLED} if the thread is interrupted, which it stays
   */
  @Override
  public boolean hasNext() {
    try {
      while (!closed && page.isEmpty()) {
        if (!read() && !await()) {
          return false;
        }
      }
      return !closed;
    } catch (StoreException e) {
      if (e.code() == ErrorCode.CLOSED) {
        return false;
      }
      throw e;
    }
  }

  /** Reads more into the page; returns whether there was more. */
  private boolean read() {
    try (ReplicaStore.View view = store.view()) {
      for (Changed change : view.changes().after(seq, PAGE)) {
        page.add(new Change(change.seq(), change.removal(), view.id(change)));
      }
      seq = page.isEmpty() ? Math.max(seq, view.seq()) : page.getLast().seq();
    }
    return !page.isEmpty();
  }

  private boolean await() {
    if (store.isReadOnly()) {
      return false;
    }
    try {
      store.awaitAbove(seq, () -> closed);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException(ErrorCode.CANCELLED, "waiting for changes was interrupted", e);
    }
  }

  @Override
  public Change next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return page.remove();
  }

  /** Ends the feed, and the wait of its thread. */
  @Override
  public void close() {
    closed = true;
    store.wake();
  }

  /**
   * An entry of the change feed. Immutable.
   *
   * @param seq its sequence number
   * @param removal whether it is a tombstone, which removes an event with all below it
   * @param id the event's id; the removed event's, whether that was ever here or not
   */
  public record Change(long seq, boolean removal, EventId id) {}
}
