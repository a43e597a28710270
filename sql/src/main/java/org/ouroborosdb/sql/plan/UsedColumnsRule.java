package org.ouroborosdb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.util.ImmutableBitSet;
import org.ouroborosdb.calcite.scan.EventScan;

/**
 * Splits expressions over a scan into the choice of the columns they use, which the adapter takes
 * into the scan, and the expressions over those.
 */
final class UsedColumnsRule extends RelOptRule {
  static final UsedColumnsRule INSTANCE = new UsedColumnsRule();

  @SuppressWarnings("deprecation") // The newer form needs generated classes for its configuration.
  private UsedColumnsRule() {
    super(operand(LogicalProject.class, operand(EventScan.class, none())));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalProject project = call.rel(0);
    RelNode scan = call.rel(1);
    List<RexNode> expressions = project.getProjects();
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(expressions, null);
    boolean chosen = expressions.stream().allMatch(RexInputRef.class::isInstance);
    if (chosen || used.isEmpty() || used.cardinality() == scan.getRowType().getFieldCount()) {
      return;
    }
    List<RexNode> columns = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int column : used) {
      columns.add(RexInputRef.of(column, scan.getRowType()));
      names.add(scan.getRowType().getFieldNames().get(column));
    }
    RelNode narrow = LogicalProject.create(scan, List.of(), columns, names, Set.of());
    RexShuttle shift =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return RexInputRef.of(used.indexOf(ref.getIndex()), narrow.getRowType());
          }
        };
    call.transformTo(
        LogicalProject.create(
            narrow,
            project.getHints(),
            shift.visitList(expressions),
            project.getRowType().getFieldNames(),
            project.getVariablesSet()));
  }
}
