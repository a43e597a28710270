package org.ouroborosdb.sql.plan;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.run.Executor;

/**
 * A planned query.
 *
 * @param columns its columns
 * @param types their types as the generated code has them
 * @param parameters its parameters
 * @param executor what runs it
 * @param shareable whether several sessions, or results, may use one plan at once
 */
public record QueryPlan(
    List<ColumnInfo> columns,
    List<RelDataType> types,
    List<ParameterType> parameters,
    Executor executor,
    boolean shareable)
    implements StatementPlan {
  @Override
  public PreparedPlan.Kind kind() {
    return PreparedPlan.Kind.QUERY;
  }
}
