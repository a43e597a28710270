package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.logical.LogicalTableFunctionScan;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.validate.SqlUserDefinedTableFunction;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.function.TreeFunction;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.AsOf;
import org.ouroborosdb.calcite.scan.EventScan;
import org.ouroborosdb.calcite.scan.Operands;

/** Makes a call of {@code subtree} or {@code ancestors} a scan of events. */
final class TreeFunctionRule extends RelOptRule {
  static final TreeFunctionRule INSTANCE = new TreeFunctionRule();

  private TreeFunctionRule() {
    super(operand(LogicalTableFunctionScan.class, any()));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalTableFunctionScan function = call.rel(0);
    EventScan scan = scanOf(function);
    if (scan != null) {
      call.transformTo(scan);
    }
  }

  /** Returns the scan that a function call stands for; null if it is none of ours. */
  static @Nullable EventScan scanOf(LogicalTableFunctionScan function) {
    if (!(function.getCall() instanceof RexCall call)
        || !(call.getOperator() instanceof SqlUserDefinedTableFunction operator)
        || !(operator.getFunction() instanceof TreeFunction tree)) {
      return null;
    }
    RexNode none = function.getCluster().getRexBuilder().constantNull();
    AsOf moment = tree.moment(call.getOperands());
    if (moment != null && !moment.isConstant()) {
      return null;
    }
    List<RexNode> operands = new ArrayList<>();
    int own = Math.min(call.getOperands().size(), tree.getParameters().size() - 1);
    for (RexNode operand : call.getOperands().subList(0, own)) {
      boolean absent = TreeFunction.isDefault(operand);
      if (!absent && !Operands.isOperand(operand)) {
        return null;
      }
      operands.add(absent ? none : operand);
    }
    if (operands.size() == 1) {
      operands.add(none);
    }
    EventScan all =
        EventScan.all(function.getCluster(), tree.eventsTable(function.getRowType()), tree.table());
    EventScan scan = all.withPath(new AccessPath(tree.kind(), operands));
    return moment == null ? scan : scan.asOf(moment);
  }
}
