package org.ouroborosdb.sql.function;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.avatica.util.DateTimeUtils;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.schema.impl.ScalarFunctionImpl;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes CAST of a TIMESTAMP to text keep the fraction of the second, which Calcite's own drops, a
 * moment in JSON the same text, not Calcite's number, and CURRENT_TIMESTAMP(n) have n digits.
 * Public only because generated code calls it.
 */
public final class TimestampText {
  private static final SqlOperator FUNCTION =
      new SqlUserDefinedFunction(
          new SqlIdentifier("timestamp_text", SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.VARCHAR_NULLABLE,
          null,
          OperandTypes.operandMetadata(
              List.of(SqlTypeFamily.TIMESTAMP, SqlTypeFamily.INTEGER),
              types ->
                  List.of(
                      types.createSqlType(SqlTypeName.TIMESTAMP),
                      types.createSqlType(SqlTypeName.INTEGER)),
              i -> i == 0 ? "moment" : "digits",
              i -> false),
          ScalarFunctionImpl.create(TimestampText.class, "text"));

  private TimestampText() {}

  /** Returns a moment, in milliseconds since the epoch, as text with some digits of the second. */
  public static @Nullable String text(@Nullable Long millis, int digits) {
    return millis == null ? null : DateTimeUtils.unixTimestampToString(millis, digits);
  }

  /** Replaces all such casts in a plan without sub-queries. */
  public static RelNode in(RelNode plan) {
    Casts casts = new Casts(plan.getCluster().getRexBuilder());
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            return super.visit(node).accept(casts);
          }
        });
  }

  private static final class Casts extends RexShuttle {
    private final RexBuilder builder;

    Casts(RexBuilder builder) {
      this.builder = builder;
    }

    @Override
    public RexNode visitCall(RexCall original) {
      RexNode visited = super.visitCall(original);
      if (!(visited instanceof RexCall call)) {
        return visited;
      }
      if (isJson(call)) {
        return call.clone(call.getType(), call.getOperands().stream().map(this::inJson).toList());
      }
      if (isNowWithPrecision(call)) {
        RelDataType whole = builder.getTypeFactory().createSqlType(SqlTypeName.TIMESTAMP);
        return builder.makeAbstractCast(
            call.getType(), builder.makeCall(whole, call.getOperator(), call.getOperands()), false);
      }
      return isText(call) ? text(call) : call;
    }

    private RexNode inJson(RexNode value) {
      if (!SqlTypeUtil.isDatetime(value.getType())) {
        return value;
      }
      RexNode cast = builder.makeAbstractCast(nullable(value), value, false);
      return cast instanceof RexCall call && isText(call) ? text(call) : cast;
    }

    private RexNode text(RexCall cast) {
      RexNode moment = cast.getOperands().get(0);
      RelDataType text = nullable(moment);
      RexNode digits =
          builder.makeExactLiteral(
              BigDecimal.valueOf(Math.max(0, moment.getType().getPrecision())));
      RexNode made = builder.makeCall(text, FUNCTION, List.of(moment, digits));
      return text.equals(cast.getType()) ? made : builder.makeCast(cast.getType(), made);
    }

    private RelDataType nullable(RexNode value) {
      RelDataTypeFactory types = builder.getTypeFactory();
      return types.createTypeWithNullability(
          types.createSqlType(SqlTypeName.VARCHAR), value.getType().isNullable());
    }
  }

  /** Returns whether a call is one that {@link #in} puts another in the place of. */
  public static boolean changes(RexCall call) {
    return isText(call) || isJson(call) || isNowWithPrecision(call);
  }

  private static boolean isText(RexCall call) {
    return call.getKind() == SqlKind.CAST
        && SqlTypeUtil.inCharFamily(call.getType())
        && call.getOperands().get(0).getType().getSqlTypeName() == SqlTypeName.TIMESTAMP;
  }

  private static boolean isJson(RexCall call) {
    String name = call.getOperator().getName();
    return name.equals("JSON_OBJECT") || name.equals("JSON_ARRAY");
  }

  private static boolean isNowWithPrecision(RexCall call) {
    return (call.getOperator().equals(SqlStdOperatorTable.CURRENT_TIMESTAMP)
            || call.getOperator().equals(SqlStdOperatorTable.LOCALTIMESTAMP))
        && !call.getOperands().isEmpty();
  }
}
