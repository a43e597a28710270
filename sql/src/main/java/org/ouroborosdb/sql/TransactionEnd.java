package org.ouroborosdb.sql;

import java.util.List;

/** The statements COMMIT and ROLLBACK. */
enum TransactionEnd implements StatementPlan {
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
