package org.ouroborosdb.calcite.rule;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventScan;

/** Moves a condition into the scan below as an access path. */
final class FilterIntoScanRule extends RelOptRule {
  static final FilterIntoScanRule INSTANCE = new FilterIntoScanRule();

  private FilterIntoScanRule() {
    super(
        operand(
            LogicalFilter.class,
            operandJ(
                EventScan.class,
                Convention.NONE,
                scan -> scan.request.path().kind() == AccessPath.Kind.FULL_SCAN,
                none())));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    EventScan scan = call.rel(1);
    PredicateTranslator.Choice choice = PredicateTranslator.choose(scan, filter.getCondition());
    if (choice == null) {
      return;
    }
    RelNode found = scan.withPath(choice.path());
    RexNode rest = RexUtil.composeConjunction(scan.getCluster().getRexBuilder(), choice.rest());
    call.transformTo(
        rest.isAlwaysTrue()
            ? found
            : LogicalFilter.create(
                found,
                rest,
                com.google.common.collect.ImmutableSet.copyOf(filter.getVariablesSet())));
  }
}
