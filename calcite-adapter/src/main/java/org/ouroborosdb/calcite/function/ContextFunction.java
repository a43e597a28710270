package org.ouroborosdb.calcite.function;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.EnumUtils;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.type.SqlTypeName;

/** A scalar function of one argument that reads the statement's snapshot. */
public final class ContextFunction implements ScalarFunction, ImplementableFunction {
  private final String method;
  private final Class<?> argumentClass;
  private final String argument;
  private final SqlTypeName argumentType;
  private final SqlTypeName resultType;

  /** Creates the function that a method of {@link ContentFunctions} computes. */
  public ContextFunction(
      String method,
      Class<?> argumentClass,
      String argument,
      SqlTypeName argumentType,
      SqlTypeName resultType) {
    this.method = method;
    this.argumentClass = argumentClass;
    this.argument = argument;
    this.argumentType = argumentType;
    this.resultType = resultType;
  }

  @Override
  public RelDataType getReturnType(RelDataTypeFactory types) {
    return types.createTypeWithNullability(types.createSqlType(resultType), true);
  }

  @Override
  public List<FunctionParameter> getParameters() {
    return List.of(FunctionArguments.of(0, argument, argumentType, false));
  }

  @Override
  public CallImplementor getImplementor() {
    return RexImpTable.createImplementor(
        (translator, call, operands) -> {
          List<Expression> arguments = new ArrayList<>();
          arguments.add(translator.getRoot());
          arguments.add(EnumUtils.convert(operands.get(0), argumentClass));
          return Expressions.call(
              Types.lookupMethod(
                  ContentFunctions.class, method,
                  org.apache.calcite.DataContext.class, argumentClass),
              arguments);
        },
        NullPolicy.ANY,
        false);
  }
}
