package org.ouroborosdb.calcite;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepRelVertex;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.rules.JoinCommuteRule;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a join of few rows with an indexed column a look-up for each of them, instead of reading
 * the whole other side.
 */
final class LookupJoinRule extends RelOptRule {
  static final LookupJoinRule INSTANCE = new LookupJoinRule();

  /** How many rows a scan reads in the time of one look-up. */
  private static final double ROWS_PER_LOOKUP = 10;

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
    if (!possible || !join.getVariablesSet().isEmpty() || !hasIndexedKey(join)) {
      return null;
    }
    if (join.getRight() instanceof RelSubset) {
      return correlate(join); // a planner by cost compares by itself, when sizes are known
    }
    Double left = call.getMetadataQuery().getRowCount(join.getLeft());
    Double right = call.getMetadataQuery().getRowCount(join.getRight());
    if (left == null || right == null || left * ROWS_PER_LOOKUP > right) {
      return null;
    }
    return correlate(join);
  }

  private static RelNode correlate(Join join) {
    RexBuilder builder = join.getCluster().getRexBuilder();
    CorrelationId id = join.getCluster().createCorrel();
    int leftCount = join.getLeft().getRowType().getFieldCount();
    RexNode outer = builder.makeCorrel(join.getLeft().getRowType(), id);
    ImmutableBitSet.Builder required = ImmutableBitSet.builder();
    RexNode condition =
        join.getCondition()
            .accept(
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
    RelNode right =
        RelFactories.DEFAULT_FILTER_FACTORY.createFilter(
            join.getRight(), condition, com.google.common.collect.ImmutableSet.of());
    return LogicalCorrelate.create(
        join.getLeft(), right, join.getHints(), id, required.build(), join.getJoinType());
  }

  /** Returns whether the right side is a scan that finds rows by one of the join's keys. */
  private static boolean hasIndexedKey(Join join) {
    int leftCount = join.getLeft().getRowType().getFieldCount();
    for (RexNode condition : RelOptUtil.conjunctions(join.getCondition())) {
      if (condition.isA(org.apache.calcite.sql.SqlKind.EQUALS)) {
        List<RexNode> sides = ((org.apache.calcite.rex.RexCall) condition).getOperands();
        if (isKey(join, leftCount, sides.get(0), sides.get(1))
            || isKey(join, leftCount, sides.get(1), sides.get(0))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isKey(Join join, int leftCount, RexNode outer, RexNode inner) {
    return Operands.plain(outer) instanceof RexInputRef left
        && left.getIndex() < leftCount
        && Operands.plain(inner) instanceof RexInputRef right
        && right.getIndex() >= leftCount
        && isIndexed(join.getRight(), right.getIndex() - leftCount);
  }

  private static boolean isIndexed(RelNode rel, int field) {
    RelNode at = rel instanceof HepRelVertex vertex ? vertex.getCurrentRel() : rel;
    if (at instanceof RelSubset subset) {
      RelNode original = subset.getOriginal();
      return original != null && isIndexed(original, field);
    }
    if (at instanceof EventScan scan) {
      return scan.request.path().kind() == AccessPath.Kind.FULL_SCAN
          && !scan.request.counting()
          && scan.events.indexes().containsKey(scan.columnName(field));
    }
    if (at instanceof LogicalFilter filter) {
      return isIndexed(filter.getInput(), field);
    }
    return at instanceof LogicalProject project
        && project.getProjects().get(field) instanceof RexInputRef ref
        && isIndexed(project.getInput(), ref.getIndex());
  }
}
