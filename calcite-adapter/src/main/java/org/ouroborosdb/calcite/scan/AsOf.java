package org.ouroborosdb.calcite.scan;

import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Snapshot;

/**
 * The moment that FOR SYSTEM_TIME AS OF names.
 *
 * @param kind what its value is
 * @param value an expression without columns
 */
public record AsOf(Kind kind, RexNode value) {
  /** What a moment is given as. */
  public enum Kind {
    /** A timestamp, UTC: events created at it are included. */
    TIME,
    /** A level: {@code level(..)}. */
    LEVEL,
    /** A local sequence number: {@code seq(..)}. */
    SEQ
  }

  /** Returns the moment that a period's expression means. */
  public static AsOf of(RexNode period) {
    RexNode plain = Operands.plain(period);
    if (plain instanceof RexCall call && call.getOperands().size() == 1) {
      RexNode number = call.getOperands().get(0);
      if (call.getOperator().getName().equalsIgnoreCase("level")) {
        return new AsOf(Kind.LEVEL, number);
      }
      if (call.getOperator().getName().equalsIgnoreCase("seq")) {
        return new AsOf(Kind.SEQ, number);
      }
    }
    return new AsOf(Kind.TIME, period);
  }

  /** Returns whether the value is a literal or a parameter, which needs no generated code. */
  boolean isDirect() {
    RexNode plain = Operands.plain(value);
    return plain instanceof RexLiteral || plain instanceof RexDynamicParam;
  }

  /** Returns whether the value is the same for all rows of an outer query. */
  public boolean isConstant() {
    return !RexUtil.containsCorrelation(value) && !RexUtil.containsInputRef(value);
  }

  /**
   * Returns a state as of a moment.
   *
   * @param value the value; a timestamp is in milliseconds
   * @throws IllegalArgumentException if it is NULL
   */
  static Snapshot in(Snapshot snapshot, Kind kind, @Nullable Object value) {
    if (!(value instanceof Number number)) {
      throw new IllegalArgumentException("FOR SYSTEM_TIME AS OF NULL names no moment");
    }
    return switch (kind) {
      case TIME -> snapshot.asOfLevel(DrivingRows.lastLevel(number.longValue()));
      case LEVEL -> snapshot.asOfLevel(number.longValue());
      case SEQ -> snapshot.asOfSeq(number.longValue());
    };
  }

  @Override
  public String toString() {
    return kind + "(" + value + ")";
  }
}
