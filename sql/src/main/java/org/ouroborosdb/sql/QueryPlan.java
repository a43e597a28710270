package org.ouroborosdb.sql;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;

/**
 * A planned query.
 *
 * @param columns its columns
 * @param types their types as the generated code has them
 * @param parameters its parameters
 * @param executor what runs it
 * @param shareable whether several sessions, or results, may use one plan at once
 */
record QueryPlan(
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
