package org.ouroborosdb.sql.procedure;

import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.ouroborosdb.store.ReclaimOptions;
import org.ouroborosdb.store.ReclaimReport;

/** {@code CALL reclaim()}: frees what removed events and unused chunks take. One row. */
final class ReclaimProcedure implements Procedure {
  @Override
  public String name() {
    return "reclaim";
  }

  @Override
  public String remarks() {
    return "Frees what removed events and unused chunks take";
  }

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("segments", SqlTypeName.BIGINT),
        new Column("freed_bytes", SqlTypeName.BIGINT),
        new Column("waiting_files", SqlTypeName.BIGINT));
  }

  @Override
  public Outcome run(Invocation invocation) {
    ReclaimReport report =
        invocation
            .store()
            .reclaim(ReclaimOptions.DEFAULT, invocation.cancellation(), invocation.progress());
    Object[] row = {(long) report.segments(), report.freedBytes(), (long) report.waitingFiles()};
    return Outcome.rows(List.<Object[]>of(row));
  }
}
