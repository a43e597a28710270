package org.ouroborosdb.sql;

import org.ouroborosdb.store.EventStore;

/** The statement engine of one open store, shared by its sessions. Thread-safe. */
public final class SqlEngine implements AutoCloseable {
  private SqlEngine() {}

  /** Creates an engine over a store, which the engine closes when it is closed. */
  public static SqlEngine create(EventStore store, EngineOptions options) {
    throw new UnsupportedOperationException(store + " " + options);
  }

  /** Opens a session. */
  public Session openSession() {
    throw new UnsupportedOperationException();
  }

  /** Closes all sessions, then the store. Idempotent. */
  @Override
  public void close() {}
}
