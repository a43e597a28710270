package org.ouroborosdb.sql.dialect;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;
import org.jspecify.annotations.Nullable;

/**
 * Which types meet in one column of UNION, VALUES or CASE, and which are taken for others. As
 * Calcite has it, but a number is no moment and no truth value, an array meets arrays only, and
 * bytes are no text: they would be one of their hexadecimal digits.
 */
final class MeetingTypes extends TypeCoercionImpl {
  MeetingTypes(RelDataTypeFactory types, SqlValidator validator) {
    super(types, validator);
  }

  @Override
  public @Nullable RelDataType getWiderTypeFor(List<RelDataType> types, boolean texts) {
    return canMeet(types) ? super.getWiderTypeFor(types, texts) : null;
  }

  @Override
  public @Nullable RelDataType implicitCast(RelDataType in, SqlTypeFamily expected) {
    return expected == SqlTypeFamily.CHARACTER && SqlTypeUtil.isBinary(in)
        ? null
        : super.implicitCast(in, expected);
  }

  @Override
  public @Nullable RelDataType commonTypeForBinaryComparison(
      @Nullable RelDataType one, @Nullable RelDataType other) {
    return one != null
            && other != null
            && (isTextBesideBytes(one, other)
                || isTextBesideBytes(other, one)
                || isBooleanBesideNumber(one, other)
                || isBooleanBesideNumber(other, one))
        ? null
        : super.commonTypeForBinaryComparison(one, other);
  }

  /** {@code 2 = TRUE} would be true. */
  @Override
  protected boolean booleanEquality(SqlCallBinding binding, RelDataType one, RelDataType other) {
    return !isBooleanBesideNumber(one, other)
        && !isBooleanBesideNumber(other, one)
        && super.booleanEquality(binding, one, other);
  }

  /** Makes the text of {@code 'a' = ANY(tags)} one without padding, as those of the array are. */
  @Override
  public boolean quantifyOperationCoercion(SqlCallBinding binding) {
    RelDataType wanted = binding.getOperandType(0);
    RelDataType each = binding.getOperandType(1).getComponentType();
    if (each == null || !SqlTypeUtil.isCharacter(wanted) || !SqlTypeUtil.isCharacter(each)) {
      return super.quantifyOperationCoercion(binding);
    }
    SqlNode text = binding.operand(0);
    binding
        .getCall()
        .setOperand(
            0,
            SqlStdOperatorTable.CAST.createCall(
                text.getParserPosition(), text, SqlTypeUtil.convertTypeToSpec(each)));
    return true;
  }

  private static boolean isBooleanBesideNumber(RelDataType truth, RelDataType number) {
    return SqlTypeUtil.isBoolean(truth) && SqlTypeUtil.isNumeric(number);
  }

  private static boolean isTextBesideBytes(RelDataType text, RelDataType bytes) {
    return SqlTypeUtil.isCharacter(text) && SqlTypeUtil.isBinary(bytes);
  }

  /**
   * Returns whether no number stands beside a moment, no text beside bytes, nothing by an array.
   */
  static boolean canMeet(List<RelDataType> types) {
    boolean numbers = types.stream().anyMatch(SqlTypeUtil::isNumeric);
    boolean moments = types.stream().anyMatch(SqlTypeUtil::isDatetime);
    boolean arrays = types.stream().anyMatch(SqlTypeUtil::isCollection);
    boolean others = types.stream().anyMatch(MeetingTypes::isSingle);
    boolean texts = types.stream().anyMatch(SqlTypeUtil::inCharFamily);
    boolean bytes = types.stream().anyMatch(SqlTypeUtil::isBinary);
    return !(numbers && moments) && !(texts && bytes) && !(arrays && others);
  }

  private static boolean isSingle(RelDataType type) {
    return !SqlTypeUtil.isCollection(type)
        && (SqlTypeUtil.isAtomic(type) || type.isStruct())
        && !SqlTypeUtil.isNull(type);
  }
}
