package org.ouroborosdb.sql.dialect;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.avatica.util.Quoting;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;
import org.apache.calcite.sql.validate.SqlValidator;
import org.jspecify.annotations.Nullable;

/** The choices that make Calcite's SQL ours: names, conformance and types. */
public final class Dialect {
  private static final int MAX_DECIMAL_DIGITS = 38;

  /** CHAR(n) and BINARY(n) are filled up to n. */
  private static final int MAX_PADDED_LENGTH = 16 << 20;

  private static final int MAX_IDENTIFIER_CHARACTERS = 1024;

  /** What is accepted beyond the standard; arithmetic that overflows fails instead of wrapping. */
  public static final SqlConformance CONFORMANCE =
      new SqlDelegatingConformance(SqlConformanceEnum.DEFAULT) {
        @Override
        public boolean isBangEqualAllowed() {
          return true;
        }

        @Override
        public boolean isPercentRemainderAllowed() {
          return true;
        }

        @Override
        public boolean isOffsetLimitAllowed() {
          return true;
        }

        @Override
        public boolean isGroupByOrdinal() {
          return true;
        }

        @Override
        public boolean isGroupByAlias() {
          return true;
        }

        @Override
        public boolean isHavingAlias() {
          return true;
        }

        @Override
        public boolean isValueAllowed() {
          return true;
        }

        @Override
        public boolean allowNiladicParentheses() {
          return true;
        }

        @Override
        public boolean allowPluralTimeUnits() {
          return true;
        }

        @Override
        public boolean shouldConvertRaggedUnionTypesToVarying() {
          return true;
        }

        @Override
        public boolean checkedArithmetic() {
          return true;
        }
      };

  /** Lengths without needless bounds; CHAR literals of different lengths meet as VARCHAR. */
  static final RelDataTypeSystem TYPES =
      new RelDataTypeSystemImpl() {
        @Override
        public int getMaxPrecision(SqlTypeName type) {
          return switch (type) {
            case DECIMAL -> MAX_DECIMAL_DIGITS;
            case CHAR, BINARY -> MAX_PADDED_LENGTH;
            case VARCHAR, VARBINARY -> Integer.MAX_VALUE;
            default -> super.getMaxPrecision(type);
          };
        }

        @Override
        public int getMaxScale(SqlTypeName type) {
          return type == SqlTypeName.DECIMAL ? MAX_DECIMAL_DIGITS / 2 : super.getMaxScale(type);
        }

        /** A moment that names no precision keeps its milliseconds. */
        @Override
        public int getDefaultPrecision(SqlTypeName type) {
          return type == SqlTypeName.TIMESTAMP
              ? super.getMaxPrecision(type)
              : super.getDefaultPrecision(type);
        }

        /** An average of integers keeps its fraction, one of decimals has six digits more. */
        @Override
        public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
          if (argument.getSqlTypeName() == SqlTypeName.DECIMAL) {
            int scale = Math.min(argument.getScale() + 6, MAX_DECIMAL_DIGITS / 2);
            return factory.createTypeWithNullability(
                factory.createSqlType(SqlTypeName.DECIMAL, MAX_DECIMAL_DIGITS, scale),
                argument.isNullable());
          }
          return SqlTypeName.INT_TYPES.contains(argument.getSqlTypeName())
              ? factory.createTypeWithNullability(
                  factory.createSqlType(SqlTypeName.DOUBLE), argument.isNullable())
              : super.deriveAvgAggType(factory, argument);
        }

        /** A sum of 32-bit integers does not overflow at 2^31. */
        @Override
        public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
          return SqlTypeName.INT_TYPES.contains(argument.getSqlTypeName())
              ? factory.createTypeWithNullability(
                  factory.createSqlType(SqlTypeName.BIGINT), argument.isNullable())
              : super.deriveSumType(factory, argument);
        }

        @Override
        public boolean shouldConvertRaggedUnionTypesToVarying() {
          return true;
        }
      };

  public static final SqlParser.Config PARSER =
      SqlParser.config()
          .withUnquotedCasing(Casing.TO_LOWER)
          .withQuotedCasing(Casing.UNCHANGED)
          .withQuoting(Quoting.DOUBLE_QUOTE)
          .withCaseSensitive(false)
          .withIdentifierMaxLength(MAX_IDENTIFIER_CHARACTERS)
          .withConformance(CONFORMANCE);

  public static final SqlValidator.Config VALIDATOR =
      SqlValidator.Config.DEFAULT
          .withConformance(CONFORMANCE)
          .withTypeCoercionEnabled(true)
          .withTypeCoercionFactory(MeetingTypes::new)
          .withDefaultNullCollation(NullCollation.HIGH)
          .withIdentifierExpansion(true);

  /** Calcite's own default, ISO-8859-1, refuses a literal with a euro sign. */
  public static final class TypeFactory extends JavaTypeFactoryImpl {
    public TypeFactory() {
      super(TYPES);
    }

    @Override
    public Charset getDefaultCharset() {
      return StandardCharsets.UTF_8;
    }

    /**
     * Texts of different lengths meet in one without a bound: the terms of WITH RECURSIVE would be
     * cut to the length of the first.
     */
    @Override
    public @Nullable RelDataType leastRestrictive(
        List<RelDataType> types, SqlTypeMappingRule rule) {
      Planning.poll();
      if (!MeetingTypes.canMeet(types)) {
        return null;
      }
      RelDataType meeting = super.leastRestrictive(types, rule);
      boolean ragged =
          meeting != null
              && SqlTypeUtil.inCharFamily(meeting)
              && types.stream().anyMatch(type -> type.getPrecision() != meeting.getPrecision());
      return ragged
          ? createTypeWithNullability(createSqlType(SqlTypeName.VARCHAR), meeting.isNullable())
          : meeting;
    }

    /** Every phase of planning comes by here: it is a place to see that it was cancelled. */
    @Override
    public RelDataType createTypeWithNullability(RelDataType type, boolean nullable) {
      Planning.poll();
      return super.createTypeWithNullability(type, nullable);
    }

    @Override
    public RelDataType createSqlType(SqlTypeName typeName) {
      Planning.poll();
      return super.createSqlType(typeName);
    }

    /** Returns VARCHAR of any length, nullable. */
    public RelDataType text() {
      return createTypeWithNullability(createSqlType(SqlTypeName.VARCHAR), true);
    }
  }

  private Dialect() {}
}
