package org.ouroborosdb.calcite;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;

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
