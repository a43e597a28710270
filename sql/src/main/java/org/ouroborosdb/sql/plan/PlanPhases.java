package org.ouroborosdb.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRules;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableFunctionScan;
import org.apache.calcite.rel.rules.CoreRules;
import org.apache.calcite.sql2rel.RelFieldTrimmer;
import org.apache.calcite.tools.RelBuilder;
import org.ouroborosdb.calcite.rule.AsOfScans;
import org.ouroborosdb.calcite.rule.ContentLast;
import org.ouroborosdb.calcite.rule.ContentLocators;
import org.ouroborosdb.calcite.rule.EventRules;
import org.ouroborosdb.calcite.rule.MetadataLast;
import org.ouroborosdb.sql.dialect.Planning;
import org.ouroborosdb.sql.function.ApproximateNumbers;
import org.ouroborosdb.sql.function.CheckedArithmetic;
import org.ouroborosdb.sql.function.GuardedCalls;
import org.ouroborosdb.sql.function.TimestampText;
import org.ouroborosdb.sql.run.EnumerableSortedRuns;

/** The order in which a logical plan is rewritten and made physical. */
final class PlanPhases {
  private static final List<RelOptRule> SUB_QUERIES =
      List.of(
          CoreRules.FILTER_SUB_QUERY_TO_CORRELATE,
          ProjectSubQueryRule.INSTANCE,
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
          CoreRules.AGGREGATE_EXPAND_DISTINCT_AGGREGATES,
          CoreRules.AGGREGATE_REDUCE_FUNCTIONS);

  /** The operators that may be needed; each rule more costs every plan time. */
  private static final List<RelOptRule> PHYSICAL =
      List.of(
          EnumerableRules.ENUMERABLE_JOIN_RULE,
          EnumerableRules.ENUMERABLE_ASOFJOIN_RULE,
          EnumerableRules.ENUMERABLE_CORRELATE_RULE,
          EnumerableRules.ENUMERABLE_CONDITIONAL_CORRELATE_RULE,
          EnumerableRules.ENUMERABLE_PROJECT_RULE,
          EnumerableRules.ENUMERABLE_FILTER_RULE,
          EnumerableRules.ENUMERABLE_CALC_RULE,
          EnumerableRules.ENUMERABLE_AGGREGATE_RULE,
          EnumerableRules.ENUMERABLE_SORT_RULE,
          EnumerableRules.ENUMERABLE_LIMIT_RULE,
          EnumerableRules.ENUMERABLE_LIMIT_SORT_RULE,
          EnumerableRules.ENUMERABLE_COLLECT_RULE,
          EnumerableRules.ENUMERABLE_UNCOLLECT_RULE,
          EnumerableRules.ENUMERABLE_UNION_RULE,
          EnumerableRules.ENUMERABLE_INTERSECT_RULE,
          EnumerableRules.ENUMERABLE_MINUS_RULE,
          EnumerableRules.ENUMERABLE_REPEAT_UNION_RULE,
          EnumerableRules.ENUMERABLE_TABLE_SPOOL_RULE,
          EnumerableRules.ENUMERABLE_VALUES_RULE,
          EnumerableRules.ENUMERABLE_WINDOW_RULE,
          EnumerableRules.ENUMERABLE_MATCH_RULE,
          EnumerableRules.ENUMERABLE_TABLE_SCAN_RULE,
          EnumerableRules.ENUMERABLE_TABLE_FUNCTION_SCAN_RULE,
          WorkTableScan.RULE,
          EnumerableSortedRuns.RULE,
          CoreRules.PROJECT_TO_LOGICAL_PROJECT_AND_WINDOW);

  private PlanPhases() {}

  /**
   * A physical plan.
   *
   * @param rel the plan, of Calcite's enumerable convention
   * @param locators for each column, whether it holds the locator of a content
   */
  record Optimised(RelNode rel, boolean[] locators) {}

  static VolcanoPlanner newVolcano() {
    VolcanoPlanner planner = new VolcanoPlanner(Contexts.of(EventRules.Phased.YES));
    planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
    planner.setTopDownOpt(false);
    planner.setExecutor(ConstantFolding.INSTANCE);
    return planner;
  }

  static Optimised optimise(RelNode query, RelBuilder builder) {
    RelNode logical = AsOfScans.in(query);
    RelNode joined = CurrentSchema.in(withoutSubQueries(logical, builder));
    RelNode plain = TimestampText.in(ApproximateNumbers.in(CheckedArithmetic.in(joined)));
    RelNode trimmed = trimmed(withNarrowFunctions(plain), builder);
    ContentLocators.Placed placed = ContentLocators.place(trimmed);
    RelNode pushed = GuardedCalls.in(pushedDown(placed.rel()));
    RelNode merged = hep(volcano(pushed), RelOptRules.CALC_RULES);
    RelNode physical = UnmatchedRows.in(TotalOfNothing.in(ContentLast.in(MetadataLast.in(merged))));
    boolean[] locators = new boolean[logical.getRowType().getFieldCount()];
    for (int column : placed.locators()) {
      locators[column] = true;
    }
    return new Optimised(physical, locators);
  }

  /**
   * First scans are narrowed to the columns that trimming left, then conditions go into them, and
   * only then orders, counts and joins: an order that is taken first would keep a condition out.
   */
  private static RelNode pushedDown(RelNode logical) {
    List<RelOptRule> first = EventRules.conditionsAndColumns();
    HepProgramBuilder program = new HepProgramBuilder();
    program.addRuleInstance(UsedColumnsRule.INSTANCE);
    first.forEach(program::addRuleInstance);
    program.addRuleCollection(PUSH_DOWN);
    List<RelOptRule> all = new ArrayList<>(first);
    all.addAll(EventRules.ordersCountsAndJoins());
    all.forEach(rule -> program.addRuleInstance(UsedColumnsRule.INSTANCE).addRuleInstance(rule));
    HepPlanner planner = new HepPlanner(program.build());
    planner.setRoot(logical);
    return planner.findBestExp();
  }

  private static RelNode withoutSubQueries(RelNode logical, RelBuilder builder) {
    RelNode joined = Plans.hasSubQuery(logical) ? hep(logical, SUB_QUERIES) : logical;
    return Decorrelation.of(joined, builder);
  }

  private static RelNode trimmed(RelNode logical, RelBuilder builder) {
    try {
      return new RelFieldTrimmer(null, builder).trim(logical);
    } catch (RuntimeException e) {
      Planning.poll();
      return logical; // Calcite loses count of the columns of some correlated queries
    }
  }

  /** Trimming leaves functions whole, but not a choice of their columns. */
  private static RelNode withNarrowFunctions(RelNode logical) {
    return logical.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            RelNode visited = super.visit(node);
            return visited instanceof LogicalTableFunctionScan && visited.getInputs().isEmpty()
                ? LogicalProject.create(
                    visited,
                    List.of(),
                    visited.getCluster().getRexBuilder().identityProjects(visited.getRowType()),
                    visited.getRowType().getFieldNames(),
                    Set.of())
                : visited;
          }
        });
  }

  private static RelNode volcano(RelNode logical) {
    RelOptPlanner planner = logical.getCluster().getPlanner();
    PHYSICAL.forEach(planner::addRule);
    EventRules.physical().forEach(planner::addRule);
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
