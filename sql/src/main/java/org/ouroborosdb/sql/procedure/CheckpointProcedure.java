package org.ouroborosdb.sql.procedure;

/** {@code CALL checkpoint()}: forces all commits and writes the index. Count 0. */
final class CheckpointProcedure implements Procedure {
  @Override
  public String name() {
    return "checkpoint";
  }

  @Override
  public String remarks() {
    return "Forces all commits and writes the index";
  }

  @Override
  public Outcome run(Invocation invocation) {
    invocation.store().checkpoint();
    return Outcome.count(0);
  }
}
