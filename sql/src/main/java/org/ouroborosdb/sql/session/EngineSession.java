package org.ouroborosdb.sql.session;

import java.io.InputStream;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.Session;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.message.Failures;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.run.MemoryBudget;
import org.ouroborosdb.sql.run.RunContext;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;

/** A session: its transaction, and the results that are open on it. */
final class EngineSession implements Session {
  private final SqlEngine engine;
  private final Set<OpenRows> results = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable Transaction transaction;
  private boolean autoCommit = true;
  private boolean readOnly;
  private ProgressListener progress = ProgressListener.NONE;
  private volatile boolean closed;

  EngineSession(SqlEngine engine) {
    this.engine = engine;
  }

  SqlEngine engine() {
    return engine;
  }

  @Override
  public PreparedPlan prepare(String sql, Cancellation cancellation) {
    requireOpen();
    return new SessionStatement(this, sql, engine.preparer().prepare(sql, cancellation));
  }

  @Override
  public boolean isAutoCommit() {
    return autoCommit;
  }

  @Override
  public void setAutoCommit(boolean value) {
    requireOpen();
    if (value != autoCommit) {
      commit();
      autoCommit = value;
    }
  }

  @Override
  public boolean isReadOnly() {
    return readOnly || engine.store().isReadOnly();
  }

  @Override
  public void setReadOnly(boolean value) {
    requireOpen();
    readOnly = value;
  }

  @Override
  public void setProgress(ProgressListener listener) {
    requireOpen();
    progress = listener;
  }

  ProgressListener progress() {
    return progress;
  }

  @Override
  public void commit() {
    end(Transaction::commit);
  }

  @Override
  public void rollback() {
    end(Transaction::rollback);
  }

  private void end(java.util.function.Consumer<Transaction> how) {
    requireOpen();
    Transaction open = transaction;
    if (open == null) {
      return;
    }
    transaction = null;
    guarded(
        () -> {
          try (open) {
            closeResults();
            how.accept(open);
          }
          return true;
        });
  }

  @Override
  public int mark() {
    return guarded(() -> requireTransaction().mark());
  }

  @Override
  public void rollbackTo(int mark) {
    guarded(
        () -> {
          requireTransaction().rollbackTo(mark);
          return true;
        });
  }

  private Transaction requireTransaction() {
    requireOpen();
    if (autoCommit) {
      throw new SqlException(
          SqlState.NO_TRANSACTION, "there is no transaction to mark while auto-commit is on", null);
    }
    return transaction();
  }

  @Override
  public StoredContent put(InputStream bytes, Cancellation cancellation) {
    requireOpen();
    return guarded(() -> engine.store().put(bytes, cancellation, ProgressListener.NONE));
  }

  @Override
  public EventStore store() {
    return engine.store();
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      closeResults();
      rollback();
    } finally {
      closed = true;
      engine.ended(this);
    }
  }

  /** Returns the open transaction, begun now if there is none. */
  Transaction transaction() {
    Transaction open = transaction;
    if (open == null) {
      open = engine.store().begin();
      transaction = open;
    }
    return open;
  }

  /** Runs a query plan: on a snapshot of its own, or on the transaction's view. */
  OpenRows open(
      QueryPlan plan, @Nullable Object[] parameters, long maxRows, Cancellation cancellation) {
    requireOpen();
    Snapshot snapshot = autoCommit ? engine.store().snapshot() : transaction().view();
    boolean own = autoCommit;
    RunContext context = context(snapshot, parameters, cancellation);
    OpenRows[] self = new OpenRows[1];
    OpenRows rows =
        new OpenRows(
            plan,
            context,
            maxRows,
            () -> {
              if (self[0] != null) {
                results.remove(self[0]);
              }
              if (own) {
                snapshot.close();
              }
            });
    self[0] = rows;
    results.add(rows);
    return rows;
  }

  /** Returns a context for running a plan on a snapshot. */
  RunContext context(Snapshot snapshot, @Nullable Object[] parameters, Cancellation cancellation) {
    return new RunContext(
        engine.catalog(),
        snapshot,
        parameters,
        new MemoryBudget(engine.options().queryMemoryBytes(), cancellation),
        engine.options().maxInlineContentBytes());
  }

  void requireOpen() {
    if (closed) {
      throw new SqlException(SqlState.CLOSED, "the session is closed", null);
    }
  }

  /** Checks that writing is allowed. */
  void requireWritable() {
    requireOpen();
    if (isReadOnly()) {
      throw new SqlException(
          SqlState.IMMUTABLE, "this connection is read-only: INSERT and DELETE are refused", null);
    }
  }

  private void closeResults() {
    for (OpenRows rows : List.copyOf(results)) {
      rows.close();
    }
  }

  private static <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (Throwable failure) {
      throw Failures.ofRunning(failure);
    }
  }
}
