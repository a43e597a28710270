package org.ouroborosdb.sql.prepare;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ParameterInfo;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.catalog.SqlCatalog;
import org.ouroborosdb.sql.dialect.Dialect;
import org.ouroborosdb.sql.dialect.Types;
import org.ouroborosdb.sql.plan.InsertTarget;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.plan.QueryPlanner;
import org.ouroborosdb.sql.plan.StatementPlan;
import org.ouroborosdb.sql.plan.VersionPlan;

/** Makes a {@link VersionPlan} of an UPDATE or DELETE of files or keys. For one statement. */
final class VersionCompiler {
  private final SqlCatalog catalog;
  private final QueryPlanner planner;
  private final boolean keys;
  private final StatementPlan.@Nullable ParameterType[] parameters;
  private final List<Integer> rowParameters = new ArrayList<>();
  private final List<VersionPlan.Setting> settings = new ArrayList<>();
  private final List<SqlNode> computed = new ArrayList<>();

  private VersionCompiler(
      SqlCatalog catalog, QueryPlanner planner, boolean keys, int parameterCount) {
    this.catalog = catalog;
    this.planner = planner;
    this.keys = keys;
    this.parameters = new StatementPlan.ParameterType[parameterCount];
  }

  /** Returns whether UPDATE and DELETE of a table append versions. */
  static boolean takes(String table) {
    return table.equalsIgnoreCase("files") || isKeys(table);
  }

  private static boolean isKeys(String table) {
    return table.equalsIgnoreCase("kv");
  }

  static VersionPlan update(
      SqlUpdate update, int parameterCount, SqlCatalog catalog, QueryPlanner planner) {
    String table = InsertCompiler.tableName(update.getTargetTable());
    if (!catalog.hasTable(table)) {
      throw new SqlException(SqlState.NO_TABLE, "table '" + table + "' not found", null);
    }
    if (!takes(table)) {
      throw new SqlException(
          SqlState.IMMUTABLE,
          "UPDATE of "
              + table
              + " is refused: events never change; UPDATE files or kv, which appends versions, or"
              + " INSERT one INTO events",
          null);
    }
    VersionCompiler compiler = new VersionCompiler(catalog, planner, isKeys(table), parameterCount);
    compiler.set(update.getTargetColumnList(), update.getSourceExpressionList());
    return compiler.plan(update.getTargetTable(), update.getAlias(), update.getCondition(), false);
  }

  static VersionPlan delete(
      SqlDelete delete, int parameterCount, SqlCatalog catalog, QueryPlanner planner) {
    boolean keys = isKeys(InsertCompiler.tableName(delete.getTargetTable()));
    return new VersionCompiler(catalog, planner, keys, parameterCount)
        .plan(delete.getTargetTable(), delete.getAlias(), delete.getCondition(), true);
  }

  private void set(SqlNodeList columns, SqlNodeList values) {
    Set<VersionPlan.Part> seen = EnumSet.noneOf(VersionPlan.Part.class);
    for (int i = 0; i < columns.size(); i++) {
      List<String> names = ((SqlIdentifier) columns.get(i)).names;
      String name = names.get(names.size() - 1).toLowerCase(Locale.ROOT);
      VersionPlan.Part part = part(name);
      if (!seen.add(part)) {
        throw new SqlException(
            SqlState.DUPLICATE_COLUMN, "column '" + name + "' is set twice", null);
      }
      if (values.get(i) instanceof SqlDynamicParam parameter) {
        parameters[parameter.getIndex()] = type(part);
        settings.add(new VersionPlan.Setting(part, parameter.getIndex(), -1));
      } else {
        settings.add(
            new VersionPlan.Setting(part, -1, VersionPlan.FIRST_COMPUTED + computed.size()));
        computed.add(values.get(i));
      }
    }
  }

  private VersionPlan.Part part(String column) {
    VersionPlan.Part part =
        switch (column) {
          case "content" -> VersionPlan.Part.CONTENT;
          case "metadata" -> VersionPlan.Part.METADATA;
          case "media_type" -> keys ? null : VersionPlan.Part.MEDIA_TYPE;
          case "name" -> keys ? null : VersionPlan.Part.NAME;
          case "replaces" -> keys ? null : VersionPlan.Part.REPLACES;
          default -> null;
        };
    if (part != null) {
      return part;
    }
    InsertTarget target = keys ? InsertTarget.KV : InsertTarget.FILES;
    throw target.columns().contains(column)
        ? new SqlException(SqlState.GENERATED_COLUMN, "column '" + column + "' cannot be set", null)
        : new SqlException(
            SqlState.NO_COLUMN,
            "table '" + target.tableName() + "' has no column '" + column + "'",
            null);
  }

  private StatementPlan.ParameterType type(VersionPlan.Part part) {
    Dialect.TypeFactory factory = catalog.typeFactory();
    RelDataType type =
        switch (part) {
          case CONTENT -> factory.createSqlType(SqlTypeName.VARBINARY);
          case REPLACES -> factory.createArrayType(factory.text(), -1);
          case METADATA, MEDIA_TYPE, NAME -> factory.text();
        };
    RelDataType nullable = factory.createTypeWithNullability(type, true);
    ParameterInfo info =
        part == VersionPlan.Part.CONTENT
            ? new ParameterInfo(SqlType.BLOB, "BLOB", 0, 0)
            : Types.parameter(nullable);
    return new StatementPlan.ParameterType(nullable, StatementPlan.Use.VALUE, info);
  }

  private VersionPlan plan(
      SqlNode table, @Nullable SqlIdentifier alias, @Nullable SqlNode condition, boolean removing) {
    SqlParserPos pos = table.getParserPosition();
    SqlNodeList columns =
        SqlNodeList.of(
            new SqlIdentifier(keys ? "key" : "id", pos), new SqlIdentifier("version", pos));
    computed.forEach(expression -> columns.add(renumbered(expression)));
    SqlNode where = condition == null ? null : renumbered(condition);
    SqlNode from = alias == null ? table : SqlStdOperatorTable.AS.createCall(pos, table, alias);
    QueryPlan rows =
        planner.plan(
            new SqlSelect(
                pos, null, columns, from, where, null, null, null, null, null, null, null, null));
    for (int i = 0; i < rowParameters.size(); i++) {
      parameters[rowParameters.get(i)] = rows.parameters().get(i);
    }
    List<StatementPlan.ParameterType> all = new ArrayList<>();
    for (StatementPlan.ParameterType each : parameters) {
      all.add(Objects.requireNonNull(each));
    }
    return new VersionPlan(
        keys, removing, List.copyOf(settings), rows, List.copyOf(rowParameters), List.copyOf(all));
  }

  /** The parameters of the rows' query count from 0, whichever are left to the assignments. */
  private SqlNode renumbered(SqlNode node) {
    SqlNode copy =
        node.accept(
            new SqlShuttle() {
              @Override
              public SqlNode visit(SqlDynamicParam parameter) {
                rowParameters.add(parameter.getIndex());
                return new SqlDynamicParam(rowParameters.size() - 1, parameter.getParserPosition());
              }
            });
    return copy == null ? node : copy;
  }
}
