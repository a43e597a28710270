package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Snapshot;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.ouroborosdb.calcite.scan.AsOf;
import org.ouroborosdb.calcite.scan.EventScan;

/** Moves FOR SYSTEM_TIME AS OF into the scans of its tables. */
public final class AsOfScans extends RelOptRule {
  static final AsOfScans INSTANCE = new AsOfScans();

  private AsOfScans() {
    super(operand(Snapshot.class, operand(EventScan.class, none())));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    Snapshot snapshot = call.rel(0);
    EventScan scan = call.rel(1);
    call.transformTo(scan.asOf(AsOf.of(snapshot.getPeriod())));
  }

  /**
   * Returns a logical plan, sub-queries too, without snapshot nodes.
   *
   * @throws UnsupportedOperationException if one stands over anything but a table
   */
  public static RelNode in(RelNode rel) {
    List<RelNode> inputs = new ArrayList<>();
    rel.getInputs().forEach(input -> inputs.add(in(input)));
    if (rel instanceof Snapshot snapshot) {
      if (!(inputs.get(0) instanceof EventScan scan)) {
        throw new UnsupportedOperationException(
            "FOR SYSTEM_TIME AS OF is not supported here: it stands behind the name of a table");
      }
      return scan.asOf(AsOf.of(snapshot.getPeriod()));
    }
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return copy.accept(
        new RexShuttle() {
          @Override
          public RexNode visitSubQuery(RexSubQuery query) {
            RexSubQuery own = (RexSubQuery) super.visitSubQuery(query);
            RelNode inner = in(own.rel);
            return inner.equals(own.rel) ? own : own.clone(inner);
          }
        });
  }
}
