package org.ouroborosdb.calcite.scan;

import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** Says which expressions can be the value of an access path, and evaluates literals. */
public final class Operands {
  private Operands() {}

  /** Returns whether an expression is known before the scan starts: value, parameter, outer row. */
  public static boolean isOperand(RexNode node) {
    RexNode plain = plain(node);
    return plain instanceof RexLiteral
        || plain instanceof RexDynamicParam
        || (plain instanceof RexFieldAccess access
            && access.getReferenceExpr() instanceof RexCorrelVariable);
  }

  /** Takes off casts that change the type but no value. */
  public static RexNode plain(RexNode node) {
    RexNode at = node;
    while (at.isA(SqlKind.CAST) && keepsValue((RexCall) at)) {
      at = ((RexCall) at).getOperands().get(0);
    }
    return at;
  }

  private static boolean keepsValue(RexCall cast) {
    RelDataType to = cast.getType();
    RelDataType from = cast.getOperands().get(0).getType();
    if (to.getFamily() == SqlTypeFamily.CHARACTER && from.getFamily() == SqlTypeFamily.CHARACTER) {
      return to.getSqlTypeName() == SqlTypeName.VARCHAR
          && (to.getPrecision() < 0 || to.getPrecision() >= from.getPrecision());
    }
    boolean integers =
        SqlTypeName.INT_TYPES.contains(to.getSqlTypeName())
            && SqlTypeName.INT_TYPES.contains(from.getSqlTypeName());
    boolean sameName = to.getSqlTypeName() == from.getSqlTypeName();
    return (integers && to.getSqlTypeName() == SqlTypeName.BIGINT)
        || (sameName
            && to.getSqlTypeName() != SqlTypeName.DECIMAL
            && to.getPrecision() >= from.getPrecision());
  }

  /** Returns a literal's value as generated code would have it. */
  public static @Nullable Object literal(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    return switch (literal.getType().getSqlTypeName()) {
      case CHAR, VARCHAR -> literal.getValueAs(String.class);
      case TINYINT, SMALLINT, INTEGER, BIGINT, TIMESTAMP -> literal.getValueAs(Long.class);
      case BOOLEAN -> literal.getValueAs(Boolean.class);
      case BINARY, VARBINARY -> literal.getValueAs(ByteString.class);
      default -> literal.getValue();
    };
  }
}
