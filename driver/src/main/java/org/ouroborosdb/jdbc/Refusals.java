package org.ouroborosdb.jdbc;

import java.sql.SQLException;

/** The refusals that many methods share. */
final class Refusals {
  private Refusals() {}

  static SQLException update() {
    return Errors.unsupported("updating rows through a result set");
  }

  static SQLException scroll() {
    return Errors.unsupported("scrolling", "result sets are forward-only");
  }

  /** Pools drop a connection that says 08..., so only a closed connection does. */
  static SQLException connectionClosed() {
    return Errors.of("08003", "the connection is closed");
  }

  static SQLException statementClosed() {
    return Errors.of("HY010", "the statement is closed");
  }

  static SQLException resultClosed() {
    return Errors.of("24000", "the result set is closed");
  }
}
