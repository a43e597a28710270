package org.ouroborosdb.sql;

import org.jspecify.annotations.Nullable;

/** A statement's failure with its SQLSTATE; the only exception that leaves the engine. */
public final class SqlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  /** Creates a failure; {@code message} says what was being done, with what, and what to do. */
  public SqlException(String sqlState, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.sqlState = sqlState;
  }

  /** Returns the five-character SQLSTATE. */
  public String sqlState() {
    return sqlState;
  }
}
