package org.ouroborosdb.sql.procedure;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.ouroborosdb.store.VerifyReport;

/**
 * {@code CALL verify()}: reads and hashes everything. A row for each of the first 1,000 problems,
 * and one that counts the rest; none if the store is sound.
 */
final class VerifyProcedure implements Procedure {
  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String remarks() {
    return "Reads and hashes everything; a row for each problem";
  }

  @Override
  public boolean writes() {
    return false;
  }

  @Override
  public List<Column> columns() {
    return List.of(new Column("problem", SqlTypeName.VARCHAR));
  }

  @Override
  public Outcome run(Invocation invocation) {
    VerifyReport report =
        invocation.store().verify(invocation.cancellation(), invocation.progress());
    List<Object[]> rows = new ArrayList<>();
    report.damages().forEach(damage -> rows.add(new Object[] {damage}));
    long more = report.damageCount() - report.damages().size();
    if (more > 0) {
      rows.add(new Object[] {"and " + more + " more"});
    }
    return Outcome.rows(rows);
  }
}
