package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventScan;

/**
 * Makes a condition that is met by one of several indexed columns a look-up by each: the union of
 * the rows that meet the first, those that meet the second but not the first, and so on.
 */
final class OrIntoScansRule extends RelOptRule {
  static final OrIntoScansRule INSTANCE = new OrIntoScansRule();

  /** Each look-up's rows are asked for all conditions before it: more cost more than a scan. */
  private static final int MOST_SCANS = 8;

  private OrIntoScansRule() {
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
    RexBuilder builder = scan.getCluster().getRexBuilder();
    RexNode condition = RexUtil.expandSearch(builder, null, filter.getCondition());
    if (!filter.getVariablesSet().isEmpty()
        || PredicateTranslator.choose(scan, condition) != null) {
      return;
    }
    List<RexNode> conditions = RelOptUtil.conjunctions(condition);
    for (RexNode or : conditions) {
      List<RexNode> branches = or.isA(SqlKind.OR) ? branches(scan, or) : null;
      if (branches != null) {
        List<RexNode> others = new ArrayList<>(conditions);
        others.remove(or);
        call.transformTo(union(scan, branches, others));
        return;
      }
    }
  }

  /** Returns the parts of an OR, one for each column; null if one of them is no look-up. */
  private static @Nullable List<RexNode> branches(EventScan scan, RexNode or) {
    RexBuilder builder = scan.getCluster().getRexBuilder();
    Map<ImmutableBitSet, List<RexNode>> byColumns = new LinkedHashMap<>();
    for (RexNode part : RelOptUtil.disjunctions(or)) {
      byColumns
          .computeIfAbsent(RelOptUtil.InputFinder.bits(part), columns -> new ArrayList<>())
          .add(part);
    }
    List<RexNode> branches = new ArrayList<>();
    for (List<RexNode> parts : byColumns.values()) {
      RexNode branch = RexUtil.composeDisjunction(builder, parts);
      PredicateTranslator.Choice choice = PredicateTranslator.choose(scan, branch);
      if (choice == null) {
        return null;
      }
      branches.add(branch);
    }
    return branches.size() > 1 && branches.size() <= MOST_SCANS ? branches : null;
  }

  private static RelNode union(EventScan scan, List<RexNode> branches, List<RexNode> others) {
    RexBuilder builder = scan.getCluster().getRexBuilder();
    List<RexNode> before = new ArrayList<>(others);
    List<RelNode> inputs = new ArrayList<>();
    for (RexNode branch : branches) {
      List<RexNode> all = new ArrayList<>(List.of(branch));
      all.addAll(before);
      inputs.add(
          LogicalFilter.create(
              scan,
              RexUtil.composeConjunction(builder, all),
              com.google.common.collect.ImmutableSet.of()));
      before.add(builder.makeCall(SqlStdOperatorTable.IS_NOT_TRUE, branch));
    }
    return LogicalUnion.create(inputs, true);
  }
}
