package org.ouroborosdb.jdbc;

import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.TableDescription;

/** The rows of {@code getFunctions} and {@code getFunctionColumns}: the functions of the tree. */
final class FunctionRows {
  /** As many tags as {@code tagged} takes. */
  private static final int MAX_TAGS = 8;

  /**
   * A function.
   *
   * @param arguments its arguments; those that may be left out are nullable
   * @param value the type of what it gives; null if it gives rows
   */
  private record Function(
      String name,
      String remarks,
      List<TableDescription.Column> arguments,
      @Nullable SqlType value) {}

  private static final List<Function> ALL =
      List.of(
          rows("ancestors", "Ancestors of an event, nearest first", List.of(id())),
          new Function(
              "content_text", "Content of an event as UTF-8 text", List.of(id()), SqlType.VARCHAR),
          new Function(
              "effective_metadata",
              "Metadata of an event or its nearest ancestor that has any",
              List.of(id()),
              SqlType.VARCHAR),
          rows("history", "The versions of an event, oldest first", List.of(id())),
          new Function(
              "level",
              "The time of a level; the moment itself behind AS OF",
              List.of(argument("level", SqlType.BIGINT, false, "Nanoseconds since 1970, UTC")),
              SqlType.TIMESTAMP),
          new Function(
              "seq",
              "The time of an event of this store; the state of then behind AS OF",
              List.of(argument("seq", SqlType.BIGINT, false, "Number of the event")),
              SqlType.TIMESTAMP),
          rows(
              "subtree",
              "An event and its descendants",
              List.of(
                  id(), argument("max_depth", SqlType.INTEGER, true, "Levels below the event"))),
          rows("tagged", "Events that have all of up to eight tags", tags()));

  private FunctionRows() {}

  /** Returns a function in FROM, which also takes a moment. */
  private static Function rows(
      String name, String remarks, List<TableDescription.Column> arguments) {
    List<TableDescription.Column> all = new ArrayList<>(arguments);
    all.add(argument("as_of", SqlType.TIMESTAMP, true, "The moment whose state is shown"));
    return new Function(name, remarks, all, null);
  }

  private static TableDescription.Column id() {
    return argument("id", SqlType.VARCHAR, false, "Id of the event");
  }

  private static TableDescription.Column argument(
      String name, SqlType type, boolean optional, String remarks) {
    return new TableDescription.Column(name, type, optional, false, remarks);
  }

  private static List<TableDescription.Column> tags() {
    List<TableDescription.Column> tags = new ArrayList<>();
    for (int i = 1; i <= MAX_TAGS; i++) {
      tags.add(argument("tag" + i, SqlType.VARCHAR, i > 1, "A tag"));
    }
    return tags;
  }

  private static List<Function> matching(
      @Nullable String catalog, @Nullable String schema, @Nullable String name) {
    return ALL.stream()
        .filter(each -> CatalogueTable.inSchema(catalog, schema, CatalogueTable.SCHEMA))
        .filter(each -> LikePattern.matches(name, each.name))
        .toList();
  }

  static List<List<@Nullable Object>> functions(
      @Nullable String catalog, @Nullable String schema, @Nullable String name) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Function each : matching(catalog, schema, name)) {
      int kind =
          each.value == null
              ? DatabaseMetaData.functionReturnsTable
              : DatabaseMetaData.functionNoTable;
      rows.add(
          Arrays.asList(
              null, CatalogueTable.SCHEMA, each.name, each.remarks, (short) kind, each.name));
    }
    return rows;
  }

  static List<List<@Nullable Object>> columns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String name,
      @Nullable String column) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (Function each : matching(catalog, schema, name)) {
      if (each.value != null && LikePattern.matches(column, "")) {
        TableDescription.Column value = argument("", each.value, true, "What the function gives");
        rows.add(row(each, value, DatabaseMetaData.functionReturn, 0));
      }
      add(rows, each, each.arguments, DatabaseMetaData.functionColumnIn, column);
      if (each.value == null) {
        add(rows, each, resultOf(each), DatabaseMetaData.functionColumnResult, column);
      }
    }
    return rows;
  }

  private static List<TableDescription.Column> resultOf(Function function) {
    if (function.name.equals("history")) {
      return TableDescription.history().columns();
    }
    return CatalogueTable.exactly(null, CatalogueTable.SCHEMA, "events").get(0).info().columns();
  }

  private static void add(
      List<List<@Nullable Object>> rows,
      Function function,
      List<TableDescription.Column> columns,
      int kind,
      @Nullable String pattern) {
    int ordinal = 0;
    for (TableDescription.Column each : columns) {
      ordinal++;
      if (LikePattern.matches(pattern, each.name())) {
        rows.add(row(function, each, kind, ordinal));
      }
    }
  }

  private static List<@Nullable Object> row(
      Function function, TableDescription.Column column, int kind, int ordinal) {
    SqlType type = column.type();
    int size = JdbcTypes.precision(type, 0);
    boolean numeric = JdbcTypes.isNumeric(type);
    return Arrays.asList(
        null,
        CatalogueTable.SCHEMA,
        function.name,
        column.name(),
        (short) kind,
        JdbcTypes.number(type),
        JdbcTypes.name(type),
        size,
        size,
        JdbcTypes.digits(type),
        numeric ? (short) 10 : null,
        (short) (column.nullable() ? DatabaseMetaData.functionNullable : 0),
        column.remarks(),
        type == SqlType.VARCHAR ? size : null,
        ordinal,
        column.nullable() ? "YES" : "NO",
        function.name);
  }
}
