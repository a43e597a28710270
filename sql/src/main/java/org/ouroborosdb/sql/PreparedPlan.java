package org.ouroborosdb.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;

/**
 * A planned statement within its session. Used by the session's thread; may run any number of
 * times, and several of its results may be open at once.
 */
public interface PreparedPlan {
  /** The kinds of statement, by what running them gives. */
  enum Kind {
    /** Rows: SELECT, VALUES, WITH, EXPLAIN, CALL of a procedure that gives rows. */
    QUERY,
    /** A count and generated keys: INSERT. */
    INSERT,
    /** A count: DELETE. */
    DELETE,
    /** A count: CALL of a procedure that gives no rows. */
    CALL,
    /** Nothing: COMMIT, ROLLBACK, SET and the like, if supported. */
    OTHER
  }

  /** Returns the kind. */
  Kind kind();

  /** Returns the text as the user typed it. */
  String sql();

  /** Returns the columns of the rows; empty unless a QUERY. */
  List<ColumnInfo> columns();

  /** Returns the {@code ?} parameters in order. */
  List<ParameterInfo> parameters();

  /** Returns the name of the generated key's column ({@code id}, {@code child}); null if none. */
  @Nullable String keyColumn();

  /**
   * Runs a QUERY.
   *
   * @param parameters a value for each parameter, of the classes {@link SqlType} names
   * @param maxRows the most rows to give; 0 for all
   * @param cancellation stops planning and running, also from another thread
   */
  ResultRows query(
      List<? extends @Nullable Object> parameters, long maxRows, Cancellation cancellation);

  /** Runs a statement that is no QUERY. */
  UpdateResult update(List<? extends @Nullable Object> parameters, Cancellation cancellation);

  /**
   * Runs an INSERT or DELETE once for each list of parameters, all of them or, when one fails,
   * none: with auto-commit they are one transaction and one commit.
   *
   * @throws SqlException the failure of the first that failed; its message names the number
   */
  List<UpdateResult> updateBatch(
      List<? extends List<? extends @Nullable Object>> batch, Cancellation cancellation);
}
