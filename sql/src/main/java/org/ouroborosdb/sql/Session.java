package org.ouroborosdb.sql;

import java.io.InputStream;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StoredContent;

/**
 * One client's state in an engine: its transaction and its settings. One thread at a time, except
 * that a {@link Cancellation} may be used from any.
 *
 * <p>Every call throws only {@link SqlException}.
 */
public interface Session extends AutoCloseable {
  /** Parses, validates and plans a statement; plans are shared by all sessions of the engine. */
  default PreparedPlan prepare(String sql) {
    return prepare(sql, Cancellation.create());
  }

  /** Does the same; 57014 if it is cancelled meanwhile, or its time is up. */
  PreparedPlan prepare(String sql, Cancellation cancellation);

  /** Returns whether each statement is a transaction of its own; true at first. */
  boolean isAutoCommit();

  /** Sets auto-commit; a change commits the open transaction, as JDBC asks. */
  void setAutoCommit(boolean autoCommit);

  /** Returns whether statements that write are refused with 25006. */
  boolean isReadOnly();

  /** Sets whether statements that write are refused. */
  void setReadOnly(boolean readOnly);

  /** Commits the open transaction; does nothing if none has begun. */
  void commit();

  /** Rolls back the open transaction; does nothing if none has begun. */
  void rollback();

  /** Returns a mark in the open transaction (beginning one), for {@link #rollbackTo}. */
  int mark();

  /** Takes back what the transaction did after a mark. */
  void rollbackTo(int mark);

  /** Stores a stream as chunks in bounded memory, for use as a BLOB parameter. */
  StoredContent put(InputStream bytes, Cancellation cancellation);

  /** Sets who is told how far a CALL has come, on the thread that runs it; at first nobody. */
  void setProgress(ProgressListener listener);

  /** Returns the store. */
  EventStore store();

  /** Returns whether {@link #close} was called. */
  boolean isClosed();

  /** Rolls back the open transaction and ends the session with its results. Idempotent. */
  @Override
  void close();
}
