package org.ouroborosdb.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableLimit;
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
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.BuiltInMethod;
import org.ouroborosdb.calcite.EventScan;

/**
 * A place in a finished plan where rows are watched: the cancel handle is asked, and rows that the
 * operator above keeps are counted against the statement's memory.
 */
final class WatchRel extends SingleRel implements EnumerableRel {
  private final boolean kept;

  private WatchRel(RelOptCluster cluster, RelTraitSet traits, RelNode input, boolean kept) {
    super(cluster, traits, input);
    this.kept = kept;
  }

  /** Puts watches under every operator that loops over its input. */
  static RelNode addTo(RelNode plan) {
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode input : plan.getInputs()) {
      RelNode watched = addTo(input);
      boolean kept = keeps(plan, inputs.size());
      boolean loops =
          kept
              || plan instanceof EnumerableCalc
              || plan instanceof Join
              || plan instanceof EnumerableAggregate
              || input instanceof EventScan;
      inputs.add(
          loops ? new WatchRel(input.getCluster(), input.getTraitSet(), watched, kept) : watched);
    }
    return inputs.isEmpty() ? plan : plan.copy(plan.getTraitSet(), inputs);
  }

  private static boolean keeps(RelNode plan, int input) {
    if (plan instanceof EnumerableAggregate aggregate) {
      return aggregate.getAggCallList().stream().anyMatch(WatchRel::collects);
    }
    return (plan instanceof Sort && !(plan instanceof EnumerableLimit))
        || (plan instanceof Join && input == 1)
        || plan instanceof Window;
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
    return new WatchRel(getCluster(), traits, inputs.get(0), kept);
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
    block.add(
        Expressions.return_(
            null,
            Expressions.call(
                MemoryBudget.class,
                kept ? "keep" : "poll",
                rows,
                implementor.getRootExpression())));
    return implementor.result(type, block.toBlock());
  }
}
