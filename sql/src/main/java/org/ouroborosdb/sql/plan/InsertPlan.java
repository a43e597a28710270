package org.ouroborosdb.sql.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.SqlType;

/**
 * A planned INSERT: rows of cells, or a query that gives the rows.
 *
 * @param target the table
 * @param fields what each value of a row sets
 * @param rows the rows of VALUES; empty if there is a query
 * @param query the query of INSERT ... SELECT; null for VALUES
 * @param queryParameters for each parameter of the query, its index in the statement
 * @param contentParameter the parameter that is the content of all rows of the query, which is not
 *     one of the query's: it may be longer than an expression can be; -1 if there is none
 * @param upsert whether a key may have a value already
 * @param parameters all parameters of the statement
 */
public record InsertPlan(
    InsertTarget target,
    List<InsertTarget.Field> fields,
    List<Row> rows,
    @Nullable QueryPlan query,
    List<Integer> queryParameters,
    int contentParameter,
    boolean upsert,
    List<ParameterType> parameters)
    implements StatementPlan {
  /** One value of a row. */
  public sealed interface Cell permits Constant, Parameter, ArrayOf, Computed {}

  /** A literal as a value of a class of {@link SqlType}; null also for DEFAULT. */
  public record Constant(@Nullable Object value) implements Cell {}

  /** A {@code ?} by its index. */
  public record Parameter(int index) implements Cell {}

  /** An array of literals and parameters. */
  public record ArrayOf(List<Cell> cells) implements Cell {}

  /** A column of the row's query. */
  public record Computed(int column) implements Cell {}

  /**
   * One row of VALUES.
   *
   * @param cells its values
   * @param computed a query of one row for the values that need planning; null if none does
   * @param computedParameters for each parameter of that query, its index in the statement
   */
  public record Row(
      List<Cell> cells, @Nullable QueryPlan computed, List<Integer> computedParameters) {}

  @Override
  public PreparedPlan.Kind kind() {
    return PreparedPlan.Kind.INSERT;
  }

  @Override
  public boolean shareable() {
    return (query == null || query.shareable())
        && rows.stream().allMatch(row -> row.computed == null || row.computed.shareable());
  }
}
