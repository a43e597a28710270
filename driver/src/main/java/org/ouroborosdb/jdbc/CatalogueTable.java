package org.ouroborosdb.jdbc;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.TableDescription;

/**
 * A table as the catalogue lists it.
 *
 * @param kind its kind, one of those that {@code getTableTypes} gives
 * @param schema its schema
 * @param info what is known of it
 */
record CatalogueTable(String kind, String schema, TableDescription info) {
  static final String SCHEMA = "ouroboros";
  static final String SYSTEM_SCHEMA = "information_schema";

  private static final String STORE_SCHEMA = "sys";

  /** All schemas, in the order of {@code getSchemas}. */
  static final List<String> SCHEMAS = List.of(SYSTEM_SCHEMA, SCHEMA, STORE_SCHEMA);

  private static final List<CatalogueTable> ALL =
      Stream.of(
              TableDescription.all().stream()
                  .map(info -> new CatalogueTable("TABLE", SCHEMA, info)),
              TableDescription.system().stream()
                  .map(info -> new CatalogueTable("SYSTEM TABLE", STORE_SCHEMA, info)),
              Stream.of(
                  system(
                      "columns",
                      "Columns of the tables",
                      text("table_schema", "Schema of the table"),
                      text("table_name", "Table"),
                      text("column_name", "Column"),
                      column("ordinal_position", SqlType.INTEGER, "Place in the table, from 1"),
                      text("is_nullable", "YES or NO"),
                      text("data_type", "Type in SQL")),
                  system(
                      "tables",
                      "Tables",
                      text("table_schema", "Schema of the table"),
                      text("table_name", "Table"),
                      text("table_type", "BASE TABLE or SYSTEM TABLE"))))
          .flatMap(tables -> tables)
          .sorted(
              Comparator.comparing(CatalogueTable::kind)
                  .thenComparing(CatalogueTable::schema)
                  .thenComparing(CatalogueTable::name))
          .toList();

  private static CatalogueTable system(
      String name, String remarks, TableDescription.Column... columns) {
    return new CatalogueTable(
        "SYSTEM TABLE",
        SYSTEM_SCHEMA,
        new TableDescription(name, remarks, List.of(columns), List.of(), List.of()));
  }

  private static TableDescription.Column text(String name, String remarks) {
    return column(name, SqlType.VARCHAR, remarks);
  }

  private static TableDescription.Column column(String name, SqlType type, String remarks) {
    return new TableDescription.Column(name, type, false, true, remarks);
  }

  String name() {
    return info.name();
  }

  private static boolean noCatalog(@Nullable String catalog) {
    return catalog == null || catalog.isEmpty();
  }

  static boolean inSchema(@Nullable String catalog, @Nullable String pattern, String schema) {
    return noCatalog(catalog) && LikePattern.matches(pattern, schema);
  }

  /** Returns the tables whose schema and name match patterns, in the order of {@code getTables}. */
  static List<CatalogueTable> matching(
      @Nullable String catalog, @Nullable String schema, @Nullable String table) {
    return ALL.stream()
        .filter(each -> inSchema(catalog, schema, each.schema))
        .filter(each -> LikePattern.matches(table, each.name()))
        .toList();
  }

  /** Returns a table by its exact name, as the key methods take it; all tables for null. */
  static List<CatalogueTable> exactly(
      @Nullable String catalog, @Nullable String schema, @Nullable String table) {
    return ALL.stream()
        .filter(each -> noCatalog(catalog))
        .filter(each -> schema == null || each.schema.equalsIgnoreCase(schema))
        .filter(each -> table == null || each.name().equalsIgnoreCase(table))
        .toList();
  }
}
