package org.ouroborosdb.calcite;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.RelOptTableImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.TableFunction;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** A table function over the tree of an event, whose rows are those of {@code events}. */
final class TreeFunction implements TableFunction, ImplementableFunction {
  private final EventTable table;
  private final AccessPath.Kind kind;
  private final boolean withDepth;

  /** Creates {@code f(id)} or, with depth, {@code f(id [, max_depth])}. */
  TreeFunction(EventTable events, AccessPath.Kind kind, boolean withDepth) {
    this.table = events;
    this.kind = kind;
    this.withDepth = withDepth;
  }

  EventTable table() {
    return table;
  }

  AccessPath.Kind kind() {
    return kind;
  }

  RelOptTable eventsTable(RelDataType row) {
    return RelOptTableImpl.create(
        null, row, List.of("ouroboros", table.info().name()), table, (Expression) null);
  }

  @Override
  public RelDataType getRowType(
      RelDataTypeFactory types, List<? extends @Nullable Object> arguments) {
    return table.getRowType(types);
  }

  @Override
  public Type getElementType(List<? extends @Nullable Object> arguments) {
    return Object[].class;
  }

  @Override
  public List<FunctionParameter> getParameters() {
    List<FunctionParameter> parameters = new ArrayList<>();
    parameters.add(FunctionArguments.of(0, "id", SqlTypeName.VARCHAR, false));
    if (withDepth) {
      parameters.add(FunctionArguments.of(1, "max_depth", SqlTypeName.INTEGER, true));
    }
    return parameters;
  }

  /** Runs the function where its arguments are expressions, which no access path takes. */
  @Override
  public CallImplementor getImplementor() {
    return RexImpTable.createImplementor(
        (translator, call, operands) -> {
          List<Expression> values = new ArrayList<>();
          operands.forEach(
              operand -> values.add(Expressions.convert_(Expressions.box(operand), Object.class)));
          if (!withDepth) {
            values.add(Expressions.constant(null, Object.class));
          }
          return Expressions.call(
              Expressions.call(
                  TreeFunctionCalls.class,
                  kind == AccessPath.Kind.SUBTREE ? "subtree" : "ancestors",
                  translator.getRoot()),
              "run",
              translator.getRoot(),
              Expressions.newArrayInit(Object.class, values));
        },
        NullPolicy.NONE,
        false);
  }
}
