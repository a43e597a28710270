package org.ouroborosdb.sql.procedure;

import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;

/**
 * What CALL runs: work on the whole store, outside of the session's transaction. Stateless; one
 * class each, and a line in {@link Procedures}.
 */
public interface Procedure {
  /** Returns the name, in lower case. */
  String name();

  /** Returns what it does, in a sentence without a full stop. */
  String remarks();

  /** Returns the arguments in order; those that may be left out stand last. */
  default List<Argument> arguments() {
    return List.of();
  }

  /** Returns whether a read-only session is refused it. */
  default boolean writes() {
    return true;
  }

  /** Returns the columns of the rows it gives; empty if it gives a count. */
  default List<Column> columns() {
    return List.of();
  }

  /** Runs it. */
  Outcome run(Invocation invocation);

  /**
   * An argument.
   *
   * @param name its name, for messages
   * @param type its type, to which what is given is cast
   * @param required whether it must be given, and not as NULL
   */
  record Argument(String name, SqlTypeName type, boolean required) {}

  /** A column of the rows: VARCHAR values are Strings, BIGINT Longs, BOOLEAN Booleans. */
  record Column(String name, SqlTypeName type) {}

  /**
   * What it gave: a count, or rows.
   *
   * @param count the update count; 0 for rows
   * @param rows the rows, as many values each as there are columns
   */
  record Outcome(long count, List<Object[]> rows) {
    static Outcome count(long count) {
      return new Outcome(count, List.of());
    }

    static Outcome rows(List<Object[]> rows) {
      return new Outcome(0, rows);
    }
  }

  /**
   * One run.
   *
   * @param store the session's store
   * @param arguments a value for each argument; null where it was left out
   * @param cancellation stops it
   * @param progress is told how far it has come
   */
  record Invocation(
      EventStore store,
      List<@Nullable Object> arguments,
      Cancellation cancellation,
      ProgressListener progress) {
    /** Returns a VARCHAR argument; null if it was left out. */
    @Nullable String text(int argument) {
      Object value = arguments.get(argument);
      return value == null ? null : value.toString();
    }

    /** Returns a BIGINT argument, or another number where it was left out. */
    long number(int argument, long otherwise) {
      return arguments.get(argument) instanceof Number number ? number.longValue() : otherwise;
    }
  }
}
