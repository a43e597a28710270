package org.ouroborosdb.sql.plan;

import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Finds the {@code ?}s that stand in LIMIT, OFFSET and CAST. */
final class ParameterUses extends SqlBasicVisitor<@Nullable Void> {
  private final Map<Integer, StatementPlan.Use> uses = new HashMap<>();

  private ParameterUses() {}

  static Map<Integer, StatementPlan.Use> of(SqlNode statement) {
    ParameterUses finder = new ParameterUses();
    statement.accept(finder);
    return finder.uses;
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call instanceof SqlOrderBy order) {
      note(order.fetch, StatementPlan.Use.LIMIT);
      note(order.offset, StatementPlan.Use.OFFSET);
    } else if (call instanceof SqlSelect select) {
      note(select.getFetch(), StatementPlan.Use.LIMIT);
      note(select.getOffset(), StatementPlan.Use.OFFSET);
    } else if (call.getKind() == SqlKind.CAST) {
      note(call.operand(0), StatementPlan.Use.CAST);
    }
    return super.visit(call);
  }

  private void note(@Nullable SqlNode node, StatementPlan.Use use) {
    if (node instanceof SqlDynamicParam parameter) {
      uses.put(parameter.getIndex(), use);
    }
  }
}
