package org.ouroborosdb.calcite.function;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;

/**
 * The condition {@code tagged(tags, t1 [, ..., t8])}: whether an event has every one of some tags.
 * A tag that is NULL asks for nothing; asking for nothing at all finds nothing.
 */
public final class TaggedFunction implements ScalarFunction, ImplementableFunction {
  private static final int MOST_TAGS = 8;

  private final List<FunctionParameter> parameters = new ArrayList<>();

  /** Creates the condition, of up to eight tags. */
  public TaggedFunction() {
    parameters.add(FunctionArguments.of(0, "tags", ColumnType.VARCHAR_ARRAY, false));
    for (int i = 1; i <= MOST_TAGS; i++) {
      parameters.add(FunctionArguments.of(i, "tag" + i, SqlTypeName.VARCHAR, i > 1));
    }
  }

  /** Returns the tags that a condition asks for of a column; null if it is no such condition. */
  public static @Nullable List<RexNode> tags(RexNode condition) {
    if (!(condition instanceof RexCall call)
        || !(call.getOperator() instanceof SqlUserDefinedFunction function)
        || !(function.getFunction() instanceof TaggedFunction)) {
      return null;
    }
    List<RexNode> tags = new ArrayList<>();
    for (RexNode tag : call.getOperands().subList(1, call.getOperands().size())) {
      if (!tag.isA(SqlKind.DEFAULT)) {
        tags.add(tag);
      }
    }
    return tags;
  }

  @Override
  public RelDataType getReturnType(RelDataTypeFactory types) {
    return types.createTypeWithNullability(types.createSqlType(SqlTypeName.BOOLEAN), true);
  }

  @Override
  public List<FunctionParameter> getParameters() {
    return parameters;
  }

  @Override
  public CallImplementor getImplementor() {
    return RexImpTable.createImplementor(
        (translator, call, operands) -> {
          List<Expression> tags = new ArrayList<>();
          operands
              .subList(1, operands.size())
              .forEach(tag -> tags.add(Expressions.convert_(Expressions.box(tag), Object.class)));
          return Expressions.call(
              ContentFunctions.class,
              "tagged",
              Expressions.convert_(operands.get(0), List.class),
              Expressions.newArrayInit(Object.class, tags));
        },
        NullPolicy.NONE,
        false);
  }
}
