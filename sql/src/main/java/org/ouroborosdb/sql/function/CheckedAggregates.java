package org.ouroborosdb.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Makes sums, averages and variances of BIGINTs exact: they are added as DECIMALs, whose memory is
 * not bounded, where Calcite's own additions and squares wrap; and MIN and MAX of DOUBLEs see NaN.
 * For one aggregate.
 */
final class CheckedAggregates {
  private final LogicalAggregate aggregate;
  private final RexBuilder builder;
  private final List<RexNode> inputs = new ArrayList<>();
  private final List<AggregateCall> calls = new ArrayList<>();

  /** How a result is made of the new aggregate's fields. */
  private interface Result {
    RexNode from(LogicalAggregate made);
  }

  private CheckedAggregates(LogicalAggregate aggregate) {
    this.aggregate = aggregate;
    this.builder = aggregate.getCluster().getRexBuilder();
  }

  /** Returns the aggregate, or what gives the same fields without overflow. */
  static RelNode in(LogicalAggregate aggregate) {
    return new CheckedAggregates(aggregate).checked();
  }

  private RelNode checked() {
    int width = aggregate.getInput().getRowType().getFieldCount();
    for (int i = 0; i < width; i++) {
      inputs.add(builder.makeInputRef(aggregate.getInput(), i));
    }
    List<Result> results = new ArrayList<>();
    boolean changed = false;
    for (AggregateCall call : aggregate.getAggCallList()) {
      Result result = widened(call);
      changed |= result != null;
      results.add(result == null ? kept(call) : result);
    }
    if (!changed) {
      return aggregate;
    }
    RelNode input =
        LogicalProject.create(
            aggregate.getInput(), List.of(), inputs, (List<String>) null, Set.of());
    LogicalAggregate made =
        LogicalAggregate.create(
            input, aggregate.getHints(), aggregate.getGroupSet(), aggregate.getGroupSets(), calls);
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < aggregate.getGroupCount(); i++) {
      fields.add(builder.makeInputRef(made, i));
    }
    results.forEach(result -> fields.add(result.from(made)));
    return LogicalProject.create(
        made, List.of(), fields, aggregate.getRowType().getFieldNames(), Set.of());
  }

  private Result kept(AggregateCall call) {
    int at = add(call);
    return made -> field(made, at);
  }

  private @Nullable Result widened(AggregateCall call) {
    if (call.getArgList().size() != 1) {
      return null;
    }
    RexNode argument = inputs.get(call.getArgList().get(0));
    SqlTypeName type = argument.getType().getSqlTypeName();
    boolean wide = type == SqlTypeName.BIGINT;
    if (ApproximateNumbers.isExtreme(call, argument.getType())) {
      return extreme(call, argument);
    }
    return switch (call.getAggregation().getKind()) {
      case SUM, SUM0 ->
          wide && call.getType().getSqlTypeName() == SqlTypeName.BIGINT
              ? sum(call, argument)
              : null;
      case AVG -> wide ? average(call, argument) : null;
      case VAR_POP, VAR_SAMP, STDDEV_POP, STDDEV_SAMP ->
          SqlTypeName.INT_TYPES.contains(type) && !call.isDistinct()
              ? variance(call, argument)
              : null;
      default -> null;
    };
  }

  private Result sum(AggregateCall call, RexNode argument) {
    int sum = add(call, call.getAggregation(), decimal(argument));
    return made -> builder.makeCast(call.getType(), field(made, sum));
  }

  /** That of whole numbers in the same order, in which NaN is the greatest. */
  private Result extreme(AggregateCall call, RexNode argument) {
    RexNode ordered = ApproximateNumbers.ordered(builder, argument);
    RelDataType type =
        builder
            .getTypeFactory()
            .createTypeWithNullability(ordered.getType(), call.getType().isNullable());
    int at = add(call, call.getAggregation(), ordered, type);
    return made -> ApproximateNumbers.unordered(builder, field(made, at), call.getType());
  }

  private Result average(AggregateCall call, RexNode argument) {
    int sum = add(call, SqlStdOperatorTable.SUM, decimal(argument));
    int count = add(call, SqlStdOperatorTable.COUNT, argument);
    return made ->
        builder.makeCast(
            call.getType(),
            call(
                SqlStdOperatorTable.DIVIDE,
                approximate(field(made, sum)),
                approximate(field(made, count))));
  }

  /** (n sum(x x) - sum(x) sum(x)) / n (n - 1), or / n n; its dividend is exact. */
  private Result variance(AggregateCall call, RexNode argument) {
    RexNode x = decimal(argument);
    int sum = add(call, SqlStdOperatorTable.SUM, x);
    int squares = add(call, SqlStdOperatorTable.SUM, call(SqlStdOperatorTable.MULTIPLY, x, x));
    int count = add(call, SqlStdOperatorTable.COUNT, argument);
    return made -> {
      RexNode n = approximate(field(made, count));
      RexNode dividend =
          call(
              SqlStdOperatorTable.MINUS,
              call(SqlStdOperatorTable.MULTIPLY, decimal(field(made, count)), field(made, squares)),
              call(SqlStdOperatorTable.MULTIPLY, field(made, sum), field(made, sum)));
      return builder.makeCast(call.getType(), spread(call, approximate(dividend), n));
    };
  }

  private RexNode spread(AggregateCall call, RexNode dividend, RexNode n) {
    String name = call.getAggregation().getName();
    RexNode one = builder.makeApproxLiteral(java.math.BigDecimal.ONE);
    boolean sample = name.endsWith("SAMP") || name.equals("STDDEV") || name.equals("VARIANCE");
    RexNode others = sample ? call(SqlStdOperatorTable.MINUS, n, one) : n;
    RexNode variance =
        call(SqlStdOperatorTable.DIVIDE, dividend, call(SqlStdOperatorTable.MULTIPLY, n, others));
    RexNode result =
        name.startsWith("STDDEV")
            ? call(
                SqlStdOperatorTable.POWER,
                variance,
                builder.makeApproxLiteral(new java.math.BigDecimal("0.5")))
            : variance;
    RexNode enough = call(SqlStdOperatorTable.GREATER_THAN, others, approximateZero());
    return builder.makeCall(
        SqlStdOperatorTable.CASE, enough, result, builder.makeNullLiteral(result.getType()));
  }

  private RexNode approximateZero() {
    return builder.makeApproxLiteral(java.math.BigDecimal.ZERO);
  }

  private int add(AggregateCall call, SqlAggFunction function, RexNode argument) {
    boolean counts = function.getKind() == SqlKind.COUNT;
    RelDataType type =
        counts
            ? builder.getTypeFactory().createSqlType(SqlTypeName.BIGINT)
            : CheckedArithmetic.decimalType(
                builder, 2 * CheckedArithmetic.LONG_DIGITS, call.getType().isNullable());
    return add(call, function, argument, type);
  }

  private int add(AggregateCall call, SqlAggFunction function, RexNode argument, RelDataType type) {
    int at = inputs.indexOf(argument);
    if (at < 0) {
      at = inputs.size();
      inputs.add(argument);
    }
    return add(
        AggregateCall.create(
            call.getParserPosition(),
            function,
            call.isDistinct(),
            call.isApproximate(),
            call.ignoreNulls(),
            call.rexList,
            List.of(at),
            call.filterArg,
            call.distinctKeys,
            call.getCollation(),
            type,
            null));
  }

  private int add(AggregateCall call) {
    calls.add(call);
    return aggregate.getGroupCount() + calls.size() - 1;
  }

  private RexNode field(LogicalAggregate made, int at) {
    return builder.makeInputRef(made, at);
  }

  private RexNode call(SqlOperator operator, RexNode left, RexNode right) {
    return builder.makeCall(operator, left, right);
  }

  private RexNode decimal(RexNode number) {
    return CheckedArithmetic.decimal(builder, number, CheckedArithmetic.LONG_DIGITS);
  }

  private RexNode approximate(RexNode number) {
    RelDataTypeFactory types = builder.getTypeFactory();
    return builder.makeCast(
        types.createTypeWithNullability(
            types.createSqlType(SqlTypeName.DOUBLE), number.getType().isNullable()),
        number);
  }
}
