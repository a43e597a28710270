package org.ouroborosdb.sql;

import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Project;
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

/** Makes joins of queries that would run once for each row of another. */
final class Decorrelation {
  /** Hides a constant from Calcite, which takes GROUP BY a constant for a group without a key. */
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

  /** Hides the constants that an aggregate groups by. */
  private static RelNode hidden(RelNode plan) {
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            RelNode visited = super.visit(node);
            return visited instanceof Aggregate aggregate
                    && aggregate.getInput() instanceof Project project
                    && aggregate.getGroupSet().asList().stream()
                        .anyMatch(i -> project.getProjects().get(i) instanceof RexLiteral)
                ? aggregate.copy(
                    aggregate.getTraitSet(),
                    List.of(project.accept(new Hiding(project.getCluster().getRexBuilder()))))
                : visited;
          }
        });
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
      return builder.makeCall(literal.getType(), HIDDEN, List.of(literal));
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
