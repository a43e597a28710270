package org.ouroborosdb.sql;

import org.jspecify.annotations.Nullable;

/** The rows of a query, computed as they are asked for. For the session's thread. */
public interface ResultRows extends AutoCloseable {
  /**
   * Moves to the next row.
   *
   * @return false when there is none
   * @throws SqlException also when cancelled (57014), after which the rows are closed
   */
  boolean next();

  /** Returns the current row's value in a column, from 0; its class is the column's type's. */
  @Nullable Object value(int column);

  /** Releases the snapshot; BLOBs obtained are no longer readable. Idempotent. */
  @Override
  void close();
}
