package org.ouroborosdb.calcite.rule;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptRuleOperand;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.ouroborosdb.calcite.scan.EventScan;

/** Lets the scan count its rows where only their number is asked for. */
final class CountIntoScanRule extends RelOptRule {
  static final CountIntoScanRule OVER_SCAN =
      new CountIntoScanRule(
          operandJ(
              LogicalAggregate.class,
              null,
              CountIntoScanRule::isCount,
              operandJ(EventScan.class, Convention.NONE, scan -> !scan.request.counting(), none())),
          "scan");

  static final CountIntoScanRule OVER_PROJECT =
      new CountIntoScanRule(
          operandJ(
              LogicalAggregate.class,
              null,
              CountIntoScanRule::isCount,
              operand(
                  LogicalProject.class,
                  operandJ(
                      EventScan.class, Convention.NONE, scan -> !scan.request.counting(), none()))),
          "project");

  private CountIntoScanRule(RelOptRuleOperand operand, String name) {
    super(operand, "CountIntoScanRule:" + name);
  }

  private static boolean isCount(LogicalAggregate aggregate) {
    if (aggregate.getGroupCount() != 0 || aggregate.getAggCallList().size() != 1) {
      return false;
    }
    AggregateCall call = aggregate.getAggCallList().get(0);
    return call.getAggregation().equals(SqlStdOperatorTable.COUNT)
        && call.getArgList().isEmpty()
        && !call.isDistinct()
        && call.filterArg < 0;
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalAggregate aggregate = call.rel(0);
    EventScan scan = call.rel(call.rels.length - 1);
    call.transformTo(RelOptUtil.createCastRel(scan.counting(), aggregate.getRowType(), false));
  }
}
