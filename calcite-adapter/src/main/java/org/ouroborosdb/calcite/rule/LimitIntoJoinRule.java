package org.ouroborosdb.calcite.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.rules.JoinCommuteRule;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventScan;
import org.ouroborosdb.calcite.scan.SortedRuns;

/**
 * Joins only as many rows as are asked for, where the first of one side's order are: of an outer
 * join that side is limited; of an inner join it is read in the order of an index, and each row
 * looks up the other side, until there are enough. Calcite's own rule for outer joins orders their
 * left side also where all of it is asked for.
 */
final class LimitIntoJoinRule extends RelOptRule {
  static final LimitIntoJoinRule INSTANCE = new LimitIntoJoinRule();

  /** More rows than this may as well be joined all at once. */
  private static final int MOST_LOOKUPS = 10_000;

  private LimitIntoJoinRule() {
    super(
        operandJ(
            LogicalSort.class,
            null,
            LimitIntoJoinRule::isShort,
            operand(LogicalJoin.class, any())));
  }

  private static boolean isShort(Sort sort) {
    return !sort.getCollation().getFieldCollations().isEmpty()
        && (isParameter(sort) || rows(sort) <= MOST_LOOKUPS);
  }

  /** Returns whether a parameter says how many rows there are, which is taken for few. */
  private static boolean isParameter(Sort sort) {
    return sort.fetch instanceof RexDynamicParam && sort.offset == null;
  }

  /** Returns how many rows it reads; too many if that is not known. */
  private static long rows(Sort sort) {
    long fetch = number(sort.fetch);
    long offset = sort.offset == null ? 0 : number(sort.offset);
    return fetch > MOST_LOOKUPS || offset > MOST_LOOKUPS ? Long.MAX_VALUE : fetch + offset;
  }

  private static long number(@Nullable RexNode node) {
    BigDecimal value =
        node instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
    return value == null ? Long.MAX_VALUE : value.longValue();
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalSort sort = call.rel(0);
    LogicalJoin join = call.rel(1);
    int leftCount = join.getLeft().getRowType().getFieldCount();
    List<RelFieldCollation> order = sort.getCollation().getFieldCollations();
    boolean ofLeft = order.stream().allMatch(each -> each.getFieldIndex() < leftCount);
    RelNode limited = null;
    if (ofLeft && join.getJoinType() == JoinRelType.LEFT) {
      limited = outer(sort, join);
    } else if (join.getJoinType() == JoinRelType.INNER) {
      boolean byLeft = order.get(0).getFieldIndex() < leftCount;
      RelMetadataQuery mq = call.getMetadataQuery();
      limited = byLeft ? inner(sort, join, mq) : swapped(sort, join, mq);
    }
    if (limited != null) {
      call.transformTo(limited);
    }
  }

  /** Each row of the left side is in the result at least once. */
  private static @Nullable RelNode outer(LogicalSort sort, LogicalJoin join) {
    if (LookedUp.current(join.getLeft()) instanceof Sort done && done.fetch != null) {
      return null;
    }
    RexNode rows =
        isParameter(sort)
            ? sort.fetch
            : join.getCluster().getRexBuilder().makeExactLiteral(BigDecimal.valueOf(rows(sort)));
    RelNode first = LogicalSort.create(join.getLeft(), sort.getCollation(), null, rows);
    // Nobody estimates how many rows a parameter stands for: the look-ups are made here.
    RelNode lookUps = isParameter(sort) ? LookupJoinRule.lookUp(join, first) : null;
    RelNode joined =
        lookUps == null ? join.copy(join.getTraitSet(), List.of(first, join.getRight())) : lookUps;
    return sort.copy(sort.getTraitSet(), List.of(joined));
  }

  /** The left side has the order, or its first key. */
  private static @Nullable RelNode inner(Sort sort, LogicalJoin join, RelMetadataQuery mq) {
    RelFieldCollation first = sort.getCollation().getFieldCollations().get(0);
    RelNode left = ordered(LookedUp.current(join.getLeft()), first);
    if (left == null) {
      return null;
    }
    // Where rows find no partner, the whole side might be read for a few, one look-up after
    // another.
    RelNode joined = LookupJoinRule.findsEach(join) ? LookupJoinRule.lookUp(join, left) : null;
    if (joined == null && isMuchLess(join, mq)) {
      RelNode kept = SortedRuns.kept(left, first);
      joined = join.copy(join.getTraitSet(), List.of(kept, join.getRight()));
    }
    return joined == null ? null : SortedRuns.of(joined, sort);
  }

  /** Returns whether the right side is a whole table, quickly kept beside the rows of the left. */
  private static boolean isMuchLess(LogicalJoin join, RelMetadataQuery mq) {
    Double left = mq.getRowCount(join.getLeft());
    Double right = mq.getRowCount(join.getRight());
    return LookedUp.isWhole(join.getRight())
        && !join.analyzeCondition().leftKeys.isEmpty()
        && join.getVariablesSet().isEmpty()
        && left != null
        && right != null
        && right * LookupJoinRule.ROWS_PER_LOOKUP <= left;
  }

  /** The right side has the order, or its first key. */
  private static @Nullable RelNode swapped(Sort sort, LogicalJoin join, RelMetadataQuery mq) {
    if (JoinCommuteRule.swap(join, true) instanceof LogicalProject project
        && project.getInput() instanceof LogicalJoin mirrored) {
      RelNode limited = inner(mirrored(sort, join), mirrored, mq);
      return limited == null ? null : project.copy(project.getTraitSet(), List.of(limited));
    }
    return null;
  }

  /** Returns a sort of what a join gives, of what it gives with its sides swapped. */
  private static Sort mirrored(Sort sort, LogicalJoin join) {
    int left = join.getLeft().getRowType().getFieldCount();
    int right = join.getRight().getRowType().getFieldCount();
    List<RelFieldCollation> order = new ArrayList<>();
    for (RelFieldCollation each : sort.getCollation().getFieldCollations()) {
      int field = each.getFieldIndex();
      order.add(each.withFieldIndex(field < left ? field + right : field - left));
    }
    return LogicalSort.create(sort.getInput(), RelCollations.of(order), sort.offset, sort.fetch);
  }

  private static @Nullable RelNode ordered(RelNode left, RelFieldCollation order) {
    if (left instanceof LogicalFilter filter) {
      RelNode below = ordered(LookedUp.current(filter.getInput()), order);
      return below == null ? null : filter.copy(filter.getTraitSet(), List.of(below));
    }
    AccessPath path =
        left instanceof EventScan scan && !scan.request.counting()
            ? SortIntoScanRule.ordered(scan, order, true)
            : null;
    return path == null ? null : ((EventScan) left).withPath(path);
  }
}
