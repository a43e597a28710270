package org.ouroborosdb.sql.plan;

import java.util.List;
import org.ouroborosdb.sql.PreparedPlan;

/**
 * A planned DELETE of temporary events.
 *
 * @param doomed a query of the ids and temporary marks of the rows to delete
 */
public record DeletePlan(QueryPlan doomed) implements StatementPlan {
  @Override
  public PreparedPlan.Kind kind() {
    return PreparedPlan.Kind.DELETE;
  }

  @Override
  public boolean shareable() {
    return doomed.shareable();
  }

  @Override
  public List<ParameterType> parameters() {
    return doomed.parameters();
  }
}
