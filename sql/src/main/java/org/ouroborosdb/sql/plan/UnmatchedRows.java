package org.ouroborosdb.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableNestedLoopJoin;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;

/**
 * Gives each row on the right of a RIGHT or FULL join an object of its own. Calcite's nested loops
 * keep the rows without a match by identity, and a row of one column is its value: equal values
 * would be one row.
 */
final class UnmatchedRows {
  private UnmatchedRows() {}

  /** Rewrites the nested loops of a physical plan. */
  static RelNode in(RelNode plan) {
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            RelNode visited = super.visit(node);
            return visited instanceof EnumerableNestedLoopJoin join
                    && join.getJoinType().generatesNullsOnLeft()
                ? withRows(join)
                : visited;
          }
        });
  }

  /** A row of several columns is an object made for it, whatever the columns there were. */
  private static RelNode withRows(EnumerableNestedLoopJoin join) {
    RelNode right = join.getRight();
    RexBuilder builder = join.getCluster().getRexBuilder();
    List<RexNode> columns = new ArrayList<>(builder.identityProjects(right.getRowType()));
    RexNode mark = builder.makeLiteral(true);
    columns.add(mark);
    columns.add(mark);
    RelDataType wide =
        join.getCluster()
            .getTypeFactory()
            .builder()
            .addAll(right.getRowType().getFieldList())
            .add("OUROBOROS_ROW", mark.getType())
            .add("OUROBOROS_ROW0", mark.getType())
            .build();
    RelNode rows =
        EnumerableCalc.create(
            right, RexProgram.create(right.getRowType(), columns, null, wide, builder));
    RelNode joined =
        EnumerableNestedLoopJoin.create(
            join.getLeft(), rows, join.getCondition(), join.getVariablesSet(), join.getJoinType());
    RelDataType row = join.getRowType();
    List<RexNode> kept = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      kept.add(builder.makeInputRef(joined, field.getIndex()));
    }
    return EnumerableCalc.create(
        joined, RexProgram.create(joined.getRowType(), kept, null, row, builder));
  }
}
