package org.ouroborosdb.calcite.rule;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.ouroborosdb.calcite.scan.EnumerableEventScan;
import org.ouroborosdb.calcite.scan.EventScan;

/** Makes a logical scan one that runs. */
final class EnumerableEventScanRule extends RelOptRule {
  static final EnumerableEventScanRule INSTANCE = new EnumerableEventScanRule();

  private EnumerableEventScanRule() {
    super(operand(EventScan.class, Convention.NONE, none()));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    call.transformTo(new EnumerableEventScan(call.rel(0)));
  }
}
