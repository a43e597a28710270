package org.ouroborosdb.sql.plan;

import java.util.List;
import org.ouroborosdb.sql.PreparedPlan;

/**
 * A planned UPDATE or DELETE of a table of versions, which appends a version for each row.
 *
 * @param keys whether the rows are keys, of {@code kv}; else they are files
 * @param removing whether REMOVEs are appended; else new states
 * @param settings what each new state says; the rest is kept
 * @param rows a query of the rows: id or key, version, then the computed values
 * @param rowParameters for each parameter of that query, its index in the statement
 * @param parameters all parameters of the statement
 */
public record VersionPlan(
    boolean keys,
    boolean removing,
    List<Setting> settings,
    QueryPlan rows,
    List<Integer> rowParameters,
    List<ParameterType> parameters)
    implements StatementPlan {
  /** The columns of the rows' query that come before the computed values. */
  public static final int FIRST_COMPUTED = 2;

  /** What can be set. */
  public enum Part {
    CONTENT,
    METADATA,
    MEDIA_TYPE,
    NAME,
    /** The heads that the version replaces: their ids, or {@code winner} for all of them. */
    REPLACES
  }

  /**
   * One assignment.
   *
   * @param part what is set
   * @param parameter the index of the {@code ?} that is the value; -1 if it is computed
   * @param column the column of the rows' query that is the value; -1 if it is a parameter
   */
  public record Setting(Part part, int parameter, int column) {}

  @Override
  public PreparedPlan.Kind kind() {
    return removing ? PreparedPlan.Kind.DELETE : PreparedPlan.Kind.INSERT;
  }

  @Override
  public boolean shareable() {
    return rows.shareable();
  }
}
