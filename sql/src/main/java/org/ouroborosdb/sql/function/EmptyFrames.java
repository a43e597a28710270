package org.ouroborosdb.sql.function;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.apache.calcite.rex.RexWindowBounds;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * Lets FIRST_VALUE and LAST_VALUE be NULL where the frame of a window is empty. Calcite gives the
 * result the type of a column that is never NULL, and reads a text of the row before the first even
 * if the frame has none. EXCLUDE, which Calcite ignores, is refused.
 */
public final class EmptyFrames extends SqlBasicVisitor<@Nullable Void> {
  private EmptyFrames() {}

  /**
   * Makes the values of a parsed statement's windows nullable, in place.
   *
   * @throws SqlException 0A001 if a window excludes rows
   */
  public static void complete(SqlNode statement) {
    statement.accept(new EmptyFrames());
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call instanceof SqlWindow window && !SqlWindow.isExcludeNoOthers(window.getExclude())) {
      throw new SqlException(
          SqlState.NOT_SUPPORTED, "EXCLUDE of rows from a window's frame is not supported", null);
    }
    if (call.getKind() == SqlKind.OVER
        && call.operand(0) instanceof SqlCall function
        && isEnd(function.getKind())
        && function.operandCount() == 1
        && mayBeEmpty(call.operand(1))) {
      function.setOperand(0, nullable(function.operand(0)));
    }
    return super.visit(call);
  }

  private static boolean isEnd(SqlKind function) {
    return function == SqlKind.FIRST_VALUE || function == SqlKind.LAST_VALUE;
  }

  /** A frame that is not written ends at the current row, or behind it. */
  private static boolean mayBeEmpty(SqlNode window) {
    return !(window instanceof SqlWindow written)
        || written.getRefName() != null
        || written.getLowerBound() != null
        || written.getUpperBound() != null;
  }

  private static SqlNode nullable(SqlNode value) {
    SqlParserPos pos = value.getParserPosition();
    SqlNode known = SqlStdOperatorTable.IS_NOT_NULL.createCall(pos, value);
    return new SqlCase(
        pos, null, SqlNodeList.of(known), SqlNodeList.of(value), SqlLiteral.createNull(pos));
  }

  /**
   * Returns normally if Calcite finds the frame's rows.
   *
   * @throws SqlException 0A001 for a RANGE of distances in descending order, which it measures the
   *     other way
   */
  static void require(RexWindow window) {
    boolean measured =
        window.getLowerBound().getOffset() != null || window.getUpperBound().getOffset() != null;
    if (!window.isRows()
        && measured
        && window.orderKeys.stream().anyMatch(key -> key.right.contains(SqlKind.DESCENDING))) {
      throw new SqlException(
          SqlState.NOT_SUPPORTED,
          "RANGE with a distance is not supported in descending order; use ROWS",
          null);
    }
  }

  /**
   * Returns what gives the same as a call over a window and reads no row of an empty frame: the
   * first of NTH_VALUE, over the reversed window for LAST_VALUE.
   */
  static RexNode guarded(RexBuilder builder, RexOver over) {
    RexWindow window = over.getWindow();
    RexWindowBound lower = window.getLowerBound();
    RexWindowBound upper = window.getUpperBound();
    SqlKind kind = over.getAggOperator().getKind();
    if (!isEnd(kind) || over.ignoreNulls() || SqlWindow.isAlwaysNonEmpty(lower, upper)) {
      return over;
    }
    boolean last = kind == SqlKind.LAST_VALUE;
    if (last && !window.isRows()) { // the reverse of a range is another one
      if (SqlTypeName.INT_TYPES.contains(over.getType().getSqlTypeName())
          || SqlTypeName.APPROX_TYPES.contains(over.getType().getSqlTypeName())
          || over.getType().getSqlTypeName() == SqlTypeName.BOOLEAN) {
        return over; // read only where there is a row
      }
      throw new SqlException(
          SqlState.NOT_SUPPORTED,
          "LAST_VALUE over a RANGE that may be empty is supported for numbers only; use ROWS",
          null);
    }
    return builder.makeOver(
        over.getType(),
        SqlStdOperatorTable.NTH_VALUE,
        List.of(over.getOperands().get(0), builder.makeExactLiteral(BigDecimal.ONE)),
        window.partitionKeys,
        last ? reversed(window.orderKeys) : window.orderKeys,
        last ? mirrored(upper) : lower,
        last ? mirrored(lower) : upper,
        window.getExclude(),
        window.isRows(),
        true,
        false,
        over.isDistinct(),
        false);
  }

  private static ImmutableList<RexFieldCollation> reversed(List<RexFieldCollation> keys) {
    ImmutableList.Builder<RexFieldCollation> reversed = ImmutableList.builder();
    for (RexFieldCollation key : keys) {
      Set<SqlKind> flags = new TreeSet<>(key.right);
      if (!flags.remove(SqlKind.DESCENDING)) {
        flags.add(SqlKind.DESCENDING);
      }
      boolean nullsFirst = flags.remove(SqlKind.NULLS_FIRST);
      flags.remove(SqlKind.NULLS_LAST);
      flags.add(nullsFirst ? SqlKind.NULLS_LAST : SqlKind.NULLS_FIRST);
      reversed.add(new RexFieldCollation(key.left, flags));
    }
    return reversed.build();
  }

  private static RexWindowBound mirrored(RexWindowBound bound) {
    if (bound.isCurrentRow()) {
      return bound;
    }
    if (bound.isUnbounded()) {
      return bound.isPreceding()
          ? RexWindowBounds.UNBOUNDED_FOLLOWING
          : RexWindowBounds.UNBOUNDED_PRECEDING;
    }
    RexNode offset = Objects.requireNonNull(bound.getOffset());
    return bound.isPreceding()
        ? RexWindowBounds.following(offset)
        : RexWindowBounds.preceding(offset);
  }
}
