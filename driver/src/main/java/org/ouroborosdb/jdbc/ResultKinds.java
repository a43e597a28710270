package org.ouroborosdb.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Checks what kinds of result a caller asks for. Results are forward-only and read-only. */
final class ResultKinds {
  private ResultKinds() {}

  /** Returns whether a kind, which JDBC must know, is another than all results are of. */
  static boolean differs(int type, int concurrency) throws SQLException {
    boolean known =
        (type == ResultSet.TYPE_FORWARD_ONLY
                || type == ResultSet.TYPE_SCROLL_INSENSITIVE
                || type == ResultSet.TYPE_SCROLL_SENSITIVE)
            && (concurrency == ResultSet.CONCUR_READ_ONLY
                || concurrency == ResultSet.CONCUR_UPDATABLE);
    if (!known) {
      throw Errors.of("HY024", "no such result set type or concurrency");
    }
    return type != ResultSet.TYPE_FORWARD_ONLY || concurrency != ResultSet.CONCUR_READ_ONLY;
  }

  /** The end of a transaction closes what is read in it, so cursors cannot be held over it. */
  static void requireHoldability(int holdability) throws SQLException {
    if (holdability != ResultSet.HOLD_CURSORS_OVER_COMMIT
        && holdability != ResultSet.CLOSE_CURSORS_AT_COMMIT) {
      throw Errors.of("HY024", "no such holdability: " + holdability);
    }
    if (holdability == ResultSet.HOLD_CURSORS_OVER_COMMIT) {
      throw Errors.unsupported("HOLD_CURSORS_OVER_COMMIT");
    }
  }
}
