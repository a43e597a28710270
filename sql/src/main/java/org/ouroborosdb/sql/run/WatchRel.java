package org.ouroborosdb.sql.run;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.RepeatUnion;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Spool;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.BuiltInMethod;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.EventScan;

/**
 * A place in a finished plan where rows are watched: the cancel handle is asked, and rows that the
 * operator above keeps are counted against the statement's memory.
 */
final class WatchRel extends SingleRel implements EnumerableRel {
  private final Kept kept;
  private final ImmutableBitSet groups;
  private final List<RexNode> bounds;

  /** What the operator above keeps of the rows. */
  private enum Kept {
    NOTHING("poll"),
    ROWS("keep"),
    FIRST("keepFirst"),
    GROUPS("group");

    final String method;

    Kept(String method) {
      this.method = method;
    }
  }

  /**
   * @param groups the fields by which the operator groups
   * @param bounds the OFFSET and FETCH of an operator that keeps the first rows of an order
   */
  private WatchRel(
      RelNode input, RelNode watched, Kept kept, ImmutableBitSet groups, List<RexNode> bounds) {
    super(input.getCluster(), input.getTraitSet(), watched);
    this.kept = kept;
    this.groups = groups;
    this.bounds = bounds;
  }

  /** Puts watches under every operator that loops over its input. */
  static RelNode addTo(RelNode plan) {
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode input : plan.getInputs()) {
      RelNode watched = addTo(input);
      Kept kept = kept(plan, inputs.size());
      boolean loops =
          kept != Kept.NOTHING
              || plan instanceof EnumerableCalc
              || plan instanceof Join
              || plan instanceof EnumerableAggregate
              || plan instanceof EnumerableSortedRuns
              || input instanceof EventScan;
      inputs.add(loops ? new WatchRel(input, watched, kept, groups(plan), bounds(plan)) : watched);
    }
    return inputs.isEmpty() ? plan : plan.copy(plan.getTraitSet(), inputs);
  }

  private static ImmutableBitSet groups(RelNode plan) {
    return plan instanceof EnumerableAggregate aggregate
        ? aggregate.getGroupSet()
        : ImmutableBitSet.of();
  }

  private static List<RexNode> bounds(RelNode plan) {
    return plan instanceof EnumerableLimitSort sort
        ? bounds(sort.getCluster(), sort.offset, sort.fetch)
        : List.of();
  }

  /** Returns the OFFSET and FETCH of the first of an order; none if they are not known. */
  static List<RexNode> bounds(
      RelOptCluster cluster, @Nullable RexNode offset, @Nullable RexNode fetch) {
    if (fetch == null) {
      return List.of();
    }
    RexNode none = cluster.getRexBuilder().makeExactLiteral(BigDecimal.ZERO);
    List<RexNode> bounds = List.of(offset == null ? none : offset, fetch);
    return bounds.stream().allMatch(WatchRel::isKnown) ? bounds : List.of();
  }

  private static Kept kept(RelNode plan, int input) {
    if (!bounds(plan).isEmpty()) {
      return Kept.FIRST;
    }
    if (plan instanceof EnumerableAggregate aggregate) {
      if (aggregate.getAggCallList().stream().anyMatch(WatchRel::collects)) {
        return Kept.ROWS;
      }
      return aggregate.getGroupSet().isEmpty() ? Kept.NOTHING : Kept.GROUPS;
    }
    if ((plan instanceof SetOp set && !set.all)
        || (plan instanceof RepeatUnion union && !union.all)) {
      return Kept.GROUPS;
    }
    boolean rows =
        (plan instanceof Sort && !(plan instanceof EnumerableLimit))
            || (plan instanceof Join && input == 1)
            || plan instanceof Spool // the last round of WITH RECURSIVE
            || plan instanceof Window;
    return rows ? Kept.ROWS : Kept.NOTHING;
  }

  private static boolean collects(AggregateCall call) {
    SqlKind kind = call.getAggregation().getKind();
    return call.isDistinct()
        || kind == SqlKind.COLLECT
        || kind == SqlKind.LISTAGG
        || kind == SqlKind.ARRAY_AGG
        || kind == SqlKind.STRING_AGG
        || kind == SqlKind.JSON_ARRAYAGG
        || kind == SqlKind.JSON_OBJECTAGG;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new WatchRel(inputs.get(0), inputs.get(0), kept, groups, bounds);
  }

  /** Also makes rows of one field bare values, as all of Calcite's own operators give them. */
  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder block = new BlockBuilder();
    Result child = implementor.visitChild(this, 0, (EnumerableRel) getInput(), prefer);
    Expression rows = block.append("rows", child.block);
    PhysType type = child.physType;
    if (getRowType().getFieldCount() == 1 && type.getFormat() == JavaRowFormat.ARRAY) {
      rows = Expressions.call(BuiltInMethod.SLICE0.method, rows);
      type = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    }
    List<Expression> arguments = new ArrayList<>(List.of(rows, implementor.getRootExpression()));
    if (kept == Kept.GROUPS) {
      arguments.add(Expressions.constant(groups.toArray()));
    }
    for (RexNode bound : bounds) {
      arguments.add(number(bound, implementor));
    }
    block.add(
        Expressions.return_(null, Expressions.call(MemoryBudget.class, kept.method, arguments)));
    return implementor.result(type, block.toBlock());
  }

  private static boolean isKnown(RexNode bound) {
    return bound instanceof RexLiteral || bound instanceof RexDynamicParam;
  }

  /** Returns the value of a bound. */
  static Expression number(RexNode bound, EnumerableRelImplementor implementor) {
    return bound instanceof RexDynamicParam parameter
        ? Expressions.call(
            implementor.getRootExpression(), "get", Expressions.constant(parameter.getName()))
        : Expressions.constant(((RexLiteral) bound).getValueAs(Long.class), Long.class);
  }
}
