package org.ouroborosdb.jdbc;

import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.ShardingKey;
import java.sql.Statement;
import java.sql.Struct;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
import org.ouroborosdb.store.EventStore;

/**
 * A connection: one session of a database's engine. Calls from several threads take turns; {@link
 * #abort} and {@link #close} may come from any.
 */
final class OuroborosConnection implements Connection {
  private static final String SCHEMA = "ouroboros";

  private final EngineRegistry.Shared shared;
  private final Session session;
  private final String url;
  private final int queryTimeoutSeconds;
  private final boolean databaseReadOnly;
  private final ReentrantLock turn = new ReentrantLock();
  private final Set<OuroborosStatement> statements = ConcurrentHashMap.newKeySet();
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

  PreparedPlan plan(@Nullable String sql) throws SQLException {
    if (sql == null) {
      throw Errors.of("HY009", "the statement's text is null");
    }
    return exclusively(() -> session.prepare(sql));
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
  public void setCatalog(@Nullable String catalog) throws SQLException {
    requireOpen(); // there are no catalogs, and JDBC has the call ignored then
  }

  @Override
  public @Nullable String getCatalog() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void setSchema(@Nullable String schema) throws SQLException {
    requireOpen();
    if (schema != null && !schema.equalsIgnoreCase(SCHEMA)) {
      throw Errors.of("3F000", "the default schema is " + SCHEMA + "; name others in statements");
    }
  }

  @Override
  public String getSchema() throws SQLException {
    requireOpen();
    return SCHEMA;
  }

  /** Returns whether a level is met by a snapshot of the transaction's first moment. */
  static boolean isIsolation(int level) {
    return level == TRANSACTION_READ_UNCOMMITTED
        || level == TRANSACTION_READ_COMMITTED
        || level == TRANSACTION_REPEATABLE_READ;
  }

  /** Takes the levels that a snapshot meets; SERIALIZABLE is more than one. */
  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    requireOpen();
    if (level == TRANSACTION_SERIALIZABLE) {
      throw Errors.unsupported("SERIALIZABLE; transactions are REPEATABLE READ, by snapshot,");
    }
    if (!isIsolation(level)) {
      throw Errors.of("HY024", "no such transaction isolation: " + level);
    }
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    requireOpen();
    return TRANSACTION_REPEATABLE_READ;
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
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    requireOpen();
    return Map.of();
  }

  @Override
  public void setTypeMap(@Nullable Map<String, Class<?>> map) throws SQLException {
    requireOpen();
    if (map != null && !map.isEmpty()) {
      throw Errors.unsupported("a type map");
    }
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    requireOpen();
    ResultKinds.requireHoldability(holdability);
  }

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public Clob createClob() throws SQLException {
    requireOpen();
    return new TextClob("");
  }

  @Override
  public Blob createBlob() throws SQLException {
    requireOpen();
    return new BytesBlob(new byte[0]);
  }

  @Override
  public NClob createNClob() throws SQLException {
    requireOpen();
    return new TextClob("");
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    requireOpen();
    throw Errors.unsupported("SQLXML");
  }

  @Override
  public Array createArrayOf(@Nullable String typeName, Object @Nullable [] elements)
      throws SQLException {
    requireOpen();
    return new ListArray(
        elements == null ? List.of() : Arrays.asList(elements.clone()), ListArray.type(typeName));
  }

  @Override
  public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
    requireOpen();
    throw Errors.unsupported("STRUCT");
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

  /** Does nothing: the database is in this process. */
  @Override
  public void setNetworkTimeout(@Nullable Executor executor, int millis) throws SQLException {
    requireOpen();
    if (millis < 0) {
      throw Errors.of("22003", "timeout " + millis + " is below 0");
    }
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    requireOpen();
    return 0;
  }

  @Override
  public void setShardingKey(@Nullable ShardingKey key) throws SQLException {
    throw Errors.unsupported("a sharding key");
  }

  @Override
  public void setShardingKey(@Nullable ShardingKey key, @Nullable ShardingKey superKey)
      throws SQLException {
    throw Errors.unsupported("a sharding key");
  }

  @Override
  public boolean setShardingKeyIfValid(@Nullable ShardingKey key, int timeoutSeconds)
      throws SQLException {
    throw Errors.unsupported("a sharding key");
  }

  @Override
  public boolean setShardingKeyIfValid(
      @Nullable ShardingKey key, @Nullable ShardingKey superKey, int timeoutSeconds)
      throws SQLException {
    throw Errors.unsupported("a sharding key");
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
