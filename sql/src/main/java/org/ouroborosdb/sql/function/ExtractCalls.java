package org.ouroborosdb.sql.function;

import java.math.BigDecimal;
import java.util.Locale;
import org.apache.calcite.DataContext;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.sql.SqlBasicFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * EXTRACT of SECOND and EPOCH, which are decimals with milliseconds here, as the standard and
 * PostgreSQL have it; Calcite's own are whole numbers. Public only because generated code calls it.
 */
public final class ExtractCalls {
  private static final int MILLIS_DIGITS = 3;
  private static final BigDecimal SECONDS_PER_DAY = BigDecimal.valueOf(86_400);

  /** PostgreSQL's: a year has 365.25 days, a month that is in no year 30. */
  private static final long SECONDS_PER_YEAR = 31_557_600;

  private static final long SECONDS_PER_MONTH = 30 * 86_400L;
  private static final int MONTHS_PER_YEAR = 12;

  private static final SqlFunction SECOND = function("EXTRACT_SECOND", 5);
  private static final SqlFunction EPOCH = function("EXTRACT_EPOCH", 18);

  private ExtractCalls() {}

  private static SqlFunction function(String name, int digits) {
    return SqlBasicFunction.create(
        name,
        binding -> {
          RelDataTypeFactory types = binding.getTypeFactory();
          return types.createTypeWithNullability(
              types.createSqlType(SqlTypeName.DECIMAL, digits, MILLIS_DIGITS),
              binding.getOperandType(0).isNullable());
        },
        OperandTypes.DATETIME.or(OperandTypes.INTERVAL),
        SqlFunctionCategory.SYSTEM);
  }

  /** Returns what stands for a call of EXTRACT or DATE_PART, if its unit has a fraction. */
  public static @Nullable SqlNode standard(SqlNode node) {
    if (!(node instanceof SqlCall call) || call.operandCount() != 2) {
      return null;
    }
    boolean part = call.getOperator().getName().equalsIgnoreCase("DATE_PART");
    if (node.getKind() != SqlKind.EXTRACT && !part) {
      return null;
    }
    SqlFunction function =
        switch (unit(call.operand(0)).toUpperCase(Locale.ROOT)) {
          case "SECOND", "SECONDS" -> SECOND;
          case "EPOCH" -> EPOCH;
          default -> null;
        };
    return function == null
        ? null
        : function.createCall(call.getParserPosition(), call.<SqlNode>operand(1));
  }

  private static String unit(SqlNode named) {
    if (named instanceof SqlIntervalQualifier qualifier) {
      return qualifier.timeFrameName == null
          ? qualifier.getStartUnit().name()
          : qualifier.timeFrameName;
    }
    return named instanceof SqlLiteral literal ? String.valueOf(literal.toValue()) : "";
  }

  /** Returns a message of Calcite's with the name that was typed. */
  public static String words(String message) {
    return message
        .replace(SECOND.getName(), SqlKind.EXTRACT.name())
        .replace(EPOCH.getName(), SqlKind.EXTRACT.name());
  }

  /** Returns the one of these functions that has a name, or null. */
  public static @Nullable SqlFunction named(String name) {
    return name.equalsIgnoreCase(SECOND.getName())
        ? SECOND
        : name.equalsIgnoreCase(EPOCH.getName()) ? EPOCH : null;
  }

  /** Returns the method that computes a call, or null if it is none of these. */
  static @Nullable String method(RexCall call) {
    boolean second = call.getOperator().equals(SECOND);
    if (!second && !call.getOperator().equals(EPOCH)) {
      return null;
    }
    RelDataType of = call.getOperands().get(0).getType();
    if (second) {
      return switch (of.getSqlTypeName()) {
        case DATE, INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> "noSecond";
        case TIME, TIMESTAMP -> "second";
        default -> "secondOfInterval";
      };
    }
    return switch (of.getSqlTypeName()) {
      case DATE -> "epochOfDay";
      case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> "epochOfMonths";
      default -> "epoch";
    };
  }

  /** Of a DATE, or an interval of months. */
  public static BigDecimal noSecond(DataContext context, Long number) {
    return BigDecimal.ZERO.setScale(MILLIS_DIGITS);
  }

  /** Of a moment. */
  public static BigDecimal second(DataContext context, Long millis) {
    return BigDecimal.valueOf(Math.floorMod(millis, 60_000L), MILLIS_DIGITS);
  }

  /** Of an interval, with its sign. */
  public static BigDecimal secondOfInterval(DataContext context, Long millis) {
    return BigDecimal.valueOf(millis % 60_000L, MILLIS_DIGITS);
  }

  /** Seconds since 1970, or of an interval. */
  public static BigDecimal epoch(DataContext context, Long millis) {
    return BigDecimal.valueOf(millis, MILLIS_DIGITS);
  }

  /** Seconds from 1970 to a day. */
  public static BigDecimal epochOfDay(DataContext context, Long day) {
    return BigDecimal.valueOf(day).multiply(SECONDS_PER_DAY).setScale(MILLIS_DIGITS);
  }

  /** Seconds of an interval of months. */
  public static BigDecimal epochOfMonths(DataContext context, Long months) {
    long seconds =
        months / MONTHS_PER_YEAR * SECONDS_PER_YEAR + months % MONTHS_PER_YEAR * SECONDS_PER_MONTH;
    return BigDecimal.valueOf(seconds).setScale(MILLIS_DIGITS);
  }
}
