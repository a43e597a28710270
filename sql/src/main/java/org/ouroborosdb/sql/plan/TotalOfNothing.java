package org.ouroborosdb.sql.plan;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Primitive;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * The grand total of ROLLUP, CUBE and GROUPING SETS over no rows: one row, as the standard has it,
 * where Calcite's aggregate gives none. Public only because generated code calls it.
 */
public final class TotalOfNothing extends SingleRel implements EnumerableRel {
  private TotalOfNothing(RelNode aggregate) {
    super(aggregate.getCluster(), aggregate.getTraitSet(), aggregate);
  }

  /** Puts such a row behind each aggregate of a finished plan that has a total among others. */
  static RelNode in(RelNode plan) {
    List<RelNode> inputs = new ArrayList<>();
    plan.getInputs().forEach(input -> inputs.add(in(input)));
    RelNode made = inputs.equals(plan.getInputs()) ? plan : plan.copy(plan.getTraitSet(), inputs);
    return made instanceof EnumerableAggregate aggregate
            && aggregate.getGroupSets().size() > 1
            && aggregate.getGroupSets().stream().anyMatch(ImmutableBitSet::isEmpty)
        ? new TotalOfNothing(made)
        : made;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new TotalOfNothing(inputs.get(0));
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder block = new BlockBuilder();
    Result child = implementor.visitChild(this, 0, (EnumerableRel) getInput(), prefer);
    Expression rows = block.append("rows", child.block);
    PhysType type = child.physType;
    EnumerableAggregate aggregate = (EnumerableAggregate) getInput();
    List<Expression> values = new ArrayList<>();
    for (int i = 0; i < getRowType().getFieldCount(); i++) {
      values.add(value(aggregate, i, Primitive.box(type.fieldClass(i))));
    }
    Expression row = block.append("total", type.record(values));
    block.add(
        Expressions.return_(
            null, Expressions.call(TotalOfNothing.class, "orElse", List.of(rows, row))));
    return implementor.result(type, block.toBlock());
  }

  private static Expression value(EnumerableAggregate aggregate, int field, Type as) {
    RelDataType type = aggregate.getRowType().getFieldList().get(field).getType();
    if (field < aggregate.getGroupCount() || type.isNullable()) {
      return Expressions.constant(null, as);
    }
    AggregateCall call = aggregate.getAggCallList().get(field - aggregate.getGroupCount());
    SqlKind kind = call.getAggregation().getKind();
    if (kind == SqlKind.GROUPING) {
      return number((1L << call.getArgList().size()) - 1, as);
    }
    if (SqlTypeUtil.isNumeric(type)) {
      return number(0, as);
    }
    return switch (kind) {
      case JSON_ARRAYAGG -> Expressions.constant("[]", as);
      case JSON_OBJECTAGG -> Expressions.constant("{}", as);
      default ->
          SqlTypeUtil.isCollection(type)
              ? Expressions.call(List.class, "of")
              : Expressions.constant(null, as);
    };
  }

  private static Expression number(long value, Type as) {
    BigDecimal number = BigDecimal.valueOf(value);
    Object boxed =
        as == Long.class
            ? number.longValue()
            : as == Integer.class
                ? number.intValue()
                : as == Double.class ? number.doubleValue() : number;
    return Expressions.constant(boxed, as);
  }

  /** Returns rows, or one that stands for none. */
  public static <T> Enumerable<T> orElse(Enumerable<T> rows, T total) {
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        return new Rows<>(rows.enumerator(), total);
      }
    };
  }

  private static final class Rows<T> implements Enumerator<T> {
    private final Enumerator<T> rows;
    private final T total;
    private boolean any;
    private boolean inTotal;

    Rows(Enumerator<T> rows, T total) {
      this.rows = rows;
      this.total = total;
    }

    @Override
    public T current() {
      return inTotal ? total : rows.current();
    }

    @Override
    public boolean moveNext() {
      if (!inTotal && rows.moveNext()) {
        any = true;
        return true;
      }
      inTotal = !any;
      any = true;
      return inTotal;
    }

    @Override
    public void reset() {
      rows.reset();
      any = false;
      inTotal = false;
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
