package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.ImmutableIntList;
import org.ouroborosdb.calcite.scan.EventScan;

/** Lets the scan below a projection read only the columns that are used. */
final class ProjectIntoScanRule extends RelOptRule {
  static final ProjectIntoScanRule INSTANCE = new ProjectIntoScanRule();

  private ProjectIntoScanRule() {
    super(
        operand(
            LogicalProject.class,
            operandJ(EventScan.class, Convention.NONE, scan -> !scan.request.counting(), none())));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalProject project = call.rel(0);
    EventScan scan = call.rel(1);
    if (isColumnsOnly(project)) {
      List<Integer> columns = new ArrayList<>();
      for (RexNode expression : project.getProjects()) {
        columns.add(scan.request.columns().get(((RexInputRef) expression).getIndex()));
      }
      RelNode narrowed = scan.withColumns(ImmutableIntList.copyOf(columns));
      call.transformTo(RelOptUtil.createCastRel(narrowed, project.getRowType(), false));
      return;
    }
    narrow(call, project, scan);
  }

  private static boolean isColumnsOnly(LogicalProject project) {
    return !project.getProjects().isEmpty()
        && project.getProjects().stream().allMatch(RexInputRef.class::isInstance);
  }

  private static void narrow(RelOptRuleCall call, LogicalProject project, EventScan scan) {
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(project.getProjects(), null);
    if (used.isEmpty()) {
      used = ImmutableBitSet.of(cheapest(scan));
    }
    int width = scan.request.columns().size();
    if (used.cardinality() == width || !project.getVariablesSet().isEmpty()) {
      return;
    }
    List<Integer> columns = new ArrayList<>();
    used.forEach(field -> columns.add(scan.request.columns().get(field)));
    ImmutableBitSet kept = used;
    RexShuttle renumber =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return new RexInputRef(kept.indexOf(ref.getIndex()), ref.getType());
          }
        };
    call.transformTo(
        project.copy(
            project.getTraitSet(),
            scan.withColumns(ImmutableIntList.copyOf(columns)),
            renumber.apply(project.getProjects()),
            project.getRowType()));
  }

  /** Returns a field that costs nothing to read, for rows of which only the number counts. */
  private static int cheapest(EventScan scan) {
    int level = -1;
    for (int i = 0; i < scan.request.columns().size(); i++) {
      if (scan.columnName(i).equals("level") || scan.columnName(i).equals("length")) {
        level = i;
      }
    }
    return Math.max(level, 0);
  }
}
