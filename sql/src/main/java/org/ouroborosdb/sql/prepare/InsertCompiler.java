package org.ouroborosdb.sql.prepare;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ParameterInfo;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.catalog.SqlCatalog;
import org.ouroborosdb.sql.dialect.Dialect;
import org.ouroborosdb.sql.dialect.Types;
import org.ouroborosdb.sql.plan.InsertPlan;
import org.ouroborosdb.sql.plan.InsertTarget;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.plan.QueryPlanner;
import org.ouroborosdb.sql.plan.StatementPlan;

/**
 * Makes an {@link InsertPlan} of a parsed INSERT. Literals and {@code ?}s become cells that need no
 * plan; only other expressions, and SELECT, go through the planner.
 */
final class InsertCompiler {
  private final SqlCatalog catalog;
  private final QueryPlanner planner;
  private final InsertTarget target;
  private final List<InsertTarget.Field> fields;
  private final boolean upsert;
  private final StatementPlan.@Nullable ParameterType[] parameters;

  private InsertCompiler(
      SqlCatalog catalog,
      QueryPlanner planner,
      InsertTarget target,
      List<InsertTarget.Field> fields,
      int parameterCount,
      boolean upsert) {
    this.upsert = upsert;
    this.catalog = catalog;
    this.planner = planner;
    this.target = target;
    this.fields = fields;
    this.parameters = new StatementPlan.ParameterType[parameterCount];
  }

  static InsertPlan compile(
      SqlInsert insert, int parameterCount, SqlCatalog catalog, QueryPlanner planner) {
    InsertTarget target = target(insert.getTargetTable(), catalog);
    if (insert.isUpsert() && target != InsertTarget.KV) {
      throw new SqlException(
          SqlState.IMMUTABLE, "UPSERT is for kv only: events never change", null);
    }
    SqlNode source = insert.getSource();
    boolean values = source.getKind() == SqlKind.VALUES;
    List<InsertTarget.Field> fields = fields(insert, target, values ? width(source) : -1);
    InsertCompiler compiler =
        new InsertCompiler(catalog, planner, target, fields, parameterCount, insert.isUpsert());
    return values ? compiler.values((SqlCall) source) : compiler.select(source);
  }

  /** Returns the name of the table of a statement, which must be of our schema. */
  static String tableName(SqlNode table) {
    SqlIdentifier id = (SqlIdentifier) table;
    String name = id.names.get(id.names.size() - 1);
    boolean ours =
        id.names.size() == 1
            || (id.names.size() == 2 && id.names.get(0).equalsIgnoreCase(SqlCatalog.SCHEMA));
    if (!ours) {
      throw new SqlException(
          SqlState.IMMUTABLE, "only tables of schema ouroboros take INSERT and DELETE", null);
    }
    return name;
  }

  private static InsertTarget target(SqlNode table, SqlCatalog catalog) {
    String name = tableName(table);
    InsertTarget target = InsertTarget.named(name);
    if (target == null) {
      throw catalog.hasTable(name)
          ? new SqlException(
              SqlState.IMMUTABLE,
              "table '" + name + "' takes no INSERT; use roots, events, children or files, or kv",
              null)
          : new SqlException(SqlState.NO_TABLE, "table '" + name + "' not found", null);
    }
    return target;
  }

  private static int width(SqlNode values) {
    return ((SqlCall) ((SqlCall) values).operand(0)).operandCount();
  }

