package org.ouroborosdb.sql.plan;

import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.ouroborosdb.sql.catalog.SqlCatalog;

/** Computes CURRENT_SCHEMA, which Calcite parses only: unqualified names are of one schema. */
final class CurrentSchema {
  private CurrentSchema() {}

  /** Replaces it in a plan without sub-queries. */
  static RelNode in(RelNode plan) {
    RexBuilder builder = plan.getCluster().getRexBuilder();
    RexShuttle names =
        new RexShuttle() {
          @Override
          public RexNode visitCall(RexCall call) {
            return call.getOperator().equals(SqlStdOperatorTable.CURRENT_SCHEMA)
                ? builder.makeCast(call.getType(), builder.makeLiteral(SqlCatalog.SCHEMA))
                : super.visitCall(call);
          }
        };
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            return super.visit(node).accept(names);
          }
        });
  }
}
