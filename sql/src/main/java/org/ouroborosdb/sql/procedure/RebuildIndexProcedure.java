package org.ouroborosdb.sql.procedure;

/** {@code CALL rebuild_index()}: builds the index anew from the segments. Count 0. */
final class RebuildIndexProcedure implements Procedure {
  @Override
  public String name() {
    return "rebuild_index";
  }

  @Override
  public String remarks() {
    return "Builds the index anew from the segments";
  }

  @Override
  public Outcome run(Invocation invocation) {
    invocation.store().rebuildIndex(invocation.cancellation(), invocation.progress());
    return Outcome.count(0);
  }
}
