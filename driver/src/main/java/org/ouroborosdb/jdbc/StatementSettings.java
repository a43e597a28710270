package org.ouroborosdb.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;

/** What a program sets of a statement before it runs it. */
abstract class StatementSettings implements Statement {
  private long maxRows;
  private int fetchSize;
  private int timeoutSeconds;
  private boolean closeOnCompletion;
  private boolean poolable;

  StatementSettings(int timeoutSeconds) {
    this.timeoutSeconds = timeoutSeconds;
  }

  /** Throws if the statement or its connection is closed. */
  abstract void requireOpen() throws SQLException;

  /** Returns a handle for one run, which ends it at the timeout. */
  final Cancellation newHandle() {
    return timeoutSeconds == 0 ? Cancellation.create() : Cancellation.after(timeoutSeconds * 1000L);
  }

  final long maxRows() {
    return maxRows;
  }

  final boolean closesOnCompletion() {
    return closeOnCompletion;
  }

  @Override
  public int getMaxFieldSize() throws SQLException {
    requireOpen();
    return 0;
  }

  /** Takes only 0: a value cut short without a word is not what was stored. */
  @Override
  public void setMaxFieldSize(int bytes) throws SQLException {
    requireOpen();
    if (bytes != 0) {
      throw Errors.unsupported("cutting values short");
    }
  }

  @Override
  public int getMaxRows() throws SQLException {
    requireOpen();
    return (int) Math.min(Integer.MAX_VALUE, maxRows);
  }

  @Override
  public void setMaxRows(int rows) throws SQLException {
    setLargeMaxRows(rows);
  }

  @Override
  public long getLargeMaxRows() throws SQLException {
    requireOpen();
    return maxRows;
  }

  @Override
  public void setLargeMaxRows(long rows) throws SQLException {
    requireOpen();
    requireNotNegative("max rows", rows);
    maxRows = rows;
  }

  private static void requireNotNegative(String what, long value) throws SQLException {
    if (value < 0) {
      throw Errors.of("22003", what + " " + value + " is below 0");
    }
  }

  @Override
  public void setEscapeProcessing(boolean enable) throws SQLException {
    requireOpen();
  }

  @Override
  public int getQueryTimeout() throws SQLException {
    requireOpen();
    return timeoutSeconds;
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    requireOpen();
    requireNotNegative("query timeout", seconds);
    timeoutSeconds = seconds;
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    requireOpen();
  }

  @Override
  public void setCursorName(String name) throws SQLException {
    throw Errors.unsupported("a named cursor");
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction != ResultSet.FETCH_FORWARD) {
      throw Refusals.scroll();
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return ResultSet.FETCH_FORWARD;
  }

  @Override
  public void setFetchSize(int rows) throws SQLException {
    requireOpen();
    requireNotNegative("fetch size", rows);
    fetchSize = rows;
  }

  @Override
  public int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  @Override
  public int getResultSetConcurrency() throws SQLException {
    requireOpen();
    return ResultSet.CONCUR_READ_ONLY;
  }

  @Override
  public int getResultSetType() throws SQLException {
    requireOpen();
    return ResultSet.TYPE_FORWARD_ONLY;
  }

  @Override
  public int getResultSetHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public void setPoolable(boolean value) throws SQLException {
    requireOpen();
    poolable = value;
  }

  @Override
  public boolean isPoolable() throws SQLException {
    requireOpen();
    return poolable;
  }

  @Override
  public void closeOnCompletion() throws SQLException {
    requireOpen();
    closeOnCompletion = true;
  }

  @Override
  public boolean isCloseOnCompletion() throws SQLException {
    requireOpen();
    return closeOnCompletion;
  }
}
