package org.ouroborosdb.calcite.function;

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
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.TableFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.AsOf;
import org.ouroborosdb.calcite.scan.EventTable;

/** A table function that finds events by an access path; its rows are those of a table. */
public final class TreeFunction implements TableFunction, ImplementableFunction {
  /** Calcite's functions have a fixed number of parameters; more tags take a second call. */
  private static final int MOST_TAGS = 8;

  private final EventTable table;
  private final AccessPath.Kind kind;
  private final List<FunctionParameter> parameters;

  private TreeFunction(
      EventTable events, AccessPath.Kind kind, List<FunctionParameter> parameters) {
    this.table = events;
    this.kind = kind;
    List<FunctionParameter> all = new ArrayList<>(parameters);
    all.add(FunctionArguments.of(all.size(), "as_of", ColumnType.TIMESTAMP, true));
    this.parameters = List.copyOf(all);
  }

  /** Creates {@code subtree(id [, max_depth])}. */
  public static TreeFunction subtree(EventTable events) {
    return new TreeFunction(
        events,
        AccessPath.Kind.SUBTREE,
        List.of(
            FunctionArguments.of(0, "id", SqlTypeName.VARCHAR, false),
            FunctionArguments.of(1, "max_depth", SqlTypeName.INTEGER, true)));
  }

  /** Creates {@code ancestors(id)}. */
  public static TreeFunction ancestors(EventTable events) {
    return new TreeFunction(
        events,
        AccessPath.Kind.ANCESTORS,
        List.of(FunctionArguments.of(0, "id", SqlTypeName.VARCHAR, false)));
  }

  /** Creates {@code history(id)}. */
  public static TreeFunction history(EventTable history) {
    return new TreeFunction(
        history,
        AccessPath.Kind.BY_ID,
        List.of(FunctionArguments.of(0, "id", SqlTypeName.VARCHAR, false)));
  }

  /** Creates {@code tagged(tag1 [, ..., tag8])}. */
  public static TreeFunction tagged(EventTable events) {
    List<FunctionParameter> tags = new ArrayList<>();
    for (int i = 0; i < MOST_TAGS; i++) {
      tags.add(FunctionArguments.of(i, "tag" + (i + 1), SqlTypeName.VARCHAR, i > 0));
    }
    return new TreeFunction(events, AccessPath.Kind.WITH_TAGS, tags);
  }

  /** Returns the table whose rows it gives. */
  public EventTable table() {
    return table;
  }

  /** Returns how it finds them. */
  public AccessPath.Kind kind() {
    return kind;
  }

  /** Returns the table as a planner knows it. */
  public RelOptTable eventsTable(RelDataType row) {
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

  /**
   * Returns the moment that a call gives as its last argument; null if none.
   *
   * @param arguments the arguments, perhaps without those that were left out
   */
  public @Nullable AsOf moment(List<RexNode> arguments) {
    int last = parameters.size() - 1;
    return arguments.size() <= last || isDefault(arguments.get(last))
        ? null
        : AsOf.of(arguments.get(last));
  }

  /** Returns whether an argument was left out; the validator may have cast what stands for it. */
  public static boolean isDefault(RexNode argument) {
    return argument.isA(SqlKind.DEFAULT)
        || (argument.isA(SqlKind.CAST) && isDefault(((RexCall) argument).getOperands().get(0)));
  }

  /** Runs the function where its arguments are expressions, which no access path takes. */
  @Override
  public CallImplementor getImplementor() {
    return RexImpTable.createImplementor(
        (translator, call, operands) -> {
          List<Expression> values = new ArrayList<>();
          int own = Math.min(operands.size(), parameters.size() - 1);
          for (int i = 0; i < Math.max(own, 2); i++) {
            values.add(
                i < own && !isDefault(call.getOperands().get(i))
                    ? Expressions.convert_(Expressions.box(operands.get(i)), Object.class)
                    : Expressions.constant(null, Object.class));
          }
          AsOf moment = moment(call.getOperands());
          Expression value =
              moment == null
                  ? Expressions.constant(null, Object.class)
                  : Expressions.box(translator.translateList(List.of(moment.value())).get(0));
          return Expressions.call(
              Expressions.call(
                  TreeFunctionCalls.class,
                  "of",
                  translator.getRoot(),
                  Expressions.constant(kind.name()),
                  Expressions.constant(moment == null ? null : moment.kind().name(), String.class)),
              "run",
              translator.getRoot(),
              Expressions.newArrayInit(Object.class, values),
              Expressions.convert_(value, Object.class));
        },
        NullPolicy.NONE,
        false);
  }
}
