package org.ouroborosdb.sql.procedure;

import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * {@code CALL compact()}: writes the index anew without what is dead in its file. One row: by how
 * many bytes it became shorter.
 */
final class CompactProcedure implements Procedure {
  @Override
  public String name() {
    return "compact";
  }

  @Override
  public String remarks() {
    return "Writes the index anew without what is dead in its file";
  }

  @Override
  public List<Column> columns() {
    return List.of(new Column("freed_bytes", SqlTypeName.BIGINT));
  }

  @Override
  public Outcome run(Invocation invocation) {
    long freed = invocation.store().compact(invocation.cancellation(), invocation.progress());
    return Outcome.rows(List.<Object[]>of(new Object[] {freed}));
  }
}
