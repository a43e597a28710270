package org.ouroborosdb.sql.plan;

import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.rules.SubQueryRemoveRule;
import org.apache.calcite.rex.LogicVisitor;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sub-queries of a select list joins. Calcite's own rule takes a variable of a query
 * further out for one of this list's rows, where the list has no variable itself or several
 * sub-queries, and so compares with the wrong row.
 */
final class ProjectSubQueryRule extends SubQueryRemoveRule {
  static final ProjectSubQueryRule INSTANCE = new ProjectSubQueryRule();

  private ProjectSubQueryRule() {
    super(Config.PROJECT);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    Project project = call.rel(0);
    RelBuilder builder = call.builder();
    builder.push(project.getInput());
    List<RexNode> list = project.getProjects();
    int index = 0;
    for (RexSubQuery query = next(list); query != null; query = next(list)) {
      Set<CorrelationId> own = RelOptUtil.getVariablesUsed(query.rel);
      own.retainAll(project.getVariablesSet());
      RelOptUtil.Logic logic = LogicVisitor.find(RelOptUtil.Logic.TRUE_FALSE_UNKNOWN, list, query);
      int fields = builder.peek().getRowType().getFieldCount();
      RexNode value = apply(query, own, logic, builder, 1, fields, ++index);
      list = new Replacement(query, value).apply(list);
    }
    builder.project(list, project.getRowType().getFieldNames());
    call.transformTo(builder.build());
  }

  private static @Nullable RexSubQuery next(List<RexNode> list) {
    return RexUtil.SubQueryFinder.find(list);
  }

  /** Puts a value in the place of a sub-query. */
  private static final class Replacement extends RexShuttle {
    private final RexSubQuery query;
    private final RexNode value;

    Replacement(RexSubQuery query, RexNode value) {
      this.query = query;
      this.value = value;
    }

    @Override
    public RexNode visitSubQuery(RexSubQuery other) {
      return other.equals(query) ? value : other;
    }
  }
}
