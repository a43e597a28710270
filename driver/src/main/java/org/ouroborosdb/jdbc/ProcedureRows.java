package org.ouroborosdb.jdbc;

import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.TableDescription;
import org.ouroborosdb.sql.procedure.ProcedureDescription;

/** The rows of {@code getProcedures} and {@code getProcedureColumns}: what CALL runs. */
final class ProcedureRows {
  private ProcedureRows() {}

  private static List<ProcedureDescription> matching(
      @Nullable String catalog, @Nullable String schema, @Nullable String name) {
    return ProcedureDescription.all().stream()
        .filter(each -> CatalogueTable.inSchema(catalog, schema, CatalogueTable.SCHEMA))
        .filter(each -> LikePattern.matches(name, each.name()))
        .toList();
  }

  static List<List<@Nullable Object>> procedures(
      @Nullable String catalog, @Nullable String schema, @Nullable String name) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ProcedureDescription each : matching(catalog, schema, name)) {
      rows.add(
          Arrays.asList(
              null,
              CatalogueTable.SCHEMA,
              each.name(),
              null,
              null,
              null,
              each.remarks(),
              (short) DatabaseMetaData.procedureNoResult, // rows and counts are no return value
              each.name()));
    }
    return rows;
  }

  static List<List<@Nullable Object>> columns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String name,
      @Nullable String column) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (ProcedureDescription each : matching(catalog, schema, name)) {
      add(rows, each, each.arguments(), DatabaseMetaData.procedureColumnIn, column);
      add(rows, each, each.results(), DatabaseMetaData.procedureColumnResult, column);
    }
    return rows;
  }

  private static void add(
      List<List<@Nullable Object>> rows,
      ProcedureDescription procedure,
      List<TableDescription.Column> columns,
      int kind,
      @Nullable String pattern) {
    int ordinal = 0;
    for (TableDescription.Column each : columns) {
      ordinal++;
      if (LikePattern.matches(pattern, each.name())) {
        rows.add(row(procedure, each, kind, ordinal));
      }
    }
  }

  private static List<@Nullable Object> row(
      ProcedureDescription procedure, TableDescription.Column column, int kind, int ordinal) {
    SqlType type = column.type();
    int size = JdbcTypes.precision(type, 0);
    int nullable =
        column.nullable() ? DatabaseMetaData.procedureNullable : DatabaseMetaData.procedureNoNulls;
    return Arrays.asList(
        null,
        CatalogueTable.SCHEMA,
        procedure.name(),
        column.name(),
        (short) kind,
        JdbcTypes.number(type),
        JdbcTypes.name(type),
        size,
        size,
        JdbcTypes.digits(type),
        JdbcTypes.isNumeric(type) ? (short) 10 : null,
        (short) nullable,
        column.remarks(),
        null,
        null,
        null,
        type == SqlType.VARCHAR ? size : null,
        ordinal,
        column.nullable() ? "YES" : "NO",
        procedure.name());
  }
}
