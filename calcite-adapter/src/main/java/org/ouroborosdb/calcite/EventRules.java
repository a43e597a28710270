package org.ouroborosdb.calcite;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.rules.CoreRules;

/** The planner rules of this adapter. */
public final class EventRules {
  private EventRules() {}

  /**
   * Returns the rules that always help, to be run to their end (in a Hep phase) before the costs
   * are looked at: functions become scans, and conditions, columns, orders and counts move into
   * scans, joins become look-ups.
   */
  public static List<RelOptRule> pushDown() {
    return List.of(
        TreeFunctionRule.INSTANCE,
        FilterIntoScanRule.INSTANCE,
        ProjectIntoScanRule.INSTANCE,
        CoreRules.SORT_PROJECT_TRANSPOSE,
        SortIntoScanRule.OVER_SCAN,
        SortIntoScanRule.OVER_FILTER,
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
        TreeFunctionRule.INSTANCE,
        FilterIntoScanRule.INSTANCE,
        ProjectIntoScanRule.INSTANCE,
        CountIntoScanRule.OVER_SCAN,
        CountIntoScanRule.OVER_PROJECT,
        EnumerableEventScanRule.INSTANCE);
  }
}
