package org.ouroborosdb.sql.plan;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.procedure.Procedure;

/**
 * A planned CALL.
 *
 * @param procedure what it runs
 * @param arguments a query whose only row has the values of the arguments given; null if none is
 * @param columns the columns of the rows it gives; empty if it gives a count
 * @param types their types as the engine has them
 */
public record CallPlan(
    Procedure procedure,
    @Nullable QueryPlan arguments,
    List<ColumnInfo> columns,
    List<RelDataType> types)
    implements StatementPlan {
  @Override
  public PreparedPlan.Kind kind() {
    return columns.isEmpty() ? PreparedPlan.Kind.CALL : PreparedPlan.Kind.QUERY;
  }

  @Override
  public boolean shareable() {
    return arguments == null || arguments.shareable();
  }

  @Override
  public List<ParameterType> parameters() {
    return arguments == null ? List.of() : arguments.parameters();
  }
}
