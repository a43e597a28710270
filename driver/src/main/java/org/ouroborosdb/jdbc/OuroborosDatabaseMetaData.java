package org.ouroborosdb.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.TableDescription;

/** The catalogue: tables, columns and keys as result sets of the shapes that JDBC gives. */
final class OuroborosDatabaseMetaData extends DatabaseLimits {
  private final OuroborosConnection connection;

  OuroborosDatabaseMetaData(OuroborosConnection connection) {
    this.connection = connection;
  }

  private ResultSet rows(String columns, List<List<@Nullable Object>> rows) throws SQLException {
    connection.requireOpen();
    return new OuroborosResultSet(null, RowSource.of(MetaColumns.parse(columns), rows));
  }

  private ResultSet none(String columns) throws SQLException {
    return rows(columns, List.of());
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  @Override
  public ResultSet getTables(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      String @Nullable [] types)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogueTable each : CatalogueTable.matching(catalog, schema, table)) {
      if (types == null || Arrays.stream(types).anyMatch(each.kind()::equalsIgnoreCase)) {
        rows.add(
            row(
                null,
                each.schema(),
                each.name(),
                each.kind(),
                each.info().remarks(),
                null,
                null,
                null,
                null,
                null));
      }
    }
    return rows(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME TABLE_TYPE REMARKS TYPE_CAT TYPE_SCHEM TYPE_NAME"
            + " SELF_REFERENCING_COL_NAME REF_GENERATION",
        rows);
  }

  @Override
  public ResultSet getColumns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column)
      throws SQLException {
    // In the order of getTables: the schemas sort as their tables' kinds do.
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogueTable info : CatalogueTable.matching(catalog, schema, table)) {
      int ordinal = 0;
      for (TableDescription.Column each : info.info().columns()) {
        ordinal++;
        if (LikePattern.matches(column, each.name())) {
          rows.add(column(info, each, ordinal));
        }
      }
    }
    return rows(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:I TYPE_NAME COLUMN_SIZE:I"
            + " BUFFER_LENGTH:I DECIMAL_DIGITS:I NUM_PREC_RADIX:I NULLABLE:I REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE:I SQL_DATETIME_SUB:I CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I"
            + " IS_NULLABLE SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE:S"
            + " IS_AUTOINCREMENT IS_GENERATEDCOLUMN",
        rows);
  }

  private static List<@Nullable Object> column(
      CatalogueTable info, TableDescription.Column column, int at) {
    SqlType type = column.type();
    boolean text = type == SqlType.VARCHAR;
    int size = JdbcTypes.precision(type, 0);
    return row(
        null,
        info.schema(),
        info.name(),
        column.name(),
        JdbcTypes.number(type),
        JdbcTypes.name(type),
        size,
        null,
        JdbcTypes.digits(type),
        JdbcTypes.isNumeric(type) ? 10 : null,
        column.nullable() ? columnNullable : columnNoNulls,
        column.remarks(),
        null,
        null,
        null,
        text ? size : null,
        at,
        column.nullable() ? "YES" : "NO",
        null,
        null,
        null,
        null,
        "NO",
        column.generated() ? "YES" : "NO");
  }

  @Override
  public ResultSet getPrimaryKeys(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogueTable each : CatalogueTable.exactly(catalog, schema, table)) {
      List<String> key = each.info().primaryKey();
      for (int i = 0; i < key.size(); i++) {
        rows.add(
            row(
                null,
                each.schema(),
                each.name(),
                key.get(i),
                (short) (i + 1),
                each.name() + "_pk"));
      }
    }
    rows.sort(by(3));
    return rows("TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ:S PK_NAME", rows);
  }

  /** Orders rows by the text of columns. */
  private static Comparator<List<@Nullable Object>> by(int... columns) {
    return Comparator.comparing(
        row ->
            Arrays.stream(columns)
                .mapToObj(column -> String.valueOf(row.get(column)))
                .collect(Collectors.joining("\0")));
  }

  /** Describes foreign keys. Events never change, and one that goes takes all below it along. */
  private ResultSet keys(List<CatalogueTable> parents, List<CatalogueTable> children, int... order)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogueTable child : children) {
      for (TableDescription.ForeignKey key : child.info().foreignKeys()) {
        if (parents.stream().anyMatch(parent -> parent.name().equals(key.table()))) {
          rows.add(
              row(
                  null,
                  CatalogueTable.SCHEMA,
                  key.table(),
                  key.key(),
                  null,
                  CatalogueTable.SCHEMA,
                  child.name(),
                  key.column(),
                  (short) 1,
                  (short) importedKeyRestrict,
                  (short) importedKeyCascade,
                  child.name() + "_" + key.column() + "_fk",
                  key.table() + "_pk",
                  (short) importedKeyNotDeferrable));
        }
      }
    }
    rows.sort(by(order));
    return rows(
        "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT FKTABLE_SCHEM"
            + " FKTABLE_NAME FKCOLUMN_NAME KEY_SEQ:S UPDATE_RULE:S DELETE_RULE:S FK_NAME PK_NAME"
            + " DEFERRABILITY:S",
        rows);
  }

  @Override
  public ResultSet getImportedKeys(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return keys(
        CatalogueTable.exactly(null, null, null),
        CatalogueTable.exactly(catalog, schema, table),
        2,
        11);
  }

  @Override
  public ResultSet getExportedKeys(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return keys(
        CatalogueTable.exactly(catalog, schema, table),
        CatalogueTable.exactly(null, null, null),
        6,
        11);
  }

  @Override
  public ResultSet getCrossReference(
      @Nullable String parentCatalog,
      @Nullable String parentSchema,
      @Nullable String parentTable,
      @Nullable String childCatalog,
      @Nullable String childSchema,
      @Nullable String childTable)
      throws SQLException {
    return keys(
        CatalogueTable.exactly(parentCatalog, parentSchema, parentTable),
        CatalogueTable.exactly(childCatalog, childSchema, childTable),
        6,
        11);
  }

  @Override
  public ResultSet getIndexInfo(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      boolean unique,
      boolean approximate)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogueTable each : CatalogueTable.exactly(catalog, schema, table)) {
      List<String> key = each.info().primaryKey();
      for (int i = 0; i < key.size(); i++) {
        rows.add(index(each, false, each.name() + "_pk", i + 1, key.get(i)));
      }
      for (String column : unique ? List.<String>of() : indexed(each.name())) {
        rows.add(index(each, true, each.name() + "_" + column + "_index", 1, column));
      }
      if (each.name().equals("roots")) {
        rows.add(index(each, false, "roots_title_unique", 1, "title"));
      }
    }
    rows.sort(by(3, 5, 7));
    return rows(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE:B INDEX_QUALIFIER INDEX_NAME TYPE:S"
            + " ORDINAL_POSITION:S COLUMN_NAME ASC_OR_DESC CARDINALITY:L PAGES:L FILTER_CONDITION",
        rows);
  }

  /** Returns the columns, beside the key, by which rows of a table are found. */
  private static List<String> indexed(String table) {
    return switch (table) {
      case "events" -> List.of("parent", "root", "title", "level", "created_at", "seq");
      case "event_tags" -> List.of("tag");
      default -> List.of();
    };
  }

  private static List<@Nullable Object> index(
      CatalogueTable table, boolean nonUnique, String name, int ordinal, String column) {
    return row(
        null,
        table.schema(),
        table.name(),
        nonUnique,
        null,
        name,
        tableIndexOther,
        (short) ordinal,
        column,
        "A",
        0L,
        0L,
        null);
  }

  @Override
  public ResultSet getBestRowIdentifier(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      int scope,
      boolean nullable)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (CatalogueTable each : CatalogueTable.exactly(catalog, schema, table)) {
      for (String column : each.info().primaryKey()) {
        rows.add(
            row(
                (short) bestRowSession,
                column,
                JdbcTypes.number(SqlType.VARCHAR),
                "VARCHAR",
                Integer.MAX_VALUE,
                null,
                null,
                (short) bestRowNotPseudo));
      }
    }
    return rows(
        "SCOPE:S COLUMN_NAME DATA_TYPE:I TYPE_NAME COLUMN_SIZE:I BUFFER_LENGTH:I"
            + " DECIMAL_DIGITS:S PSEUDO_COLUMN:S",
        rows);
  }

  @Override
  public ResultSet getSchemas() throws SQLException {
    return getSchemas(null, null);
  }

  @Override
  public ResultSet getSchemas(@Nullable String catalog, @Nullable String pattern)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String schema : CatalogueTable.SCHEMAS) {
      if (CatalogueTable.inSchema(catalog, pattern, schema)) {
        rows.add(row(schema, null));
      }
    }
    return rows("TABLE_SCHEM TABLE_CATALOG", rows);
  }

  @Override
  public ResultSet getCatalogs() throws SQLException {
    return none("TABLE_CAT");
  }

  @Override
  public ResultSet getTableTypes() throws SQLException {
    return rows("TABLE_TYPE", List.of(row("SYSTEM TABLE"), row("TABLE")));
  }

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    return rows(
        "TYPE_NAME DATA_TYPE:I PRECISION:I LITERAL_PREFIX LITERAL_SUFFIX CREATE_PARAMS NULLABLE:S"
            + " CASE_SENSITIVE:B SEARCHABLE:S UNSIGNED_ATTRIBUTE:B FIXED_PREC_SCALE:B"
            + " AUTO_INCREMENT:B LOCAL_TYPE_NAME MINIMUM_SCALE:S MAXIMUM_SCALE:S SQL_DATA_TYPE:I"
            + " SQL_DATETIME_SUB:I NUM_PREC_RADIX:I",
        TypeRows.rows());
  }

  @Override
  public ResultSet getFunctions(
      @Nullable String catalog, @Nullable String schema, @Nullable String name)
      throws SQLException {
    return rows(
        "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME REMARKS FUNCTION_TYPE:S SPECIFIC_NAME",
        FunctionRows.functions(catalog, schema, name));
  }

  @Override
  public ResultSet getFunctionColumns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String function,
      @Nullable String column)
      throws SQLException {
    return rows(
        "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME COLUMN_NAME COLUMN_TYPE:S DATA_TYPE:I"
            + " TYPE_NAME PRECISION:I LENGTH:I SCALE:S RADIX:S NULLABLE:S REMARKS"
            + " CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I IS_NULLABLE SPECIFIC_NAME",
        FunctionRows.columns(catalog, schema, function, column));
  }

  @Override
  public ResultSet getProcedures(
      @Nullable String catalog, @Nullable String schema, @Nullable String name)
      throws SQLException {
    return rows(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 RESERVED3 REMARKS"
            + " PROCEDURE_TYPE:S SPECIFIC_NAME",
        ProcedureRows.procedures(catalog, schema, name));
  }

  @Override
  public ResultSet getProcedureColumns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String procedure,
      @Nullable String column)
      throws SQLException {
    return rows(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE:S DATA_TYPE:I"
            + " TYPE_NAME PRECISION:I LENGTH:I SCALE:S RADIX:S NULLABLE:S REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE:I SQL_DATETIME_SUB:I CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I"
            + " IS_NULLABLE SPECIFIC_NAME",
        ProcedureRows.columns(catalog, schema, procedure, column));
  }

  @Override
  public ResultSet getColumnPrivileges(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column)
      throws SQLException {
    return none(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE");
  }

  @Override
  public ResultSet getTablePrivileges(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return none("TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE");
  }

  @Override
  public ResultSet getVersionColumns(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return none(
        "SCOPE:S COLUMN_NAME DATA_TYPE:I TYPE_NAME COLUMN_SIZE:I BUFFER_LENGTH:I"
            + " DECIMAL_DIGITS:S PSEUDO_COLUMN:S");
  }

  @Override
  public ResultSet getUDTs(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String type,
      int @Nullable [] kinds)
      throws SQLException {
    return none("TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE:I REMARKS BASE_TYPE:S");
  }

  @Override
  public ResultSet getSuperTypes(
      @Nullable String catalog, @Nullable String schema, @Nullable String type)
      throws SQLException {
    return none("TYPE_CAT TYPE_SCHEM TYPE_NAME SUPERTYPE_CAT SUPERTYPE_SCHEM SUPERTYPE_NAME");
  }

  @Override
  public ResultSet getSuperTables(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return none("TABLE_CAT TABLE_SCHEM TABLE_NAME SUPERTABLE_NAME");
  }

  @Override
  public ResultSet getAttributes(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String type,
      @Nullable String attribute)
      throws SQLException {
    return none(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME ATTR_NAME DATA_TYPE:I ATTR_TYPE_NAME ATTR_SIZE:I"
            + " DECIMAL_DIGITS:I NUM_PREC_RADIX:I NULLABLE:I REMARKS ATTR_DEF SQL_DATA_TYPE:I"
            + " SQL_DATETIME_SUB:I CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I IS_NULLABLE"
            + " SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE:S");
  }

  @Override
  public ResultSet getClientInfoProperties() throws SQLException {
    return none("NAME MAX_LEN:I DEFAULT_VALUE DESCRIPTION");
  }

  @Override
  public ResultSet getPseudoColumns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      @Nullable String column)
      throws SQLException {
    return none(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:I COLUMN_SIZE:I DECIMAL_DIGITS:I"
            + " NUM_PREC_RADIX:I COLUMN_USAGE REMARKS CHAR_OCTET_LENGTH:I IS_NULLABLE");
  }

  @Override
  public Connection getConnection() {
    return connection;
  }

  @Override
  public String getURL() {
    return connection.url();
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return connection.isReadOnly();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return Wrappers.isWrapper(this, type);
  }
}
