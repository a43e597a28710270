package org.ouroborosdb.sql.plan;

import java.util.Locale;
import java.util.Set;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlQuantifyOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.function.ExtractCalls;

/**
 * Writes functions of PostgreSQL that reporting tools call, and Calcite lacks, in standard SQL, and
 * EXTRACT of what has a fraction as our own: {@code DATE_TRUNC('unit', moment)} as FLOOR, {@code
 * NOW()} as CURRENT_TIMESTAMP, {@code ? = ANY(tags)} with a type for its parameter.
 */
final class Synonyms extends SqlBasicVisitor<@Nullable Void> {
  private static final Set<String> UNITS =
      Set.of("SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "DECADE");

  private Synonyms() {}

  /** Rewrites the calls in a parsed statement, in place. */
  static void rewrite(SqlNode statement) {
    statement.accept(new Synonyms());
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    super.visit(call);
    if (call.getOperator() instanceof SqlQuantifyOperator) {
      giveType(call);
    }
    if (call instanceof SqlBasicCall || call instanceof SqlCase) {
      for (int i = 0; i < call.operandCount(); i++) {
        SqlNode operand = call.getOperandList().get(i);
        SqlNode instead = operand == null ? null : standard(operand);
        if (instead != null) {
          call.setOperand(i, instead);
        }
      }
    }
    return null;
  }

  @Override
  public @Nullable Void visit(SqlNodeList list) {
    super.visit(list);
    for (int i = 0; i < list.size(); i++) {
      SqlNode node = list.get(i);
      SqlNode instead = node == null ? null : standard(node);
      if (instead != null) {
        list.set(i, instead);
      }
    }
    return null;
  }

  private static @Nullable SqlNode standard(SqlNode node) {
    SqlNode extracted = ExtractCalls.standard(node);
    if (extracted != null) {
      return extracted;
    }
    if (!(node instanceof SqlBasicCall call) || !(call.getOperator() instanceof SqlFunction)) {
      return null;
    }
    String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
    if (name.equals("ARRAY_AGG")) {
      return ordered(call);
    }
    if (name.equals("NOW") && call.operandCount() == 0) {
      return SqlStdOperatorTable.CURRENT_TIMESTAMP.createCall(call.getParserPosition());
    }
    return name.equals("DATE_TRUNC") && call.operandCount() == 2 ? truncated(call) : null;
  }

  /** Writes ARRAY_AGG(a ORDER BY b), of which Calcite makes its own function, WITHIN GROUP. */
  private static @Nullable SqlNode ordered(SqlBasicCall call) {
    if (call.operandCount() != 2 || !(call.operand(1) instanceof SqlNodeList keys)) {
      return null;
    }
    SqlParserPos pos = call.getParserPosition();
    SqlNode unordered =
        call.getOperator().createCall(call.getFunctionQuantifier(), pos, call.<SqlNode>operand(0));
    return SqlStdOperatorTable.WITHIN_GROUP.createCall(pos, unordered, keys);
  }

  /** Makes a parameter beside ANY(array) a text, as the only arrays of a table are. */
  private static void giveType(SqlCall call) {
    SqlNode wanted = call.operand(0);
    if (wanted instanceof SqlDynamicParam
        && call.operand(1) instanceof SqlNodeList list
        && list.size() == 1
        && list.get(0) instanceof SqlIdentifier) {
      SqlParserPos pos = wanted.getParserPosition();
      SqlDataTypeSpec text =
          new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, pos), pos);
      call.setOperand(0, SqlStdOperatorTable.CAST.createCall(pos, wanted, text));
    }
  }

  private static @Nullable SqlNode truncated(SqlBasicCall call) {
    if (!(call.operand(0) instanceof SqlLiteral literal)
        || literal.getTypeName() != SqlTypeName.CHAR) {
      return null;
    }
    String unit = String.valueOf(literal.toValue()).toUpperCase(Locale.ROOT);
    if (!UNITS.contains(unit)) {
      return null;
    }
    SqlParserPos pos = call.getParserPosition();
    SqlNode moment = call.operand(1);
    if (!unit.equals("WEEK")) {
      return floor(pos, moment, TimeUnit.valueOf(unit));
    }
    // FLOOR begins a week on Sunday, DATE_TRUNC as ISO 8601 on Monday.
    SqlIntervalQualifier days = new SqlIntervalQualifier(TimeUnit.DAY, null, pos);
    SqlIntervalLiteral day = SqlLiteral.createInterval(1, "1", days, pos);
    SqlNode sunday =
        floor(pos, SqlStdOperatorTable.MINUS.createCall(pos, moment, day), TimeUnit.WEEK);
    return SqlStdOperatorTable.PLUS.createCall(pos, sunday, day);
  }

  private static SqlNode floor(SqlParserPos pos, SqlNode moment, TimeUnit unit) {
    return SqlStdOperatorTable.FLOOR.createCall(
        pos, moment, new SqlIntervalQualifier(unit, null, pos));
  }
}
