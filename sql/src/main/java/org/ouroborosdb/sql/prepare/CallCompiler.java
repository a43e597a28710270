package org.ouroborosdb.sql.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.catalog.SqlCatalog;
import org.ouroborosdb.sql.dialect.Dialect;
import org.ouroborosdb.sql.dialect.Types;
import org.ouroborosdb.sql.plan.CallPlan;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.plan.QueryPlanner;
import org.ouroborosdb.sql.procedure.Procedure;
import org.ouroborosdb.sql.procedure.Procedures;

/** Makes a {@link CallPlan} of a parsed CALL. */
final class CallCompiler {
  private CallCompiler() {}

  static CallPlan compile(SqlNode call, SqlCatalog catalog, QueryPlanner planner) {
    SqlCall invoked = ((SqlCall) call).operand(0);
    Procedure procedure = Procedures.named(name(invoked));
    List<SqlNode> given = invoked.getOperandList();
    requireCount(procedure, given.size());
    List<ColumnInfo> columns = new ArrayList<>();
    List<RelDataType> types = new ArrayList<>();
    for (Procedure.Column column : procedure.columns()) {
      Dialect.TypeFactory factory = catalog.typeFactory();
      RelDataType type =
          factory.createTypeWithNullability(factory.createSqlType(column.type()), true);
      types.add(type);
      columns.add(Types.column(column.name(), type, null, false));
    }
    QueryPlan arguments =
        given.isEmpty() ? null : arguments(procedure, given, invoked.getParserPosition(), planner);
    return new CallPlan(procedure, arguments, List.copyOf(columns), List.copyOf(types));
  }

  private static String name(SqlCall invoked) {
    SqlIdentifier identifier = invoked.getOperator().getNameAsId();
    List<String> names = identifier.names;
    boolean ours = names.size() == 2 && names.get(0).equalsIgnoreCase(SqlCatalog.SCHEMA);
    return ours ? names.get(1) : String.join(".", names);
  }

  private static void requireCount(Procedure procedure, int given) {
    List<Procedure.Argument> arguments = procedure.arguments();
    long required = arguments.stream().filter(Procedure.Argument::required).count();
    if (given < required || given > arguments.size()) {
      String names = String.join(", ", arguments.stream().map(CallCompiler::described).toList());
      throw new SqlException(
          SqlState.NO_FUNCTION,
          "procedure " + procedure.name() + " is called as " + procedure.name() + "(" + names + ")",
          null);
    }
  }

  private static String described(Procedure.Argument argument) {
    String text = argument.name() + " " + argument.type().getName().toLowerCase(Locale.ROOT);
    return argument.required() ? text : "[" + text + "]";
  }

  private static QueryPlan arguments(
      Procedure procedure, List<SqlNode> given, SqlParserPos pos, QueryPlanner planner) {
    SqlNodeList values = new SqlNodeList(pos);
    for (int i = 0; i < given.size(); i++) {
      SqlParserPos at = given.get(i).getParserPosition();
      SqlDataTypeSpec type =
          new SqlDataTypeSpec(
              new SqlBasicTypeNameSpec(procedure.arguments().get(i).type(), at), at);
      values.add(SqlStdOperatorTable.CAST.createCall(at, given.get(i), type));
    }
    @Nullable SqlNode none = null;
    return planner.plan(
        new SqlSelect(
            pos, null, values, none, none, null, none, null, null, null, none, none, null));
  }
}
