package org.ouroborosdb.calcite.scan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.adapter.enumerable.RexToLixTranslator;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.jspecify.annotations.Nullable;

/** The scan as it runs: over a snapshot, row by row, with or without generated code around it. */
public final class EnumerableEventScan extends EventScan implements EnumerableRel {
  /** Creates the scan that gives what a logical one is to give. */
  public EnumerableEventScan(EventScan scan) {
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

  /** Returns the scan that gives what reads a metadata in its place. */
  public EnumerableEventScan late() {
    return new EnumerableEventScan(
        with(
            new Request(
                request.path(),
                request.columns(),
                request.locators(),
                true,
                request.counting(),
                request.asOf())));
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
    Expression values = Expressions.newArrayInit(Object.class, operands);
    AsOf asOf = request.asOf();
    if (asOf == null) {
      return implementor.result(
          rows,
          Blocks.toBlock(Expressions.call(runner, "run", implementor.getRootExpression(), values)));
    }
    BlockBuilder block = new BlockBuilder();
    Expression moment = Expressions.convert_(moment(implementor, asOf, block), Object.class);
    block.add(Expressions.call(runner, "run", implementor.getRootExpression(), values, moment));
    return implementor.result(rows, block.toBlock());
  }

  /** A moment may be any expression of constants and parameters. */
  private Expression moment(EnumerableRelImplementor implementor, AsOf asOf, BlockBuilder block) {
    if (asOf.isDirect()) {
      return expression(implementor, asOf.value());
    }
    RexBuilder builder = getCluster().getRexBuilder();
    RexProgram program =
        RexProgram.create(
            getCluster().getTypeFactory().builder().build(),
            List.of(asOf.value()),
            null,
            List.of("moment"),
            builder);
    return Expressions.box(
        RexToLixTranslator.translateProjects(
                program,
                implementor.getTypeFactory(),
                implementor.getConformance(),
                block,
                null,
                null,
                implementor.getRootExpression(),
                (list, index, type) -> {
                  throw new AssertionError("a moment has no columns");
                },
                null)
            .get(0));
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
    // Boxed: Janino takes (Object) -1L for a subtraction.
    return Expressions.box(Expressions.constant(Operands.literal((RexLiteral) plain)));
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
    AsOf asOf = request.asOf();
    Object moment = asOf == null ? null : value(root, Operands.plain(asOf.value()));
    return new ScanRunner(this).run(root, values, moment).enumerator();
  }

  private static @Nullable Object value(DataContext root, RexNode plain) {
    return plain instanceof RexDynamicParam parameter
        ? root.get(parameter.getName())
        : Operands.literal((RexLiteral) plain);
  }

  /** Returns whether {@link #open} can run it. */
  public boolean isDirect() {
    AsOf asOf = request.asOf();
    if (asOf != null && !asOf.isDirect()) {
      return false;
    }
    return request.path().operands().stream()
        .map(Operands::plain)
        .noneMatch(operand -> operand instanceof RexFieldAccess || operand instanceof RexCall);
  }
}
