package org.ouroborosdb.sql.plan;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;

/** Questions about a relational plan. */
final class Plans {
  private Plans() {}

  /** Returns whether a plan has a node of a class. */
  static boolean hasNode(RelNode plan, Class<?> type) {
    if (type.isInstance(plan)) {
      return true;
    }
    for (RelNode input : plan.getInputs()) {
      if (hasNode(input, type)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether an expression of a plan is a sub-query. */
  static boolean hasSubQuery(RelNode plan) {
    boolean[] found = new boolean[1];
    plan.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            found[0] = true;
            return query;
          }
        });
    for (RelNode input : plan.getInputs()) {
      found[0] |= hasSubQuery(input);
    }
    return found[0];
  }
}
