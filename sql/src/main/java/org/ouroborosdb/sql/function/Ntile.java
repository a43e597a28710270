package org.ouroborosdb.sql.function;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.rex.RexWindowExclusion;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * NTILE from the number of a row and the count of all: where the rows do not divide evenly, the
 * first tiles have one more (ISO 9075-2, 6.10), which Calcite spreads otherwise.
 */
final class Ntile {
  private final RexBuilder builder;
  private final RexWindow window;
  private final RelDataType number;

  private Ntile(RexBuilder builder, RexWindow window) {
    this.builder = builder;
    this.window = window;
    this.number = builder.getTypeFactory().createSqlType(SqlTypeName.BIGINT);
  }

  /** Returns the expression for a call over a window; 22014 if it is for no tiles. */
  static RexNode of(RexBuilder builder, RexOver over) {
    BigDecimal tiles = ((RexLiteral) over.getOperands().get(0)).getValueAs(BigDecimal.class);
    if (tiles == null || tiles.signum() <= 0) {
      throw new SqlException(SqlState.BAD_NTILE, "NTILE needs at least one tile", null);
    }
    RexNode tile = new Ntile(builder, over.getWindow()).tile(tiles);
    return builder.makeCast(over.getType(), tile, true, false);
  }

  private RexNode tile(BigDecimal tiles) {
    RexNode before =
        minus(
            over(SqlStdOperatorTable.ROW_NUMBER, window.orderKeys, RexWindowBounds.CURRENT_ROW),
            literal(1));
    RexNode count =
        over(SqlStdOperatorTable.COUNT, ImmutableList.of(), RexWindowBounds.UNBOUNDED_FOLLOWING);
    RexNode n = builder.makeExactLiteral(tiles, number);
    RexNode small = call(SqlStdOperatorTable.DIVIDE, count, n);
    RexNode larger = minus(count, call(SqlStdOperatorTable.MULTIPLY, small, n));
    RexNode large = plus(small, literal(1));
    RexNode inLarger = call(SqlStdOperatorTable.MULTIPLY, larger, large);
    RexNode divisor = orElse(isLess(literal(0), small), small, literal(1));
    RexNode behind =
        plus(larger, call(SqlStdOperatorTable.DIVIDE, minus(before, inLarger), divisor));
    return plus(
        orElse(isLess(before, inLarger), call(SqlStdOperatorTable.DIVIDE, before, large), behind),
        literal(1));
  }

  private RexNode over(
      SqlAggFunction function, ImmutableList<RexFieldCollation> order, RexWindowBound end) {
    return builder.makeOver(
        number,
        function,
        List.of(),
        window.partitionKeys,
        order,
        RexWindowBounds.UNBOUNDED_PRECEDING,
        end,
        RexWindowExclusion.EXCLUDE_NO_OTHER,
        true,
        true,
        false,
        false,
        false);
  }

  private RexNode literal(int value) {
    return builder.makeExactLiteral(BigDecimal.valueOf(value), number);
  }

  private RexNode call(SqlOperator operator, RexNode left, RexNode right) {
    return builder.makeCall(number, operator, List.of(left, right));
  }

  private RexNode plus(RexNode left, RexNode right) {
    return call(SqlStdOperatorTable.PLUS, left, right);
  }

  private RexNode minus(RexNode left, RexNode right) {
    return call(SqlStdOperatorTable.MINUS, left, right);
  }

  private RexNode isLess(RexNode left, RexNode right) {
    return builder.makeCall(SqlStdOperatorTable.LESS_THAN, left, right);
  }

  private RexNode orElse(RexNode condition, RexNode then, RexNode otherwise) {
    return builder.makeCall(number, SqlStdOperatorTable.CASE, List.of(condition, then, otherwise));
  }
}
