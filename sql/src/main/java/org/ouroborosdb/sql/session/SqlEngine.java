package org.ouroborosdb.sql.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.sql.parser.SqlParser;
import org.ouroborosdb.calcite.EventSchema;
import org.ouroborosdb.sql.EngineOptions;
import org.ouroborosdb.sql.Session;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.catalog.SqlCatalog;
import org.ouroborosdb.sql.dialect.Dialect;
import org.ouroborosdb.sql.message.Failures;
import org.ouroborosdb.sql.prepare.Preparer;
import org.ouroborosdb.store.EventStore;

/** The statement engine of one open store, shared by its sessions. Thread-safe. */
public final class SqlEngine implements AutoCloseable {
  private final EventStore store;
  private final EngineOptions options;
  private final SqlCatalog catalog;
  private final Preparer preparer;
  private final Set<EngineSession> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  private SqlEngine(EventStore store, EngineOptions options) {
    this.store = store;
    this.options = options;
    this.catalog = new SqlCatalog(new EventSchema(store));
    this.preparer = new Preparer(catalog);
  }

  /** Creates an engine over a store, which the engine closes when it is closed. */
  public static SqlEngine create(EventStore store, EngineOptions options) {
    return new SqlEngine(store, options);
  }

  /** Returns the words that this dialect reserves beyond those of SQL-92, with commas between. */
  public static String keywords() {
    return SqlParser.create("", Dialect.PARSER).getMetadata().getJdbcKeywords();
  }

  /**
   * Opens a session.
   *
   * @throws SqlException 08003 if the engine is closed
   */
  public Session openSession() {
    EngineSession session = new EngineSession(this);
    sessions.add(session);
    if (closed.get()) {
      session.close();
      throw new SqlException(SqlState.CLOSED, "the database is closed", null);
    }
    return session;
  }

  /** Closes all sessions, then the store. Idempotent. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      sessions.forEach(EngineSession::close);
      try {
        store.close();
      } catch (RuntimeException e) {
        throw Failures.ofRunning(e);
      }
    }
  }

  EventStore store() {
    return store;
  }

  EngineOptions options() {
    return options;
  }

  SqlCatalog catalog() {
    return catalog;
  }

  Preparer preparer() {
    return preparer;
  }

  void ended(EngineSession session) {
    sessions.remove(session);
  }
}
