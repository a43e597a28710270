package org.ouroborosdb.jdbc;

import java.sql.BatchUpdateException;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.store.StoreException;

/** Turns every failure into the {@link SQLException} of its SQLSTATE. */
final class Errors {
  private Errors() {}

  private interface Maker {
    SQLException make(String message, String state, Throwable cause);
  }

  /** Prefix of a SQLSTATE -> class; the first that fits. */
  private static final Map<String, Maker> CLASSES = new LinkedHashMap<>();

  static {
    CLASSES.put(
        "57014",
        (m, s, c) ->
            m.contains("timed out") // as a cancellation says whose deadline has passed
                ? new SQLTimeoutException(m, s, 0, c)
                : new SQLException(m, s, 0, c));
    CLASSES.put("40", (m, s, c) -> new SQLTransactionRollbackException(m, s, 0, c));
    CLASSES.put("23", (m, s, c) -> new SQLIntegrityConstraintViolationException(m, s, 0, c));
    CLASSES.put("22", (m, s, c) -> new SQLDataException(m, s, 0, c));
    CLASSES.put("42", (m, s, c) -> new SQLSyntaxErrorException(m, s, 0, c));
    CLASSES.put("0A", (m, s, c) -> new SQLFeatureNotSupportedException(m, s, 0, c));
    CLASSES.put("08", (m, s, c) -> new SQLNonTransientConnectionException(m, s, 0, c));
    CLASSES.put("", (m, s, c) -> new SQLException(m, s, 0, c));
  }

  /** Something that may fail in any way. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws SQLException;
  }

  /** Runs a call; whatever it throws leaves as a {@link SQLException}. */
  static <T> T guard(Call<T> call) throws SQLException {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw translate(e);
    }
  }

  static SQLException translate(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof SqlException sql) {
      return of(sql.sqlState(), message, failure);
    }
    if (failure instanceof StoreException store) {
      return of(store.code().sqlState(), message, failure);
    }
    if (failure instanceof OutOfMemoryError || failure instanceof StackOverflowError) {
      return of("54000", "the statement needs more memory than there is: " + failure, failure);
    }
    return of("XX000", "internal error: " + failure, failure);
  }

  /** Says that a stream, a LOB or another object of the caller's threw something. */
  static SQLException ofGiven(Throwable failure) {
    if (failure instanceof VirtualMachineError) {
      return translate(failure);
    }
    return of("38000", "an object that was given as a value failed: " + failure, failure);
  }

  static SQLException of(String state, String message, Throwable cause) {
    for (Map.Entry<String, Maker> entry : CLASSES.entrySet()) {
      if (state.startsWith(entry.getKey())) {
        return entry.getValue().make(message, state, cause);
      }
    }
    return new SQLException(message, state, cause);
  }

  static SQLException of(String state, String message) {
    SQLException failure = of(state, message, new SqlException(state, message, null));
    return failure;
  }

  static SQLFeatureNotSupportedException unsupported(String what) {
    return new SQLFeatureNotSupportedException(what + " is not supported", "0A001");
  }

  static SQLFeatureNotSupportedException unsupported(String what, String because) {
    return new SQLFeatureNotSupportedException(what + " is not supported: " + because, "0A001");
  }

  static BatchUpdateException batch(SQLException cause, long[] counts) {
    return new BatchUpdateException(
        String.valueOf(cause.getMessage()), cause.getSQLState(), 0, counts, cause);
  }
}
