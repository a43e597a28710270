package org.ouroborosdb.jdbc;

import java.sql.CallableStatement;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.ResultRows;
import org.ouroborosdb.sql.Session;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;

/**
 * A connection: one session of a database's engine. Calls from several threads take turns; {@link
 * #abort} and {@link #close} may come from any.
 */
final class OuroborosConnection extends ConnectionSettings {
  private final EngineRegistry.Shared shared;
  private final Session session;
  private final String url;
  private final int queryTimeoutSeconds;
  private final boolean databaseReadOnly;
  private final ReentrantLock turn = new ReentrantLock();
  private final Set<OuroborosStatement> statements = ConcurrentHashMap.newKeySet();
  private final Set<Cancellation> planning = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ClientInfo clientInfo = new ClientInfo();
  private volatile @Nullable SQLWarning warnings;
  private final Savepoints savepoints = new Savepoints();

  OuroborosConnection(EngineRegistry.Shared shared, ConnectionUrl parsed, String url)
      throws SQLException {
    this.shared = shared;
    this.url = url.contains(";") ? url.substring(0, url.indexOf(';')) : url;
    this.queryTimeoutSeconds = parsed.queryTimeoutSeconds();
    this.databaseReadOnly = parsed.isReadOnly();
    this.session = shared.engine().openSession();
    if (databaseReadOnly) {
      session.setReadOnly(true);
    }
  }

  Session session() {
    return session;
  }

  String url() {
    return url;
  }

  int queryTimeoutSeconds() {
    return queryTimeoutSeconds;
  }

  @Override
  void requireOpen() throws SQLException {
    if (closed.get()) {
      throw Refusals.connectionClosed();
    }
  }

  /** Runs a call on the session, alone. */
  <T> T exclusively(Errors.Call<T> call) throws SQLException {
    turn.lock();
    try {
      requireOpen();
      return Errors.guard(call);
    } finally {
      turn.unlock();
    }
  }

  /** Runs a call on an open result, alone; the result says itself when it is closed. */
  <T> T inTurn(Errors.Call<T> call) throws SQLException {
    turn.lock();
    try {
      return Errors.guard(call);
    } finally {
      turn.unlock();
    }
  }

  /** Returns a value of an open result's row, alone. */
  @Nullable Object valueInTurn(ResultRows rows, int column) throws SQLException {
    turn.lock();
    try {
      return rows.value(column);
    } catch (RuntimeException | Error e) {
      throw Errors.translate(e);
    } finally {
      turn.unlock();
    }
  }

  /** Learns, in turn, that COMMIT or ROLLBACK came as a statement. */
  void transactionEnded() {
    savepoints.clear();
  }

  PreparedPlan plan(@Nullable String sql, Cancellation handle) throws SQLException {
    if (sql == null) {
      throw Errors.of("HY009", "the statement's text is null");
    }
    return exclusively(() -> session.prepare(sql, handle));
  }

  /** Plans within the time that the URL gives a statement, or until the connection is closed. */
  private PreparedPlan plan(String sql) throws SQLException {
    Cancellation handle =
        queryTimeoutSeconds == 0
            ? Cancellation.create()
            : Cancellation.after(queryTimeoutSeconds * 1000L);
    planning.add(handle);
    try {
      return plan(sql, handle);
    } finally {
      planning.remove(handle);
    }
  }

  void statementClosed(OuroborosStatement statement) {
    statements.remove(statement);
  }

  @Override
  public Statement createStatement() throws SQLException {
    requireOpen();
    OuroborosStatement statement = new OuroborosStatement(this);
    statements.add(statement);
    return statement;
  }

