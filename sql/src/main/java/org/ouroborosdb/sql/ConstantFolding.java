package org.ouroborosdb.sql;

import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Evaluates constants while planning, but for those that {@link GuardedCalls} is still to guard: an
 * approximate number that is cast to an exact one, where Java gives 0 for NaN.
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
    return node.isA(SqlKind.CAST)
        && SqlTypeName.EXACT_TYPES.contains(node.getType().getSqlTypeName())
        && SqlTypeName.APPROX_TYPES.contains(
            ((RexCall) node).getOperands().get(0).getType().getSqlTypeName());
  }
}
