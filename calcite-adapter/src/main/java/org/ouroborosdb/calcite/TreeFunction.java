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

/** A table function that finds events by an access path; its rows are those of a table. */
final class TreeFunction implements TableFunction, ImplementableFunction {
  /** Calcite's functions have a fixed number of parameters; more tags take a second call. */
  private static final int MOST_TAGS = 8;

  private final EventTable table;
  private final AccessPath.Kind kind;
  private final List<FunctionParameter> parameters;

  private TreeFunction(
      EventTable events, AccessPath.Kind kind, List<FunctionParameter> parameters) {
    this.table = events;
    this.kind = kind;
    this.parameters = List.copyOf(parameters);
  }

  /** Creates {@code subtree(id [, max_depth])}. */
  static TreeFunction subtree(EventTable events) {
    return new TreeFunction(
        events,
        AccessPath.Kind.SUBTREE,
        List.of(
            FunctionArguments.of(0, "id", SqlTypeName.VARCHAR, false),
            FunctionArguments.of(1, "max_depth", SqlTypeName.INTEGER, true)));
  }

  /** Creates {@code ancestors(id)}. */
  static TreeFunction ancestors(EventTable events) {
    return new TreeFunction(
        events,
        AccessPath.Kind.ANCESTORS,
        List.of(FunctionArguments.of(0, "id", SqlTypeName.VARCHAR, false)));
  }

  /** Creates {@code history(id)}. */
  static TreeFunction history(EventTable history) {
    return new TreeFunction(
        history,
        AccessPath.Kind.BY_ID,
        List.of(FunctionArguments.of(0, "id", SqlTypeName.VARCHAR, false)));
  }

  /** Creates {@code tagged(tag1 [, ..., tag8])}. */
  static TreeFunction tagged(EventTable events) {
    List<FunctionParameter> tags = new ArrayList<>();
    for (int i = 0; i < MOST_TAGS; i++) {
      tags.add(FunctionArguments.of(i, "tag" + (i + 1), SqlTypeName.VARCHAR, i > 0));
    }
    return new TreeFunction(events, AccessPath.Kind.WITH_TAGS, tags);
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
          if (parameters.size() == 1) {
            values.add(Expressions.constant(null, Object.class));
          }
          return Expressions.call(
              Expressions.call(TreeFunctionCalls.class, caller(), translator.getRoot()),
              "run",
              translator.getRoot(),
              Expressions.newArrayInit(Object.class, values));
        },
        NullPolicy.NONE,
        false);
  }

  /** The method of {@link TreeFunctionCalls} that gives the scan. */
  private String caller() {
    return switch (kind) {
      case SUBTREE -> "subtree";
      case ANCESTORS -> "ancestors";
      case WITH_TAGS -> "tagged";
      case BY_ID -> "history";
      default -> throw new AssertionError(kind);
    };
  }
}
