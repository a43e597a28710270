package org.ouroborosdb.sql.plan;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelectKeyword;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidator;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * Refuses what Calcite takes and answers otherwise than whoever writes it means: bytes as their
 * hexadecimal digits, a number as a moment, hours that a DATE drops, a power that is none.
 */
final class RefusedCalls extends SqlBasicVisitor<@Nullable Void> {
  private static final Set<String> OF_TEXTS =
      Set.of("CONCAT", "CONCAT_WS", "STRING_AGG", "LISTAGG", "||");

  private static final Set<SqlTypeName> WITH_TIME =
      Set.of(
          SqlTypeName.INTERVAL_DAY_HOUR,
          SqlTypeName.INTERVAL_DAY_MINUTE,
          SqlTypeName.INTERVAL_DAY_SECOND,
          SqlTypeName.INTERVAL_HOUR,
          SqlTypeName.INTERVAL_HOUR_MINUTE,
          SqlTypeName.INTERVAL_HOUR_SECOND,
          SqlTypeName.INTERVAL_MINUTE,
          SqlTypeName.INTERVAL_MINUTE_SECOND,
          SqlTypeName.INTERVAL_SECOND);

  private final SqlValidator validator;

  private RefusedCalls(SqlValidator validator) {
    this.validator = validator;
  }

  /** Throws if a validated statement has such a call. */
  static void check(SqlNode valid, SqlValidator validator) {
    valid.accept(new RefusedCalls(validator));
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    switch (call.getKind()) {
      case CAST, SAFE_CAST -> checkCast(type(call.operand(0)), type(call));
      case PLUS, MINUS -> checkSum(call);
      case OVER -> checkWindow(call.operand(0));
      default -> checkNamed(call);
    }
    return super.visit(call);
  }

  private @Nullable RelDataType type(SqlNode node) {
    return validator.getValidatedNodeTypeIfKnown(node);
  }

  private static void checkCast(@Nullable RelDataType from, @Nullable RelDataType to) {
    if (from == null || to == null) {
      return;
    }
    if (SqlTypeUtil.isBinary(from) && SqlTypeUtil.inCharFamily(to)) {
      throw bytesAreNoText();
    }
    if (SqlTypeUtil.isNumeric(from) && SqlTypeUtil.isDatetime(to)) {
      throw wrongType(
          "a number is no moment; level(n) is that of a level, and"
              + " TIMESTAMPADD(SECOND, n, TIMESTAMP '1970-01-01 00:00:00') counts seconds");
    }
    if (SqlTypeUtil.isDatetime(from) && SqlTypeUtil.isNumeric(to)) {
      throw wrongType("a moment is no number; EXTRACT(EPOCH FROM a) counts seconds");
    }
  }

  private void checkSum(SqlCall call) {
    if (call.operandCount() != 2) {
      return;
    }
    boolean date = false;
    boolean time = false;
    for (SqlNode operand : call.getOperandList()) {
      RelDataType type = type(operand);
      date |= type != null && type.getSqlTypeName() == SqlTypeName.DATE;
      time |= type != null && WITH_TIME.contains(type.getSqlTypeName());
    }
    if (date && time) {
      throw wrongType("a DATE has no hours; add to CAST(a AS TIMESTAMP)");
    }
  }

  private static void checkWindow(SqlNode aggregate) {
    if (aggregate instanceof SqlCall call
        && call.getFunctionQuantifier() != null
        && call.getFunctionQuantifier().getValue() == SqlSelectKeyword.DISTINCT
        && call.getKind() != SqlKind.MIN
        && call.getKind() != SqlKind.MAX) {
      throw new SqlException(
          SqlState.NOT_SUPPORTED, "DISTINCT is not supported in a window; group first", null);
    }
  }

  private void checkNamed(SqlCall call) {
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    if (name.equals("^")) {
      throw new SqlException(
          SqlState.NO_FUNCTION, "there is no ^; write POWER(a, b), or BITXOR(a, b)", null);
    }
    if (OF_TEXTS.contains(name)) {
      List<RelDataType> types = types(call);
      if (types.stream().anyMatch(SqlTypeUtil::isBinary)
          && !(name.equals("||") && types.stream().allMatch(SqlTypeUtil::isBinary))) {
        throw bytesAreNoText();
      }
    } else if ((call.getKind() == SqlKind.JSON_ARRAYAGG || call.getKind() == SqlKind.JSON_OBJECTAGG)
        && types(call).stream().anyMatch(SqlTypeUtil::isDatetime)) {
      throw wrongType("JSON has no moments; write CAST(a AS VARCHAR)");
    }
  }

  private List<RelDataType> types(SqlCall call) {
    return call.getOperandList().stream()
        .<RelDataType>mapMulti(
            (operand, known) -> {
              RelDataType type = operand == null ? null : type(operand);
              if (type != null && type.getSqlTypeName() != SqlTypeName.NULL) {
                known.accept(type);
              }
            })
        .toList();
  }

  private static SqlException bytesAreNoText() {
    return wrongType("bytes are no text; content_text(id) is the text of a content");
  }

  private static SqlException wrongType(String message) {
    return new SqlException(SqlState.TYPE_MISMATCH, message, null);
  }
}
