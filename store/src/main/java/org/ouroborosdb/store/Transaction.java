package org.ouroborosdb.store;

import java.util.Collection;

/**
 * Events that become visible and durable together or not at all. One thread at a time.
 *
 * <p>A call that throws leaves the transaction as it was before the call, except {@link #commit},
 * after which it has ended either way.
 */
public interface Transaction extends AutoCloseable {
  /**
   * Returns the state at the begin plus what this transaction appended and less what it deleted;
   * closed with the transaction.
   */
  Snapshot view();

  /**
   * Adds an event. Rules, parent and root title are checked now against the newest committed state
   * and this transaction's own events, and again at commit.
   *
   * @return the event's id, which the commit does not change
   * @throws StoreException with the code of the rule that is broken
   */
  EventId append(NewEvent event);

  /**
   * Adds a version only if all it replaces, its parent and {@link NewEvent#merges}, are heads of
   * their base now and still at the commit, which otherwise keeps nothing of this transaction.
   *
   * @return the version's id
   * @throws StoreException {@link ErrorCode#CONFLICT} if one of them is replaced already; else as
   *     {@link #append}
   */
  EventId replace(NewEvent version);

  /**
   * Adds a NORMAL event only if its parent has no other NORMAL event of its title, now and still at
   * the commit, which otherwise keeps nothing of this transaction.
   *
   * @return the event's id
   * @throws StoreException {@link ErrorCode#CONFLICT} if there is one; else as {@link #append}
   */
  EventId appendUnique(NewEvent event);

  /**
   * Removes temporary events with their subtrees.
   *
   * @return the number of events removed, descendants included, each counted once
   * @throws StoreException {@link ErrorCode#IMMUTABLE} if one of them is permanent (nothing is
   *     removed then), {@link ErrorCode#EVENT_NOT_FOUND} if one does not exist
   */
  long deleteTemporary(Collection<EventId> ids);

  /** Returns a mark of what was done so far, for {@link #rollbackTo}. */
  int mark();

  /** Takes back everything done after a mark. */
  void rollbackTo(int mark);

  /**
   * Writes everything with one commit record; on return it is durable as the store's {@link
   * Durability} says, and visible.
   *
   * @return the sequence number of the last event written; that of the view if there is none
   * @throws StoreException {@link ErrorCode#ROOT_TITLE_TAKEN} or {@link ErrorCode#CONFLICT} if
   *     another commit came between; nothing of this transaction is kept then
   */
  long commit();

  /** Drops everything not committed. */
  void rollback();

  /** Rolls back if neither committed nor rolled back. Idempotent. */
  @Override
  void close();
}
