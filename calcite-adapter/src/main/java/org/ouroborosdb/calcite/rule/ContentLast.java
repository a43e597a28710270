package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLocalRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.util.Util;
import org.ouroborosdb.calcite.function.ContextFunction;

/**
 * Makes conditions read contents only of rows that the rest of the condition leaves open. The code
 * that Calcite generates computes all operands of AND and OR first, but only one branch of CASE.
 */
public final class ContentLast {
  private ContentLast() {}

  /** Rewrites the conditions of a physical plan. */
  public static RelNode in(RelNode plan) {
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            RelNode visited = super.visit(node);
            return visited instanceof EnumerableCalc calc ? lazy(calc) : visited;
          }
        });
  }

  private static EnumerableCalc lazy(EnumerableCalc calc) {
    RexProgram program = calc.getProgram();
    RexLocalRef condition = program.getCondition();
    if (condition == null) {
      return calc;
    }
    RexBuilder builder = calc.getCluster().getRexBuilder();
    RexNode eager = program.expandLocalRef(condition);
    RexNode lazy = lazy(eager, builder);
    if (lazy.equals(eager)) {
      return calc;
    }
    return EnumerableCalc.create(
        calc.getInput(),
        RexProgram.create(
            program.getInputRowType(),
            program.expandList(program.getProjectList()),
            lazy,
            program.getOutputRowType(),
            builder));
  }

  /** Rewrites a condition, where unknown is as good as false. */
  private static RexNode lazy(RexNode condition, RexBuilder builder) {
    boolean and = condition.isA(SqlKind.AND);
    if (!and && !condition.isA(SqlKind.OR)) {
      return condition;
    }
    List<RexNode> quick = new ArrayList<>();
    List<RexNode> reading = new ArrayList<>();
    List<RexNode> operands =
        and ? RelOptUtil.conjunctions(condition) : RelOptUtil.disjunctions(condition);
    for (RexNode operand : operands) {
      (reads(operand) ? reading : quick).add(lazy(operand, builder));
    }
    if (reading.isEmpty()) {
      return condition;
    }
    RexNode rest = reading.get(reading.size() - 1);
    for (int i = reading.size() - 2; i >= 0; i--) {
      rest = choice(and, reading.get(i), rest, builder);
    }
    if (quick.isEmpty()) {
      return rest;
    }
    RexNode known =
        and
            ? RexUtil.composeConjunction(builder, quick)
            : RexUtil.composeDisjunction(builder, quick);
    return choice(and, known, rest, builder);
  }

  private static RexNode choice(boolean and, RexNode first, RexNode rest, RexBuilder builder) {
    return and
        ? builder.makeCall(SqlStdOperatorTable.CASE, first, rest, builder.makeLiteral(false))
        : builder.makeCall(SqlStdOperatorTable.CASE, first, builder.makeLiteral(true), rest);
  }

  /** Returns whether an expression reads the store for each row. */
  private static boolean reads(RexNode expression) {
    try {
      expression.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitCall(RexCall call) {
              if (call.getOperator() instanceof SqlUserDefinedFunction function
                  && function.getFunction() instanceof ContextFunction) {
                throw Util.FoundOne.NULL;
              }
              return super.visitCall(call);
            }
          });
      return false;
    } catch (Util.FoundOne e) {
      return true;
    }
  }
}
