package org.ouroborosdb.sql.plan;

import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.ouroborosdb.sql.function.GuardedCalls;
import org.ouroborosdb.sql.function.TimestampText;

/**
 * Evaluates constants while planning, but for those with a call that {@link GuardedCalls} or {@link
 * TimestampText} is still to put another in the place of.
 */
final class ConstantFolding implements RexExecutor {
  static final ConstantFolding INSTANCE = new ConstantFolding();

  private ConstantFolding() {}

  @Override
  public void reduce(RexBuilder builder, List<RexNode> constants, List<RexNode> reduced) {
    if (constants.stream().anyMatch(ConstantFolding::isToBeGuarded)) {
      reduced.addAll(constants);
    } else {
      RexUtil.EXECUTOR.reduce(builder, constants, reduced);
    }
  }

  private static boolean isToBeGuarded(RexNode node) {
    return node instanceof RexCall call
        && (GuardedCalls.changes(call)
            || TimestampText.changes(call)
            || call.getOperands().stream().anyMatch(ConstantFolding::isToBeGuarded));
  }
}
