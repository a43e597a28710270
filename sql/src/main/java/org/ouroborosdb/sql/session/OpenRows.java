package org.ouroborosdb.sql.session;

import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ResultRows;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.dialect.Values;
import org.ouroborosdb.sql.message.Failures;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.run.RunContext;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/** The rows of a running query; they hold its snapshot until they are closed. */
final class OpenRows implements ResultRows {
  private final QueryPlan plan;
  private final RunContext context;
  private final Runnable onClose;
  private final long maxRows;
  private @Nullable Enumerator<Object[]> rows;
  private @Nullable Object @Nullable [] row;
  private long count;

  OpenRows(QueryPlan plan, RunContext context, long maxRows, Runnable onClose) {
    this.plan = plan;
    this.context = context;
    this.maxRows = maxRows == 0 ? Long.MAX_VALUE : maxRows;
    this.onClose = onClose;
    try {
      rows = plan.executor().open(plan.shareable() ? context : context.withOwnRoot());
    } catch (Throwable failure) {
      onClose.run();
      throw Failures.ofRunning(failure);
    }
  }

  @Override
  public boolean next() {
    Enumerator<Object[]> open = open();
    try {
      context.cancellation().check();
      if (count < maxRows && open.moveNext()) {
        count++;
        row = open.current();
        return true;
      }
      row = null;
      return false;
    } catch (Throwable failure) {
      SqlException mapped = Failures.ofRunning(failure);
      try {
        close();
      } catch (SqlException e) {
        mapped.addSuppressed(e);
      }
      throw mapped;
    }
  }

  @Override
  public @Nullable Object value(int column) {
    open();
    if (row == null) {
      throw new SqlException(SqlState.CURSOR_CLOSED, "the rows are not at a row", null);
    }
    if (column < 0 || column >= plan.types().size()) {
      throw new SqlException(SqlState.NO_COLUMN, "the result has no column " + (column + 1), null);
    }
    try {
      Object value = row[column];
      return plan.columns().get(column).type() == SqlType.BLOB
          ? content(value)
          : Values.fromRuntime(value, plan.types().get(column));
    } catch (Throwable failure) {
      throw Failures.ofRunning(failure);
    }
  }

  private @Nullable Object content(@Nullable Object locator) {
    if (locator == null) {
      return null;
    }
    Snapshot snapshot = context.snapshot();
    EventRow event = snapshot.find(((Number) locator).longValue());
    return event == null ? null : snapshot.content(event).orElse(null);
  }

  private Enumerator<Object[]> open() {
    if (rows == null) {
      throw new SqlException(
          SqlState.CURSOR_CLOSED,
          "the rows are closed, by their reader or a transaction's end",
          null);
    }
    return rows;
  }

  @Override
  public void close() {
    Enumerator<Object[]> open = rows;
    if (open == null) {
      return;
    }
    rows = null;
    row = null;
    try {
      open.close();
    } catch (Throwable failure) {
      throw Failures.ofRunning(failure);
    } finally {
      onClose.run();
    }
  }
}
