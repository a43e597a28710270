package org.ouroborosdb.calcite.rule;

import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptRuleOperand;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.ByLevel;
import org.ouroborosdb.calcite.scan.EventScan;
import org.ouroborosdb.calcite.scan.SortedRuns;

/** Lets the scan read an ordered index where a sort by its column stands above. */
final class SortIntoScanRule extends RelOptRule {
  static final SortIntoScanRule OVER_SCAN =
      new SortIntoScanRule(
          operand(LogicalSort.class, operand(EventScan.class, Convention.NONE, none())), "scan");

  static final SortIntoScanRule OVER_FILTER =
      new SortIntoScanRule(
          operand(
              LogicalSort.class,
              operand(LogicalFilter.class, operand(EventScan.class, Convention.NONE, none()))),
          "filter");

  private SortIntoScanRule(RelOptRuleOperand operand, String name) {
    super(operand, "SortIntoScanRule:" + name);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalSort sort = call.rel(0);
    EventScan scan = call.rel(call.rels.length - 1);
    List<RelFieldCollation> order = sort.getCollation().getFieldCollations();
    AccessPath path = order.isEmpty() ? null : ordered(scan, order.get(0), sort.fetch != null);
    if (path == null) {
      return;
    }
    RelNode found = scan.withPath(path);
    if (call.rels.length == 3) {
      LogicalFilter filter = call.rel(1);
      found = filter.copy(filter.getTraitSet(), List.of(found));
    }
    call.transformTo(SortedRuns.of(found, sort));
  }

  /**
   * Returns the path that reads a scan in an order; null if no index has it.
   *
   * @param few whether only the first rows are asked for
   */
  static @Nullable AccessPath ordered(EventScan scan, RelFieldCollation order, boolean few) {
    String column = scan.columnName(order.getFieldIndex());
    AccessPath.Kind kind = scan.ordering(column);
    AccessPath path = scan.request.path();
    boolean descending = order.getDirection().isDescending();
    if (!descending && isFamily(path) && scan.events.ordersSiblings(column)) {
      return path;
    }
    if (kind == null || path.order() != AccessPath.Order.AS_FOUND || !hasNullsAtTop(order)) {
      return null;
    }
    if (path.kind() == AccessPath.Kind.FULL_SCAN) {
      RexNode open = scan.getCluster().getRexBuilder().constantNull();
      return new AccessPath(kind, List.of(open, open), order(descending));
    }
    boolean byLevel = isByLevel(path.kind()) && isByLevel(kind);
    if (kind == AccessPath.Kind.SEQ_RANGE && !descending && isBySeq(path)) {
      return path;
    }
    if (path.kind() == kind || byLevel) {
      return new AccessPath(path.kind(), path.operands(), order(descending));
    }
    return few && isByLevel(kind) && scan.events.hasOwnLevels() && ByLevel.canOrder(path)
        ? new AccessPath(
            path.kind(),
            path.operands(),
            descending ? AccessPath.Order.BY_LEVEL_BACKWARDS : AccessPath.Order.BY_LEVEL)
        : null;
  }

  private static AccessPath.Order order(boolean descending) {
    return descending ? AccessPath.Order.BACKWARDS : AccessPath.Order.AS_FOUND;
  }

  /** What one tree, title or set of tags finds comes as it was committed. */
  private static boolean isBySeq(AccessPath path) {
    return switch (path.kind()) {
      case WITH_TAGS -> true;
      case BY_ROOT, BY_TITLE -> path.operands().size() == 1;
      default -> false;
    };
  }

  /** One parent's rows, and the roots, come in the order of their levels. */
  private static boolean isFamily(AccessPath path) {
    return path.kind() == AccessPath.Kind.ROOTS
        || (path.kind() == AccessPath.Kind.BY_PARENT && path.operands().size() == 1);
  }

  /** The index has what is not committed, whose seq is NULL, at its upper end. */
  private static boolean hasNullsAtTop(RelFieldCollation order) {
    return order.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
        || order.nullDirection
            == (order.getDirection().isDescending()
                ? RelFieldCollation.NullDirection.FIRST
                : RelFieldCollation.NullDirection.LAST);
  }

  private static boolean isByLevel(AccessPath.Kind kind) {
    return kind == AccessPath.Kind.LEVEL_RANGE || kind == AccessPath.Kind.TIME_RANGE;
  }
}
