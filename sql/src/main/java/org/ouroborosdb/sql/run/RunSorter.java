package org.ouroborosdb.sql.run;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.function.Function1;
import org.jspecify.annotations.Nullable;

/**
 * Sorts rows that come in the order of a first key, one run with the same first key after the
 * other. Public only because generated code refers to it. For one thread.
 */
public final class RunSorter {
  /** A run that is longer than what is asked for is cut when it is twice as long, and this. */
  private static final int CUT_ROWS = 64;

  private final Comparator<@Nullable Object> first;
  private final Comparator<@Nullable Object> all;
  private final @Nullable MemoryBudget budget;
  private final long mostRows;

  private RunSorter(
      Comparator<@Nullable Object> first,
      Comparator<@Nullable Object> all,
      @Nullable MemoryBudget budget,
      long mostRows) {
    this.first = first;
    this.all = all;
    this.budget = budget;
    this.mostRows = mostRows;
  }

  /** Returns the rows sorted by all keys; equal ones as they come. */
  public static Enumerable<?> all(
      Enumerable<?> rows,
      DataContext context,
      Function1<Object, Object> firstKey,
      @Nullable Comparator<Object> firstOrder,
      Function1<Object, Object> key,
      @Nullable Comparator<Object> order) {
    return sorted(rows, context, by(firstKey, firstOrder), by(key, order), Long.MAX_VALUE);
  }

  /** Returns at least the first rows of those sorted by all keys. */
  public static Enumerable<?> first(
      Enumerable<?> rows,
      DataContext context,
      Function1<Object, Object> firstKey,
      @Nullable Comparator<Object> firstOrder,
      Function1<Object, Object> key,
      @Nullable Comparator<Object> order,
      Object offset,
      Object fetch) {
    long mostRows = MemoryBudget.sum(offset, fetch);
    return sorted(rows, context, by(firstKey, firstOrder), by(key, order), mostRows);
  }

  @SuppressWarnings("unchecked") // without a comparator, Calcite knows the keys to be comparable
  private static Comparator<@Nullable Object> by(
      Function1<Object, Object> key, @Nullable Comparator<Object> order) {
    Comparator<Object> given =
        order == null ? (Comparator<Object>) (Comparator<?>) Comparator.naturalOrder() : order;
    return (a, b) -> given.compare(key.apply(a), key.apply(b));
  }

  private static <T> Enumerable<T> sorted(
      Enumerable<T> rows,
      DataContext context,
      Comparator<@Nullable Object> first,
      Comparator<@Nullable Object> all,
      long mostRows) {
    MemoryBudget budget =
        context.get(MemoryBudget.VARIABLE) instanceof MemoryBudget given ? given : null;
    RunSorter sorter = new RunSorter(first, all, budget, mostRows);
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        return sorter.new Runs<>(rows.enumerator());
      }
    };
  }

  private final class Runs<T> implements Enumerator<T> {
    private final Enumerator<T> rows;
    private final List<T> run = new ArrayList<>();
    private int at = -1;
    private boolean ahead; // the row after the run is the current one of the input
    private boolean ended;
    private long charged;

    Runs(Enumerator<T> rows) {
      this.rows = rows;
    }

    @Override
    public T current() {
      return run.get(at);
    }

    @Override
    public boolean moveNext() {
      at++;
      if (at < run.size()) {
        return true;
      }
      read();
      at = 0;
      return !run.isEmpty();
    }

    private void read() {
      run.clear();
      release();
      if (ended || (!ahead && !rows.moveNext())) {
        return;
      }
      T head = rows.current();
      do {
        run.add(rows.current());
        charge(rows.current());
        if (run.size() - CUT_ROWS > mostRows && (run.size() - CUT_ROWS) / 2 > mostRows) {
          cut();
        }
        ahead = rows.moveNext();
      } while (ahead && first.compare(head, rows.current()) == 0);
      ended = !ahead;
      run.sort(all);
    }

    /** Nobody asks for more rows than this of all, and so not of one run. */
    private void cut() {
      run.sort(all);
      run.subList((int) mostRows, run.size()).clear();
      release();
      run.forEach(this::charge);
    }

    private void charge(T row) {
      if (budget != null) {
        charged += budget.keep(row);
      }
    }

    private void release() {
      if (budget != null) {
        budget.release(charged);
        charged = 0;
      }
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException("rows are read once");
    }

    @Override
    public void close() {
      rows.close();
      release();
    }
  }
}
