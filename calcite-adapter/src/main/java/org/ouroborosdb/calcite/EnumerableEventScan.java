package org.ouroborosdb.calcite;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** The scan as it runs: over a snapshot, row by row, with or without generated code around it. */
public final class EnumerableEventScan extends EventScan implements EnumerableRel {
  EnumerableEventScan(EventScan scan) {
    super(
        scan.getCluster(),
        scan.getTraitSet().replace(EnumerableConvention.INSTANCE),
        scan.getTable(),
        scan.events,
        scan.request);
  }

  private EnumerableEventScan(EnumerableEventScan scan, RelTraitSet traits) {
    super(scan.getCluster(), traits, scan.getTable(), scan.events, scan.request);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new EnumerableEventScan(this, traits);
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
    PhysType rows =
        PhysTypeImpl.of(
            (org.apache.calcite.adapter.java.JavaTypeFactory) getCluster().getTypeFactory(),
            getRowType(),
            JavaRowFormat.ARRAY,
            false);
    List<Expression> operands = new ArrayList<>();
    for (RexNode operand : request.path().operands()) {
      operands.add(Expressions.convert_(expression(implementor, operand), Object.class));
    }
    Expression runner = implementor.stash(new ScanRunner(this), ScanRunner.class);
    return implementor.result(
        rows,
        Blocks.toBlock(
            Expressions.call(
                runner,
                "run",
                implementor.getRootExpression(),
                Expressions.newArrayInit(Object.class, operands))));
  }

  private static Expression expression(EnumerableRelImplementor implementor, RexNode operand) {
    RexNode plain = Operands.plain(operand);
    if (plain instanceof RexFieldAccess access
        && access.getReferenceExpr() instanceof RexCorrelVariable variable) {
      return implementor
          .getCorrelVariableGetter(variable.getName())
          .field(new BlockBuilder(), access.getField().getIndex(), Object.class);
    }
    if (plain instanceof RexDynamicParam parameter) {
      return Expressions.call(
          implementor.getRootExpression(), "get", Expressions.constant(parameter.getName()));
    }
    return Expressions.constant(Operands.literal((RexLiteral) plain));
  }

  /** Runs the scan without generated code; null if an operand comes from an outer row. */
  public @Nullable Enumerator<@Nullable Object[]> open(DataContext root) {
    List<RexNode> operands = request.path().operands();
    @Nullable Object[] values = new Object[operands.size()];
    for (int i = 0; i < values.length; i++) {
      RexNode plain = Operands.plain(operands.get(i));
      if (plain instanceof RexDynamicParam parameter) {
        values[i] = root.get(parameter.getName());
      } else if (plain instanceof RexLiteral literal) {
        values[i] = Operands.literal(literal);
      } else {
        return null;
      }
    }
    return new ScanRunner(this).run(root, values).enumerator();
  }

  /** Returns whether {@link #open} can run it. */
  public boolean isDirect() {
    return request.path().operands().stream()
        .map(Operands::plain)
        .noneMatch(operand -> operand instanceof RexFieldAccess || operand instanceof RexCall);
  }
}
