package org.ouroborosdb.sql.plan;

import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;

/**
 * Gives the parameters behind FOR SYSTEM_TIME AS OF, of tables and functions, their types, which
 * the validator does not infer there: {@code ?} is a timestamp, {@code level(?)} and {@code seq(?)}
 * are numbers.
 */
final class AsOfPeriods extends SqlBasicVisitor<@Nullable Void> {
  private static final int MILLIS = 3;

  private static final SqlBasicVisitor<@Nullable Void> NO_QUERY =
      new SqlBasicVisitor<>() {
        @Override
        public @Nullable Void visit(SqlCall call) {
          if (SqlKind.QUERY.contains(call.getKind())) {
            throw new SqlException(
                SqlState.NOT_SUPPORTED,
                "the moment of FOR SYSTEM_TIME AS OF is made of literals and ?, not of a query;"
                    + " read it first",
                null);
          }
          return super.visit(call);
        }
      };

  private final Map<String, Integer> functions;

  private AsOfPeriods(Map<String, Integer> functions) {
    this.functions = functions;
  }

  /**
   * Completes a statement in place.
   *
   * @param functions the table functions, with the place of the moment among their arguments
   */
  static void complete(SqlNode statement, Map<String, Integer> functions) {
    statement.accept(new AsOfPeriods(functions));
  }

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call instanceof SqlSnapshot snapshot) {
      snapshot.getPeriod().accept(NO_QUERY);
      snapshot.setOperand(1, completed(snapshot.getPeriod()));
    } else if (call.getKind() == SqlKind.OTHER_FUNCTION) {
      Integer place = functions.get(call.getOperator().getName().toLowerCase(Locale.ROOT));
      if (place != null && call.operandCount() > place) {
        call.setOperand(place, completed(call.operand(place)));
      }
    } else if (call.getKind() == SqlKind.ARGUMENT_ASSIGNMENT && isMoment(call.operand(1))) {
      call.setOperand(0, completed(call.operand(0)));
    }
    return super.visit(call);
  }

  private static boolean isMoment(SqlNode name) {
    return name instanceof SqlIdentifier id && id.getSimple().equalsIgnoreCase("as_of");
  }

  private static SqlNode completed(SqlNode period) {
    if (SqlUtil.isNullLiteral(period, false)) {
      throw new SqlException(
          SqlState.NULL_ARGUMENT, "FOR SYSTEM_TIME AS OF NULL names no moment", null);
    }
    if (period instanceof SqlDynamicParam) {
      return cast(period, SqlTypeName.TIMESTAMP, MILLIS);
    }
    if (period instanceof SqlBasicCall call
        && call.operandCount() == 1
        && (isNamed(call, "level") || isNamed(call, "seq"))) {
      call.setOperand(0, cast(numbered(call.operand(0)), SqlTypeName.BIGINT, -1));
    }
    return period;
  }

  /** Makes each parameter of an expression a number, unless a CAST says what it is. */
  private static SqlNode numbered(SqlNode expression) {
    SqlNode typed =
        expression.accept(
            new SqlShuttle() {
              @Override
              public SqlNode visit(SqlDynamicParam parameter) {
                return cast(parameter, SqlTypeName.BIGINT, -1);
              }

              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                return call.getKind() == SqlKind.CAST ? call : super.visit(call);
              }
            });
    return typed == null ? expression : typed;
  }

  private static boolean isNamed(SqlCall call, String name) {
    return call.getOperator().getName().equalsIgnoreCase(name);
  }

  private static SqlNode cast(SqlNode value, SqlTypeName type, int precision) {
    SqlParserPos pos = value.getParserPosition();
    return SqlStdOperatorTable.CAST.createCall(
        pos, value, new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, precision, pos), pos));
  }
}