  /** Creates a forward-only, read-only statement, whatever is asked for, as JDBC allows. */
  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    substitute(type, concurrency);
    return createStatement();
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    ResultKinds.requireHoldability(holdability);
    return createStatement(type, concurrency);
  }

  private PreparedStatement prepare(String sql, KeysWanted keysWanted) throws SQLException {
    requireOpen();
    PreparedPlan plan = plan(sql);
    keysWanted.check(plan);
    OuroborosPreparedStatement statement =
        new OuroborosPreparedStatement(this, plan, keysWanted.any());
    statements.add(statement);
    return statement;
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepare(sql, KeysWanted.NONE);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int keysFlag) throws SQLException {
    return prepare(sql, KeysWanted.of(keysFlag));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int @Nullable [] columns)
      throws SQLException {
    return prepare(sql, KeysWanted.of(columns));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String @Nullable [] columns)
      throws SQLException {
    return prepare(sql, KeysWanted.of(columns));
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    substitute(type, concurrency);
    return prepare(sql, KeysWanted.NONE);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    ResultKinds.requireHoldability(holdability);
    return prepareStatement(sql, type, concurrency);
  }

  @Override
  public CallableStatement prepareCall(String sql) throws SQLException {
    return CallableStatements.over(prepareStatement(sql));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
    return CallableStatements.over(prepareStatement(sql, type, concurrency));
  }

  @Override
  public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    return CallableStatements.over(prepareStatement(sql, type, concurrency, holdability));
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    requireOpen();
    return sql;
  }

  private void change(Runnable change) throws SQLException {
    exclusively(
        () -> {
          change.run();
          return Boolean.TRUE;
        });
  }

  /** Sets auto-commit; a change commits the open transaction, as JDBC has it. */
  @Override
  public void setAutoCommit(boolean autoCommit) throws SQLException {
    change(
        () -> {
          if (autoCommit != session.isAutoCommit()) {
            savepoints.clear();
            session.setAutoCommit(autoCommit);
          }
        });
  }

  @Override
  public boolean getAutoCommit() throws SQLException {
    return exclusively(session::isAutoCommit);
  }

  private void requireManual(String what) throws SQLException {
    if (session.isAutoCommit()) {
      throw Errors.of("25000", what + " needs auto-commit to be off");
    }
  }

  @Override
  public void commit() throws SQLException {
    exclusively(
        () -> {
          requireManual("commit");
          savepoints.clear();
          session.commit();
          return Boolean.TRUE;
        });
  }

  @Override
  public void rollback() throws SQLException {
    exclusively(
        () -> {
          requireManual("rollback");
          savepoints.clear();
          session.rollback();
          return Boolean.TRUE;
        });
  }

  @Override
  public Savepoint setSavepoint() throws SQLException {
    return savepoint(null);
  }

  @Override
  public Savepoint setSavepoint(@Nullable String name) throws SQLException {
    return savepoint(name);
  }

  private Savepoint savepoint(@Nullable String name) throws SQLException {
    return exclusively(
        () -> {
          requireManual("a savepoint");
          return savepoints.add(name, session.mark());
        });
  }

  @Override
  public void rollback(@Nullable Savepoint savepoint) throws SQLException {
    exclusively(
        () -> {
          requireManual("rollback to a savepoint");
          session.rollbackTo(savepoints.rollbackTo(savepoint));
          return Boolean.TRUE;
        });
  }

  @Override
  public void releaseSavepoint(@Nullable Savepoint savepoint) throws SQLException {
    exclusively(
        () -> {
          savepoints.release(savepoint);
          return Boolean.TRUE;
        });
  }

  /** Stops what runs, rolls back and closes; what comes later finds the connection closed. */
  @Override
  public void close() throws SQLException {
    if (closed.getAndSet(true)) {
      return;
    }
    planning.forEach(Cancellation::cancel);
    for (OuroborosStatement statement : statements) {
      statement.stop();
    }
    inTurn(
        () -> {
          try {
            for (OuroborosStatement statement : statements) {
              statement.close();
            }
          } finally {
            try {
              session.close();
            } finally {
              EngineRegistry.release(shared);
            }
          }
          return Boolean.TRUE;
        });
  }

  @Override
  public void abort(@Nullable Executor executor) throws SQLException {
    if (executor == null) {
      throw Errors.of("HY009", "the executor is null");
    }
    close();
  }

  @Override
  public boolean isClosed() {
    return closed.get();
  }

  @Override
  public boolean isValid(int timeoutSeconds) throws SQLException {
    if (timeoutSeconds < 0) {
      throw Errors.of("22003", "timeout " + timeoutSeconds + " is below 0");
    }
    return !closed.get() && !session.isClosed();
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    requireOpen();
    return new OuroborosDatabaseMetaData(this);
  }

  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    if (!readOnly && databaseReadOnly) {
      throw Errors.of("25006", "the database was opened with readonly=true");
    }
    change(() -> session.setReadOnly(readOnly));
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    requireOpen();
    return session.isReadOnly();
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return warnings;
  }

  @Override
  public void clearWarnings() throws SQLException {
    requireOpen();
    warnings = null;
  }

  /** Takes another kind of result than asked for, with a warning (JDBC 4.3, 15.2.5.1). */
  private void substitute(int type, int concurrency) throws SQLException {
    requireOpen();
    if (ResultKinds.differs(type, concurrency)) {
      warnings =
          new SQLWarning("results are forward-only and read-only, not as asked for", "01S02");
    }
  }

  @Override
  public void setClientInfo(@Nullable String name, @Nullable String value)
      throws SQLClientInfoException {
    clientInfo.set(!closed.get(), name, value);
  }

  @Override
  public void setClientInfo(@Nullable Properties properties) throws SQLClientInfoException {
    clientInfo.set(!closed.get(), properties);
  }

  @Override
  public @Nullable String getClientInfo(@Nullable String name) throws SQLException {
    requireOpen();
    return clientInfo.get(name);
  }

  @Override
  public Properties getClientInfo() throws SQLException {
    requireOpen();
    return clientInfo.all();
  }

  /** Returns this connection, or the {@link EventStore} it reads. */
  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    requireOpen();
    return type == EventStore.class ? type.cast(session.store()) : Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type == EventStore.class || Wrappers.isWrapper(this, type);
  }
}
