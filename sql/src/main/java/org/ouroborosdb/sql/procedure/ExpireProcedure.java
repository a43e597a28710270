package org.ouroborosdb.sql.procedure;

/** {@code CALL expire()}: removes the temporary events that have expired, and counts them. */
final class ExpireProcedure implements Procedure {
  @Override
  public String name() {
    return "expire";
  }

  @Override
  public String remarks() {
    return "Removes the temporary events whose expires_at has passed, and counts them";
  }

  @Override
  public Outcome run(Invocation invocation) {
    return Outcome.count(
        invocation.store().expire(invocation.cancellation(), invocation.progress()));
  }
}
