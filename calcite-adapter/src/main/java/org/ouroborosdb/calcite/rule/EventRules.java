package org.ouroborosdb.calcite.rule;

import java.util.List;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.rules.CoreRules;

/** The planner rules of this adapter. */
public final class EventRules {
  private EventRules() {}

  /**
   * In the context of a planner, says that {@link #ordersCountsAndJoins} ran before it, so that it
   * need not look for look-up joins again.
   */
  public enum Phased {
    /** The only one. */
    YES
  }

  /**
   * Returns the rules that make functions scans and move conditions and columns into scans. They
   * always help, and are to be run to their end, in a Hep phase, before {@link
   * #ordersCountsAndJoins}: an order that is taken first would keep a condition out.
   */
  public static List<RelOptRule> conditionsAndColumns() {
    return List.of(
        TreeFunctionRule.INSTANCE,
        FilterIntoScanRule.INSTANCE,
        ProjectIntoScanRule.INSTANCE,
        OrIntoScansRule.INSTANCE);
  }

  /**
   * Returns the rules that move orders and counts into scans and make joins look-ups, which leave
   * new conditions: the planner runs {@link #conditionsAndColumns} beside them.
   */
  public static List<RelOptRule> ordersCountsAndJoins() {
    return List.of(
        TagJoinRule.INSTANCE,
        CoreRules.SORT_PROJECT_TRANSPOSE,
        LimitIntoJoinRule.INSTANCE,
        SortIntoScanRule.OVER_SCAN,
        SortIntoScanRule.OVER_FILTER,
        EndsIntoScanRule.INSTANCE,
        CountIntoScanRule.OVER_SCAN,
        CountIntoScanRule.OVER_PROJECT,
        LookupJoinRule.INSTANCE);
  }

  /** Returns the rule that makes scans run, for the phase that chooses by cost. */
  public static List<RelOptRule> physical() {
    return List.of(EnumerableEventScanRule.INSTANCE);
  }

  /**
   * Returns the rules that a planner by cost alone can take too. An order read from an index is not
   * among them: the scan does not carry it as a trait, and the planner would sort again for ever.
   */
  public static List<RelOptRule> all() {
    return List.of(
        AsOfScans.INSTANCE,
        TreeFunctionRule.INSTANCE,
        FilterIntoScanRule.INSTANCE,
        ProjectIntoScanRule.INSTANCE,
        OrIntoScansRule.INSTANCE,
        CountIntoScanRule.OVER_SCAN,
        CountIntoScanRule.OVER_PROJECT,
        EnumerableEventScanRule.INSTANCE);
  }

  /** Brings the rules into a planner that was not told of them. */
  public static void register(RelOptPlanner planner) {
    all().forEach(planner::addRule);
    if (planner.getContext().unwrap(Phased.class) == null) {
      planner.addRule(LookupJoinRule.INSTANCE);
    }
  }
}