  private static List<InsertTarget.Field> fields(SqlInsert insert, InsertTarget target, int width) {
    SqlNodeList list = insert.getTargetColumnList();
    List<String> names = new ArrayList<>();
    if (list == null) {
      names.addAll(width == target.columns().size() ? target.columns() : target.insertable());
    } else {
      for (SqlNode column : list) {
        names.add(((SqlIdentifier) column).getSimple().toLowerCase(Locale.ROOT));
      }
    }
    Set<String> seen = new HashSet<>();
    List<InsertTarget.Field> fields = new ArrayList<>();
    for (String name : names) {
      InsertTarget.Field field = target.field(name);
      if (field == null) {
        throw new SqlException(
            SqlState.NO_COLUMN,
            "table '" + target.tableName() + "' has no column '" + name + "'",
            null);
      }
      if (!seen.add(name)) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN, "column '" + name + "' is listed twice", null);
      }
      fields.add(field);
    }
    return List.copyOf(fields);
  }

  private InsertPlan values(SqlCall values) {
    List<InsertPlan.Row> rows = new ArrayList<>();
    for (SqlNode row : values.getOperandList()) {
      rows.add(row((SqlCall) row));
    }
    return plan(rows, null, List.of(), -1);
  }

  private InsertPlan plan(
      List<InsertPlan.Row> rows,
      @Nullable QueryPlan query,
      List<Integer> queryParameters,
      int content) {
    List<StatementPlan.ParameterType> types = new ArrayList<>();
    for (StatementPlan.ParameterType type : parameters) {
      if (type == null) {
        throw new AssertionError("a parameter of an INSERT has no type");
      }
      types.add(type);
    }
    return new InsertPlan(
        target,
        fields,
        List.copyOf(rows),
        query,
        queryParameters,
        content,
        upsert,
        List.copyOf(types));
  }

  private InsertPlan.Row row(SqlCall row) {
    if (row.operandCount() != fields.size()) {
      throw wrongWidth(row.operandCount());
    }
    List<InsertPlan.Cell> cells = new ArrayList<>();
    List<SqlNode> computed = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      InsertPlan.Cell cell = simple(row.operand(i), fields.get(i), false);
      if (cell == null) {
        cell = new InsertPlan.Computed(computed.size());
        computed.add(row.operand(i));
      }
      cells.add(cell);
    }
    if (computed.isEmpty()) {
      return new InsertPlan.Row(List.copyOf(cells), null, List.of());
    }
    return computedRow(cells, computed);
  }

  private InsertPlan.Row computedRow(List<InsertPlan.Cell> cells, List<SqlNode> expressions) {
    List<Integer> indexes = new ArrayList<>();
    List<SqlNode> renumbered = new ArrayList<>();
    for (SqlNode expression : expressions) {
      renumbered.add(renumbered(expression, indexes));
    }
    SqlParserPos pos = expressions.get(0).getParserPosition();
    SqlNode query =
        SqlStdOperatorTable.VALUES.createCall(
            pos, SqlStdOperatorTable.ROW.createCall(pos, renumbered));
    QueryPlan plan = planner.plan(query);
    for (int i = 0; i < indexes.size(); i++) {
      parameters[indexes.get(i)] = plan.parameters().get(i);
    }
    return new InsertPlan.Row(List.copyOf(cells), plan, List.copyOf(indexes));
  }

  /**
   * Returns a copy whose parameters count from 0; adds their indexes in the statement to a list.
   */
  private static SqlNode renumbered(SqlNode expression, List<Integer> indexes) {
    SqlNode copy =
        expression.accept(
            new SqlShuttle() {
              @Override
              public SqlNode visit(SqlDynamicParam param) {
                indexes.add(param.getIndex());
                return new SqlDynamicParam(indexes.size() - 1, param.getParserPosition());
              }
            });
    return copy == null ? expression : copy;
  }

  /** Returns the cell of a literal, a ?, DEFAULT or an array of such; null for all else. */
  private InsertPlan.@Nullable Cell simple(
      SqlNode node, InsertTarget.Field field, boolean element) {
    if (node instanceof SqlDynamicParam param) {
      RelDataType type = element ? catalog.typeFactory().text() : type(field);
      parameters[param.getIndex()] =
          new StatementPlan.ParameterType(type, StatementPlan.Use.VALUE, info(type, field));
      return new InsertPlan.Parameter(param.getIndex());
    }
    if (node.getKind() == SqlKind.DEFAULT) {
      return new InsertPlan.Constant(null);
    }
    if (node instanceof SqlLiteral literal) {
      return constant(literal);
    }
    if (node.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR && !element) {
      return array((SqlCall) node, field);
    }
    return null;
  }

  private InsertPlan.@Nullable Cell array(SqlCall call, InsertTarget.Field field) {
    List<InsertPlan.Cell> cells = new ArrayList<>();
    for (SqlNode item : call.getOperandList()) {
      InsertPlan.Cell cell = simple(item, field, true);
      if (cell == null) {
        return null;
      }
      cells.add(cell);
    }
    return new InsertPlan.ArrayOf(List.copyOf(cells));
  }

  private static InsertPlan.@Nullable Cell constant(SqlLiteral literal) {
    return switch (literal.getTypeName()) {
      case NULL -> new InsertPlan.Constant(null);
      case BOOLEAN -> new InsertPlan.Constant(literal.booleanValue());
      case DECIMAL -> new InsertPlan.Constant(literal.bigDecimalValue());
      case CHAR -> {
        Object value = literal.getValue();
        yield value instanceof NlsString text ? new InsertPlan.Constant(text.getValue()) : null;
      }
      case BINARY -> new InsertPlan.Constant(literal.getValueAs(byte[].class));
      default -> null;
    };
  }

  private InsertPlan select(SqlNode source) {
    int content = -1;
    if (source instanceof SqlSelect select) {
      SqlNodeList items = select.getSelectList();
      for (int i = 0; i < Math.min(items.size(), fields.size()); i++) {
        if (fields.get(i) == InsertTarget.Field.CONTENT && bare(items.get(i)) != null) {
          content = takeContent(items, i);
        } else {
          items.set(i, typed(items.get(i), fields.get(i)));
        }
      }
    }
    List<Integer> indexes = new ArrayList<>();
    SqlNode renumbered = renumbered(source, indexes);
    QueryPlan query = planner.plan(content < 0 ? source : renumbered);
    if (query.columns().size() != fields.size()) {
      throw wrongWidth(query.columns().size());
    }
    for (int i = 0; i < indexes.size(); i++) {
      parameters[indexes.get(i)] = query.parameters().get(i);
    }
    return plan(List.of(), query, List.copyOf(indexes), content);
  }

  private static @Nullable SqlDynamicParam bare(SqlNode item) {
    SqlNode node =
        item.getKind() == SqlKind.AS && item instanceof SqlBasicCall alias
            ? alias.operand(0)
            : item;
    return node instanceof SqlDynamicParam param ? param : null;
  }

  /** Leaves NULL in the query for a ? that is the content of all rows; returns its index. */
  private int takeContent(SqlNodeList items, int i) {
    SqlDynamicParam param = bare(items.get(i));
    if (param == null) {
      throw new AssertionError("no parameter");
    }
    simple(param, InsertTarget.Field.CONTENT, false);
    SqlParserPos pos = param.getParserPosition();
    items.set(i, typed(SqlLiteral.createNull(pos), InsertTarget.Field.CONTENT, pos));
    return param.getIndex();
  }

  /** Gives a bare ? of the select list the type of the column it fills. */
  private SqlNode typed(SqlNode item, InsertTarget.Field field) {
    if (item instanceof SqlDynamicParam) {
      return typed(item, field, item.getParserPosition());
    }
    if (item.getKind() == SqlKind.AS && item instanceof SqlBasicCall alias) {
      alias.setOperand(0, typed(alias.operand(0), field));
    }
    return item;
  }

  private SqlNode typed(SqlNode item, InsertTarget.Field field, SqlParserPos pos) {
    return SqlStdOperatorTable.CAST.createCall(
        pos, item, SqlTypeUtil.convertTypeToSpec(type(field)).withNullable(null));
  }

  private RelDataType type(InsertTarget.Field field) {
    Dialect.TypeFactory factory = catalog.typeFactory();
    RelDataType type =
        switch (field.typeName) {
          case ARRAY -> factory.createArrayType(factory.text(), -1);
          case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, 3);
          default -> factory.createSqlType(field.typeName);
        };
    return factory.createTypeWithNullability(type, true);
  }

  private static ParameterInfo info(RelDataType type, InsertTarget.Field field) {
    return field == InsertTarget.Field.CONTENT
        ? new ParameterInfo(SqlType.BLOB, "BLOB", 0, 0)
        : Types.parameter(type);
  }

  private SqlException wrongWidth(int width) {
    return new SqlException(
        SqlState.SYNTAX,
        "INSERT INTO "
            + target.tableName()
            + " has "
            + width
            + " values for "
            + fields.size()
            + " columns; name the columns",
        null);
  }
}
