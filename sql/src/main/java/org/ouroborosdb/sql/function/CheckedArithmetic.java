package org.ouroborosdb.sql.function;

import java.util.List;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * Makes arithmetic that overflows fail. Calcite's own visitor for this leaves operands of DECIMAL
 * calls as they were, and sums unchecked.
 */
public final class CheckedArithmetic extends RexShuttle {
  /** Decimal digits of a BIGINT. */
  static final int LONG_DIGITS = 19;

  private final RexBuilder builder;

  private CheckedArithmetic(RexBuilder builder) {
    this.builder = builder;
  }

  /** Returns a plan without sub-queries with all its arithmetic checked. */
  public static RelNode in(RelNode plan) {
    CheckedArithmetic expressions = new CheckedArithmetic(plan.getCluster().getRexBuilder());
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            RelNode checked = super.visit(node).accept(expressions);
            return checked instanceof LogicalAggregate aggregate
                ? CheckedAggregates.in(aggregate)
                : checked;
          }
        });
  }

  @Override
  public RexNode visitCall(RexCall original) {
    RexNode visited = super.visitCall(original);
    if (!(visited instanceof RexCall call)) {
      return visited;
    }
    SqlOperator checked = checked(call.getKind());
    if (checked == null) {
      return call;
    }
    SqlTypeName type = call.getType().getSqlTypeName();
    if (type == SqlTypeName.DECIMAL) {
      // The CAST is checked, and it keeps the digits of the type.
      return builder.makeCast(call.getParserPosition(), call.getType(), call);
    }
    boolean ofIntervals =
        SqlTypeName.INTERVAL_TYPES.contains(type)
            && call.getOperands().stream()
                .anyMatch(o -> SqlTypeName.INTERVAL_TYPES.contains(o.getType().getSqlTypeName()));
    return SqlTypeName.EXACT_TYPES.contains(type) || ofIntervals
        ? builder.makeCall(call.getParserPosition(), call.getType(), checked, call.getOperands())
        : call;
  }

  private static @Nullable SqlOperator checked(SqlKind kind) {
    return switch (kind) {
      case PLUS -> SqlStdOperatorTable.CHECKED_PLUS;
      case MINUS -> SqlStdOperatorTable.CHECKED_MINUS;
      case TIMES -> SqlStdOperatorTable.CHECKED_MULTIPLY;
      case MINUS_PREFIX -> SqlStdOperatorTable.CHECKED_UNARY_MINUS;
      case DIVIDE -> SqlStdOperatorTable.CHECKED_DIVIDE;
      default -> null;
    };
  }

  /** A window's sum of BIGINTs is one of DECIMALs, which has room, and then must fit again. */
  @Override
  public RexNode visitOver(RexOver original) {
    RexOver over = (RexOver) super.visitOver(original);
    EmptyFrames.require(over.getWindow());
    if (over.getAggOperator().getKind() == SqlKind.NTILE) {
      return Ntile.of(builder, over);
    }
    if (over.getAggOperator().getKind() == SqlKind.NTH_VALUE) {
      throw new SqlException(
          SqlState.NOT_SUPPORTED, // Calcite looks beyond the frame's end
          "NTH_VALUE is not supported; number the rows with ROW_NUMBER in a sub-query",
          null);
    }
    if (!isLongSum(over.getAggOperator().getKind(), over.getType(), over.getOperands())) {
      return EmptyFrames.guarded(builder, over);
    }
    RexWindow window = over.getWindow();
    RexNode wide = decimal(builder, over.getOperands().get(0), LONG_DIGITS);
    RelDataType sumType = decimalType(builder, 2 * LONG_DIGITS, over.getType().isNullable());
    RexNode sum =
        builder.makeOver(
            sumType,
            over.getAggOperator(),
            List.of(wide),
            window.partitionKeys,
            window.orderKeys,
            window.getLowerBound(),
            window.getUpperBound(),
            window.getExclude(),
            window.isRows(),
            true,
            false,
            over.isDistinct(),
            over.ignoreNulls());
    return builder.makeCast(over.getType(), sum);
  }

  static boolean isLongSum(SqlKind kind, RelDataType type, List<RexNode> operands) {
    return (kind == SqlKind.SUM || kind == SqlKind.SUM0)
        && type.getSqlTypeName() == SqlTypeName.BIGINT
        && operands.get(0).getType().getSqlTypeName() == SqlTypeName.BIGINT;
  }

  static RexNode decimal(RexBuilder builder, RexNode number, int digits) {
    return builder.makeCast(
        decimalType(builder, digits, number.getType().isNullable()), number, true, false);
  }

  static RelDataType decimalType(RexBuilder builder, int digits, boolean nullable) {
    RelDataTypeFactory types = builder.getTypeFactory();
    return types.createTypeWithNullability(
        types.createSqlType(SqlTypeName.DECIMAL, digits, 0), nullable);
  }
}
