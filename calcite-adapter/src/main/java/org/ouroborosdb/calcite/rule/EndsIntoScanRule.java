package org.ouroborosdb.calcite.rule;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventScan;

/** Reads the ends of an ordered index where only the least and the greatest value are asked for. */
final class EndsIntoScanRule extends RelOptRule {
  static final EndsIntoScanRule INSTANCE = new EndsIntoScanRule();

  private EndsIntoScanRule() {
    super(
        operandJ(
            LogicalAggregate.class,
            null,
            aggregate -> aggregate.getGroupCount() == 0 && !aggregate.getAggCallList().isEmpty(),
            operandJ(EventScan.class, Convention.NONE, scan -> !scan.request.counting(), none())));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalAggregate aggregate = call.rel(0);
    EventScan scan = call.rel(1);
    Set<AccessPath> paths = new LinkedHashSet<>();
    for (AggregateCall each : aggregate.getAggCallList()) {
      boolean least = each.getAggregation().getKind() == SqlKind.MIN;
      boolean greatest = each.getAggregation().getKind() == SqlKind.MAX;
      if (!(least || greatest) || each.filterArg >= 0) {
        return;
      }
      int field = each.getArgList().get(0);
      AccessPath path =
          scan.getRowType().getFieldList().get(field).getType().isNullable()
              ? null // NULL is neither the least nor the greatest
              : SortIntoScanRule.ordered(
                  scan,
                  new RelFieldCollation(
                      field,
                      least
                          ? RelFieldCollation.Direction.ASCENDING
                          : RelFieldCollation.Direction.DESCENDING,
                      RelFieldCollation.NullDirection.UNSPECIFIED),
                  true);
      if (path == null) {
        return;
      }
      paths.add(path);
    }
    RexNode one = aggregate.getCluster().getRexBuilder().makeExactLiteral(BigDecimal.ONE);
    List<RelNode> ends = new ArrayList<>();
    for (AccessPath path : paths) {
      ends.add(LogicalSort.create(scan.withPath(path), RelCollations.EMPTY, null, one));
    }
    RelNode input = ends.size() == 1 ? ends.get(0) : LogicalUnion.create(ends, true);
    call.transformTo(aggregate.copy(aggregate.getTraitSet(), List.of(input)));
  }
}
