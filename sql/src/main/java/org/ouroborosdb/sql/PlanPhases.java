package org.ouroborosdb.sql;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRules;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;

/** The order in which a logical plan is rewritten and made physical. */
final class PlanPhases {
  private static final List<RelOptRule> SUB_QUERIES =
      List.of(
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          CoreRules.PROJECT_SUB_QUERY_TO_CORRELATE,
          CoreRules.JOIN_SUB_QUERY_TO_CORRELATE);

  /** Volcano's cost counts rows only: what always helps is done before it, without cost. */
  private static final List<RelOptRule> PUSH_DOWN =
      List.of(
          CoreRules.FILTER_INTO_JOIN,
          CoreRules.JOIN_CONDITION_PUSH,
          CoreRules.JOIN_PUSH_EXPRESSIONS,
          CoreRules.FILTER_PROJECT_TRANSPOSE,
          CoreRules.FILTER_SET_OP_TRANSPOSE,
          CoreRules.FILTER_AGGREGATE_TRANSPOSE,
          CoreRules.FILTER_MERGE,
          CoreRules.PROJECT_MERGE,
          CoreRules.PROJECT_REMOVE,
          CoreRules.AGGREGATE_REDUCE_FUNCTIONS);

  private PlanPhases() {}

  /**
   * A physical plan.
   *
   * @param rel the plan, of Calcite's enumerable convention
   * @param locators for each column, whether it holds the locator of a content
   */
  record Optimised(RelNode rel, boolean[] locators) {}

  static VolcanoPlanner newVolcano() {
    VolcanoPlanner planner = new VolcanoPlanner();
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    planner.addRelTraitDef(RelCollationTraitDef.INSTANCE);
    planner.setTopDownOpt(false);
    return planner;
  }

  static Optimised optimise(RelNode logical, RelBuilder builder) {
    RelNode plain = withoutSubQueries(logical, builder);
    RelNode trimmed = new RelFieldTrimmer(null, builder).trim(plain);
    RelNode pushed = hep(trimmed, PUSH_DOWN);
    RelNode physical = volcano(pushed);
    return new Optimised(
        hep(physical, RelOptRules.CALC_RULES), new boolean[logical.getRowType().getFieldCount()]);
  }

  private static RelNode withoutSubQueries(RelNode logical, RelBuilder builder) {
    RelNode joined = Plans.hasSubQuery(logical) ? hep(logical, SUB_QUERIES) : logical;
    return Plans.hasNode(joined, Correlate.class)
        ? RelDecorrelator.decorrelateQuery(joined, builder)
        : joined;
  }

  private static RelNode volcano(RelNode logical) {
    RelOptPlanner planner = logical.getCluster().getPlanner();
    for (RelOptRule rule : EnumerableRules.ENUMERABLE_RULES) {
      planner.addRule(rule);
    }
    planner.addRule(CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW);
    planner.addRule(EnumerableRules.ENUMERABLE_TABLE_SCAN_RULE);
    RelTraitSet wanted = logical.getTraitSet().replace(EnumerableConvention.INSTANCE).simplify();
    planner.setRoot(
        logical.getTraitSet().equals(wanted) ? logical : planner.changeTraits(logical, wanted));
    return planner.findBestExp();
  }

  private static RelNode hep(RelNode rel, Iterable<? extends RelOptRule> rules) {
    HepProgramBuilder program = new HepProgramBuilder();
    program.addRuleCollection(ImmutableList.copyOf(rules));
    HepPlanner planner = new HepPlanner(program.build());
    planner.setRoot(rel);
    return planner.findBestExp();
  }
}
