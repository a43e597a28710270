package org.ouroborosdb.sql.function;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.AggAddContext;
import org.apache.calcite.adapter.enumerable.AggContext;
import org.apache.calcite.adapter.enumerable.AggImplementor;
import org.apache.calcite.adapter.enumerable.AggResetContext;
import org.apache.calcite.adapter.enumerable.AggResultContext;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;
import org.jspecify.annotations.Nullable;

/**
 * ARRAY_AGG: the values of all rows, NULLs too, and NULL of no row, as the standard has it. That of
 * Calcite drops NULLs, makes an empty array of no row, and gives all rows of a window one list.
 * Public only because generated code calls it.
 */
public final class ArrayAgg extends SqlUserDefinedAggFunction {
  public static final ArrayAgg INSTANCE = new ArrayAgg();

  private ArrayAgg() {
    super(
        new SqlIdentifier("ARRAY_AGG", SqlParserPos.ZERO),
        SqlKind.ARRAY_AGG,
        ReturnTypes.andThen(ReturnTypes::stripOrderBy, ReturnTypes.TO_ARRAY)
            .andThen(SqlTypeTransforms.FORCE_NULLABLE),
        (binding, wanted, operands) -> {},
        OperandTypes.operandMetadata(
            List.of(SqlTypeFamily.ANY),
            types -> List.of(types.createSqlType(SqlTypeName.ANY)),
            i -> "value",
            i -> false),
        new Implemented(),
        false,
        false,
        Optionality.OPTIONAL);
  }

  @Override
  public SqlSyntax getSyntax() {
    return SqlSyntax.ORDERED_FUNCTION;
  }

  /** Adds a value, if its row passes the filter. */
  public static void gather(
      List<@Nullable Object> values, @Nullable Object value, @Nullable Boolean passes) {
    if (passes != null && passes) {
      values.add(value);
    }
  }

  /** Returns the values so far, which more may follow. */
  public static @Nullable List<Object> array(List<Object> values) {
    return values.isEmpty() ? null : new ArrayList<>(values);
  }

  @Override
  public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
    return super.deriveType(validator, scope, ReturnTypes.stripOrderBy(call));
  }

  private record Implemented() implements ImplementableAggFunction {
    @Override
    public RelDataType getReturnType(RelDataTypeFactory types) {
      return types.createJavaType(List.class);
    }

    @Override
    public List<FunctionParameter> getParameters() {
      return List.of();
    }

    @Override
    public AggImplementor getImplementor(boolean windowContext) {
      return new Gathering();
    }
  }

  private static final class Gathering implements AggImplementor {
    @Override
    public List<Type> getStateType(AggContext info) {
      return List.of(List.class);
    }

    @Override
    public void implementReset(AggContext info, AggResetContext reset) {
      reset
          .currentBlock()
          .add(
              Expressions.statement(
                  Expressions.assign(
                      reset.accumulator().get(0), Expressions.new_(ArrayList.class))));
    }

    @Override
    public void implementAdd(AggContext info, AggAddContext add) {
      List<Expression> values = new ArrayList<>(List.of(add.accumulator().get(0)));
      values.add(Expressions.box(add.arguments().get(0)));
      RexNode filter = add.rexFilterArgument();
      values.add(
          filter == null
              ? Expressions.constant(true, Boolean.class)
              : Expressions.box(add.rowTranslator().translateList(List.of(filter)).get(0)));
      add.currentBlock()
          .add(Expressions.statement(Expressions.call(ArrayAgg.class, "gather", values)));
    }

    @Override
    public Expression implementResult(AggContext info, AggResultContext result) {
      return Expressions.call(ArrayAgg.class, "array", result.accumulator().get(0));
    }
  }
}
