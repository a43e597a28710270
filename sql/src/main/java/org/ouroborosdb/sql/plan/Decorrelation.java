package org.ouroborosdb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql2rel.RelDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.ouroborosdb.sql.dialect.Planning;

/** Makes joins of queries that would run once for each row of another. */
final class Decorrelation {
  /** Hides an expression from Calcite, which draws wrong conclusions from some. */
  private static final SqlFunction HIDDEN =
      new SqlFunction(
          "OUROBOROS_HIDDEN",
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0,
          null,
          OperandTypes.ANY,
          SqlFunctionCategory.SYSTEM);

  static {
    // Its assertions are all that notices joins it makes wrong; set before it is initialised.
    ClassLoader loader = Decorrelation.class.getClassLoader();
    if (loader != null) {
      loader.setClassAssertionStatus("org.apache.calcite.sql2rel.RelDecorrelator", true);
    }
  }

  private Decorrelation() {}

  /**
   * Returns the plan with joins, or as it was: then the inner query runs once for each outer row.
   */
  static RelNode of(RelNode plan, RelBuilder builder) {
    if (!Plans.hasNode(plan, Correlate.class) || isNested(plan, false)) {
      return plan;
    }
    try {
      RelNode joined = RelDecorrelator.decorrelateQuery(hidden(plan), builder);
      return joined.accept(each(new Shown()));
    } catch (RuntimeException | AssertionError e) {
      Planning.poll();
      return plan;
    }
  }

  /** Of a correlated query within another Calcite mixes up the rows. */
  private static boolean isNested(RelNode plan, boolean inner) {
    for (RelNode input : plan.getInputs()) {
      boolean right = plan instanceof Correlate && input.equals(plan.getInput(1));
      if ((inner && plan instanceof Correlate) || isNested(input, inner || right)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Hides what misleads Calcite: constants that an aggregate groups by, and what it takes for
   * reasons that a column is never NULL, to compare outer rows by {@code =} then.
   */
  private static RelNode hidden(RelNode plan) {
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            RelNode visited = super.visit(node);
            if (visited instanceof Aggregate aggregate) {
              return withoutConstants(aggregate);
            } else if (visited instanceof Join join) {
              return withoutStrictness(join);
            }
            return visited instanceof Correlate correlate ? withNulls(correlate) : visited;
          }
        });
  }

  private static RelNode withoutConstants(Aggregate aggregate) {
    return aggregate.getInput() instanceof Project project
            && aggregate.getGroupSet().asList().stream()
                .anyMatch(i -> project.getProjects().get(i) instanceof RexLiteral)
        ? aggregate.copy(
            aggregate.getTraitSet(),
            List.of(project.accept(new Hiding(project.getCluster().getRexBuilder()))))
        : aggregate;
  }

  /** An outer join keeps rows of which a column in its condition is NULL; Calcite forgets that. */
  private static RelNode withoutStrictness(Join join) {
    if (!join.getJoinType().isOuterJoin() || join.getCondition().isAlwaysTrue()) {
      return join;
    }
    RexNode condition = hide(join.getCluster().getRexBuilder(), join.getCondition());
    return join.copy(
        join.getTraitSet(),
        condition,
        join.getLeft(),
        join.getRight(),
        join.getJoinType(),
        join.isSemiJoinDone());
  }

  /** Of another correlated query Calcite makes an outer join; a total of all groups has no key. */
  private static RelNode withNulls(Correlate correlate) {
    RelNode left = correlate.getLeft();
    if (!Plans.hasNode(left, Correlate.class) && !Plans.hasNode(left, Aggregate.class)) {
      return correlate;
    }
    RexBuilder builder = left.getCluster().getRexBuilder();
    List<RexNode> columns = new ArrayList<>(builder.identityProjects(left.getRowType()));
    for (int column : correlate.getRequiredColumns()) {
      if (columns.get(column).getType().isNullable()) {
        columns.set(column, hide(builder, columns.get(column)));
      }
    }
    RelNode hiding =
        LogicalProject.create(
            left, List.of(), columns, left.getRowType().getFieldNames(), Set.of());
    return correlate.copy(correlate.getTraitSet(), List.of(hiding, correlate.getRight()));
  }

  private static RexNode hide(RexBuilder builder, RexNode expression) {
    return builder.makeCall(expression.getType(), HIDDEN, List.of(expression));
  }

  private static RelHomogeneousShuttle each(RexShuttle expressions) {
    return new RelHomogeneousShuttle() {
      @Override
      public RelNode visit(RelNode node) {
        return super.visit(node).accept(expressions);
      }
    };
  }

  private static final class Hiding extends RexShuttle {
    private final RexBuilder builder;

    Hiding(RexBuilder builder) {
      this.builder = builder;
    }

    @Override
    public RexNode visitLiteral(RexLiteral literal) {
      return hide(builder, literal);
    }

    @Override
    public RexNode visitCall(RexCall call) {
      return call; // only what is a constant as a whole is taken for one
    }
  }

  private static final class Shown extends RexShuttle {
    @Override
    public RexNode visitCall(RexCall call) {
      return call.getOperator().equals(HIDDEN) ? call.getOperands().get(0) : super.visitCall(call);
    }
  }
}
