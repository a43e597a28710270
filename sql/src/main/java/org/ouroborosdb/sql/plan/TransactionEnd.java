package org.ouroborosdb.sql.plan;

import java.util.List;
import org.ouroborosdb.sql.PreparedPlan;

/** The statements COMMIT and ROLLBACK. */
public enum TransactionEnd implements StatementPlan {
  COMMIT,
  ROLLBACK;

  @Override
  public PreparedPlan.Kind kind() {
    return PreparedPlan.Kind.OTHER;
  }

  @Override
  public boolean shareable() {
    return true;
  }

  @Override
  public List<ParameterType> parameters() {
    return List.of();
  }
}
