package org.ouroborosdb.calcite.scan;

import java.util.Collections;
import java.util.Iterator;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.util.ImmutableIntList;
import org.jspecify.annotations.Nullable;

/** Gives a scan's rows to generated code, which sees only public classes. Immutable. */
public final class ScanRunner {
  private final EventTable table;
  private final AccessPath.Kind path;
  private final AccessPath.Order order;
  private final int[] columns;
  private final boolean locators;
  private final boolean late;
  private final boolean counting;
  private final AsOf.@Nullable Kind asOf;

  ScanRunner(EventScan scan) {
    this.table = scan.events;
    this.path = scan.request.path().kind();
    this.order = scan.request.path().order();
    this.columns = scan.request.columns().toIntArray();
    this.locators = scan.request.locators();
    this.late = scan.request.late();
    this.counting = scan.request.counting();
    AsOf moment = scan.request.asOf();
    this.asOf = moment == null ? null : moment.kind();
  }

  /** Runs a scan of some columns through an index, in its order. */
  public ScanRunner(
      EventTable table, AccessPath.Kind path, ImmutableIntList columns, AsOf.@Nullable Kind asOf) {
    this.table = table;
    this.path = path;
    this.order = AccessPath.Order.AS_FOUND;
    this.columns = columns.toIntArray();
    this.locators = false;
    this.late = false;
    this.counting = false;
    this.asOf = asOf;
  }

  /** Returns the rows for a statement and the values of the path's operands. */
  public Enumerable<@Nullable Object[]> run(DataContext root, @Nullable Object[] operands) {
    return run(root, operands, null);
  }

  /** Returns the rows for a statement, the values of the path's operands, and a moment. */
  public Enumerable<@Nullable Object[]> run(
      DataContext root, @Nullable Object[] operands, @Nullable Object moment) {
    ScanContext context = ScanContext.of(root, table, asOf, moment, late);
    AccessPath.Kind kind = kindFor(operands);
    Supplier<Iterator<@Nullable Object[]>> rows =
        counting
            ? () ->
                Collections.<@Nullable Object[]>singletonList(
                        new Object[] {table.count(context, kind, operands, order)})
                    .iterator()
            : () -> table.rows(context, kind, operands, order, columns, locators);
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<@Nullable Object[]> enumerator() {
        return new Rows(rows, context);
      }
    };
  }

  /** A scan's rows; what it keeps of them is released with its end. */
  private static final class Rows implements Enumerator<@Nullable Object[]> {
    private final Supplier<Iterator<@Nullable Object[]>> rows;
    private final ScanContext context;
    private Enumerator<@Nullable Object[]> source;

    Rows(Supplier<Iterator<@Nullable Object[]>> rows, ScanContext context) {
      this.rows = rows;
      this.context = context;
      this.source = Linq4j.iterableEnumerator(rows::get);
    }

    @Override
    public @Nullable Object[] current() {
      return source.current();
    }

    @Override
    public boolean moveNext() {
      return source.moveNext();
    }

    @Override
    public void reset() {
      close();
      source = Linq4j.iterableEnumerator(rows::get);
    }

    @Override
    public void close() {
      source.close();
      context.release();
    }
  }

  /** A pattern or range known only now may have no start: then no index helps. */
  private AccessPath.Kind kindFor(@Nullable Object[] operands) {
    if (path != AccessPath.Kind.TITLE_PREFIX) {
      return path;
    }
    String start = TitleStart.of(operands);
    return start != null && start.isEmpty() ? AccessPath.Kind.FULL_SCAN : path;
  }
}
