package org.ouroborosdb.sql.run;

import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.EnumerableEventScan;

/**
 * Runs a plan that is a scan, perhaps with a choice of columns and a limit, without generating
 * code.
 */
public final class DirectExecutor implements Executor {
  private final EnumerableEventScan scan;
  private final int @Nullable [] columns;
  private final @Nullable RexNode offset;
  private final @Nullable RexNode fetch;

  private DirectExecutor(
      EnumerableEventScan scan,
      int @Nullable [] columns,
      @Nullable RexNode offset,
      @Nullable RexNode fetch) {
    this.scan = scan;
    this.columns = columns;
    this.offset = offset;
    this.fetch = fetch;
  }

  /** Returns the executor of a plan of this form; null for any other. */
  public static @Nullable DirectExecutor of(RelNode plan) {
    RelNode rel = plan;
    int[] columns = null;
    RexNode offset = null;
    RexNode fetch = null;
    if (rel instanceof EnumerableCalc calc) {
      columns = columns(calc.getProgram());
      if (columns == null) {
        return null;
      }
      rel = calc.getInput();
    }
    if (rel instanceof EnumerableLimit limit) {
      offset = limit.offset;
      fetch = limit.fetch;
      rel = limit.getInput();
    }
    if (columns == null && rel instanceof EnumerableCalc calc) {
      columns = columns(calc.getProgram());
      if (columns == null) {
        return null;
      }
      rel = calc.getInput();
    }
    return rel instanceof EnumerableEventScan scan && scan.isDirect()
        ? new DirectExecutor(scan, columns, offset, fetch)
        : null;
  }

  private static int @Nullable [] columns(RexProgram program) {
    if (program.getCondition() != null) {
      return null;
    }
    int[] columns = new int[program.getProjectList().size()];
    for (int i = 0; i < columns.length; i++) {
      if (!(program.expandLocalRef(program.getProjectList().get(i)) instanceof RexInputRef ref)) {
        return null;
      }
      columns[i] = ref.getIndex();
    }
    return columns;
  }

  @Override
  public Enumerator<@Nullable Object[]> open(RunContext context) {
    Enumerator<@Nullable Object[]> rows = scan.open(context);
    if (rows == null) {
      throw new AssertionError("a direct scan has operands of an outer row");
    }
    long skip = offset == null ? 0 : number(offset, context);
    long take = fetch == null ? Long.MAX_VALUE : number(fetch, context);
    return new Rows(rows, columns, skip, take);
  }

  private static long number(RexNode node, RunContext context) {
    if (node instanceof RexDynamicParam parameter
        && context.get(parameter.getName()) instanceof Number value) {
      return value.longValue();
    }
    return RexLiteral.intValue(node);
  }

  private static final class Rows implements Enumerator<@Nullable Object[]> {
    private final Enumerator<@Nullable Object[]> rows;
    private final int @Nullable [] columns;
    private long skip;
    private long take;

    Rows(Enumerator<@Nullable Object[]> rows, int @Nullable [] columns, long skip, long take) {
      this.rows = rows;
      this.columns = columns;
      this.skip = skip;
      this.take = take;
    }

    @Override
    public @Nullable Object[] current() {
      @Nullable Object[] row = rows.current();
      int[] chosen = columns;
      if (chosen == null) {
        return row;
      }
      @Nullable Object[] out = new Object[chosen.length];
      for (int i = 0; i < out.length; i++) {
        out[i] = row[chosen[i]];
      }
      return out;
    }

    @Override
    public boolean moveNext() {
      if (take <= 0) {
        return false;
      }
      for (; skip > 0; skip--) {
        if (!rows.moveNext()) {
          return false;
        }
      }
      take--;
      return rows.moveNext();
    }

    @Override
    public void reset() {
      throw new UnsupportedOperationException("rows are read once");
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
