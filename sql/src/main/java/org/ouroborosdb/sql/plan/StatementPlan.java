package org.ouroborosdb.sql.plan;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.ouroborosdb.sql.ParameterInfo;
import org.ouroborosdb.sql.PreparedPlan;

/** What planning made of a statement, shared by all sessions. Immutable. */
public sealed interface StatementPlan
    permits QueryPlan, InsertPlan, DeletePlan, VersionPlan, CallPlan, TransactionEnd {
  /** Returns what running it gives. */
  PreparedPlan.Kind kind();

  /** Returns whether several sessions, or results, may use the plan at once, and again. */
  boolean shareable();

  /** Returns the types of its {@code ?}s. */
  List<ParameterType> parameters();

  /**
   * A {@code ?}.
   *
   * @param type its type
   * @param use where it stands
   * @param info what the session's caller sees
   */
  record ParameterType(RelDataType type, Use use, ParameterInfo info) {}

  /** The places of a {@code ?} that need care. */
  enum Use {
    /** Anywhere else. */
    VALUE,
    /** Directly under a CAST to a type with a length. */
    CAST,
    /** In LIMIT or FETCH. */
    LIMIT,
    /** In OFFSET. */
    OFFSET
  }
}
