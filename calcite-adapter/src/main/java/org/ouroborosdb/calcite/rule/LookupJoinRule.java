package org.ouroborosdb.calcite.rule;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.rules.JoinCommuteRule;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.Operands;

/**
 * Makes a join of few rows with an indexed column a look-up for each of them, instead of reading
 * the whole other side.
 */
final class LookupJoinRule extends RelOptRule {
  static final LookupJoinRule INSTANCE = new LookupJoinRule();

  /** How many rows a scan reads in the time of one look-up. */
  static final double ROWS_PER_LOOKUP = 10;

  private LookupJoinRule() {
    super(operand(LogicalJoin.class, any()));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalJoin join = call.rel(0);
    RelNode lookup = lookup(call, join);
    if (lookup == null && join.getJoinType() == JoinRelType.INNER) {
      RelNode swapped = JoinCommuteRule.swap(join, true);
      if (swapped instanceof LogicalProject project
          && project.getInput() instanceof LogicalJoin mirrored) {
        RelNode other = lookup(call, mirrored);
        lookup = other == null ? null : project.copy(project.getTraitSet(), List.of(other));
      }
    }
    if (lookup != null) {
      call.transformTo(lookup);
    }
  }

  private static @Nullable RelNode lookup(RelOptRuleCall call, Join join) {
    JoinRelType type = join.getJoinType();
    boolean possible =
        type == JoinRelType.INNER
            || type == JoinRelType.LEFT
            || type == JoinRelType.SEMI
            || type == JoinRelType.ANTI;
    if (!possible || !join.getVariablesSet().isEmpty()) {
      return null;
    }
    RexNode condition = condition(join);
    LookedUp.Indexed found = indexed(join, condition);
    if (found == null) {
      return null;
    }
    if (join.getRight() instanceof RelSubset) {
      return correlate(join, condition, join.getLeft()); // a planner by cost compares by itself
    }
    Double left = call.getMetadataQuery().getRowCount(join.getLeft());
    RelNode read = LookedUp.isComputed(join.getRight()) ? found.scan() : join.getRight();
    Double right = call.getMetadataQuery().getRowCount(read);
    if (left == null || right == null || left * ROWS_PER_LOOKUP > right) {
      return null;
    }
    return correlate(join, condition, join.getLeft());
  }

  /** Returns a look-up for each row of a left side; null if no index serves it. */
  static @Nullable RelNode lookUp(Join join, RelNode left) {
    return isLookUp(join) ? correlate(join, condition(join), left) : null;
  }

  /** Returns whether an index finds the right side's rows for each row of the left. */
  static boolean isLookUp(Join join) {
    return join.getVariablesSet().isEmpty() && indexed(join, condition(join)) != null;
  }

  /** Returns whether each row of the left with an event's id finds that event on the right. */
  static boolean findsEach(Join join) {
    LookedUp.Indexed found = indexed(join, condition(join));
    return found != null
        && found.isEveryEvent()
        && LookedUp.isWhole(join.getRight())
        && RelOptUtil.conjunctions(join.getCondition()).size() == 1;
  }

  private static RexNode condition(Join join) {
    return LookedUp.withEqualities(join.getCluster().getRexBuilder(), join.getCondition());
  }

  private static RelNode correlate(Join join, RexNode joinCondition, RelNode left) {
    RexBuilder builder = join.getCluster().getRexBuilder();
    CorrelationId id = join.getCluster().createCorrel();
    int leftCount = join.getLeft().getRowType().getFieldCount();
    RexNode outer = builder.makeCorrel(join.getLeft().getRowType(), id);
    ImmutableBitSet.Builder required = ImmutableBitSet.builder();
    RexNode condition =
        joinCondition.accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef ref) {
                if (ref.getIndex() >= leftCount) {
                  return builder.makeInputRef(ref.getType(), ref.getIndex() - leftCount);
                }
                required.set(ref.getIndex());
                return builder.makeFieldAccess(outer, ref.getIndex());
              }
            });
    RelNode right = LookedUp.where(join.getRight(), condition);
    return LogicalCorrelate.create(
        left, right, join.getHints(), id, required.build(), join.getJoinType());
  }

  /** Returns the scan that finds the right side's rows by one of the join's keys, if any does. */
  private static LookedUp.@Nullable Indexed indexed(Join join, RexNode joinCondition) {
    int leftCount = join.getLeft().getRowType().getFieldCount();
    for (RexNode condition : RelOptUtil.conjunctions(joinCondition)) {
      if (condition.isA(SqlKind.EQUALS)) {
        List<RexNode> sides = ((RexCall) condition).getOperands();
        LookedUp.Indexed found = indexed(join, leftCount, sides.get(0), sides.get(1));
        found = found == null ? indexed(join, leftCount, sides.get(1), sides.get(0)) : found;
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static LookedUp.@Nullable Indexed indexed(
      Join join, int leftCount, RexNode outer, RexNode inner) {
    return Operands.plain(outer) instanceof RexInputRef left
            && left.getIndex() < leftCount
            && Operands.plain(inner) instanceof RexInputRef right
            && right.getIndex() >= leftCount
        ? LookedUp.indexed(join.getRight(), right.getIndex() - leftCount)
        : null;
  }
}
