package org.ouroborosdb.sql.plan;

import java.util.EnumSet;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Compares a CAST to CHAR(n), which fills up with blanks, as the standard has it: the shorter text
 * is taken for one with blanks behind it (SQL:2016, 8.2). Calcite compares what is stored.
 */
final class PaddedTexts extends SqlBasicVisitor<@Nullable Void> {
  private static final Set<SqlKind> COMPARISONS =
      EnumSet.of(
          SqlKind.EQUALS,
          SqlKind.NOT_EQUALS,
          SqlKind.LESS_THAN,
          SqlKind.LESS_THAN_OR_EQUAL,
          SqlKind.GREATER_THAN,
          SqlKind.GREATER_THAN_OR_EQUAL,
          SqlKind.IS_DISTINCT_FROM,
          SqlKind.IS_NOT_DISTINCT_FROM,
          SqlKind.IN,
          SqlKind.NOT_IN);

  private PaddedTexts() {}

  /** Rewrites the comparisons of a parsed statement in place. */
  static void rewrite(SqlNode statement) {
    statement.accept(new PaddedTexts());
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    super.visit(call);
    if (COMPARISONS.contains(call.getKind())
        && call.operandCount() == 2
        && (isFilled(call.operand(0)) || isFilled(call.operand(1)))
        && isText(call.operand(0))
        && isText(call.operand(1))) {
      call.setOperand(0, trimmed(call.operand(0)));
      call.setOperand(1, trimmed(call.operand(1)));
    }
    return null;
  }

  private static boolean isFilled(SqlNode node) {
    if (node instanceof SqlNodeList list) {
      return list.stream().anyMatch(item -> item != null && isFilled(item));
    }
    return node.getKind() == SqlKind.CAST
        && ((SqlCall) node).operand(1) instanceof SqlDataTypeSpec type
        && type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec
        && type.getTypeName().getSimple().equals(SqlTypeName.CHAR.name());
  }

  /** Returns whether it may be a text, or a list of such. */
  private static boolean isText(SqlNode node) {
    return node instanceof SqlNodeList list
        ? list.stream().allMatch(item -> item != null && isText(item))
        : !(node instanceof SqlNumericLiteral) && !SqlKind.QUERY.contains(node.getKind());
  }

  private static SqlNode trimmed(SqlNode node) {
    SqlParserPos pos = node.getParserPosition();
    if (node instanceof SqlNodeList list) {
      SqlNodeList items = new SqlNodeList(pos);
      list.forEach(item -> items.add(trimmed(item)));
      return items;
    }
    SqlNode text =
        node instanceof SqlDynamicParam
            ? SqlStdOperatorTable.CAST.createCall(
                pos,
                node,
                new SqlDataTypeSpec(new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, pos), pos))
            : node;
    return SqlStdOperatorTable.TRIM.createCall(
        pos,
        SqlTrimFunction.Flag.TRAILING.symbol(pos),
        SqlLiteral.createCharString(" ", pos),
        text);
  }
}
