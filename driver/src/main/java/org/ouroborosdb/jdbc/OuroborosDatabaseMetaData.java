package org.ouroborosdb.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.TableDescription;

/** The catalogue: tables, columns and keys as result sets of the shapes that JDBC gives. */
final class OuroborosDatabaseMetaData extends DatabaseLimits {
  private static final String SCHEMA = "ouroboros";

  private final OuroborosConnection connection;

  OuroborosDatabaseMetaData(OuroborosConnection connection) {
    this.connection = connection;
  }

  private static ResultSet rows(String columns, List<List<@Nullable Object>> rows)
      throws SQLException {
    return new OuroborosResultSet(null, RowSource.of(MetaColumns.parse(columns), rows));
  }

  private static ResultSet none(String columns) throws SQLException {
    return rows(columns, List.of());
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return java.util.Arrays.asList(values);
  }

  private static boolean inSchema(@Nullable String pattern) {
    return LikePattern.matches(pattern, SCHEMA);
  }

  private static boolean noCatalog(@Nullable String catalog) {
    return catalog == null || catalog.isEmpty();
  }

  private static List<TableDescription> tables(
      @Nullable String catalog, @Nullable String schema, @Nullable String table) {
    return TableDescription.all().stream()
        .filter(info -> noCatalog(catalog) && inSchema(schema))
        .filter(info -> LikePattern.matches(table, info.name()))
        .sorted(Comparator.comparing(TableDescription::name))
        .toList();
  }

  /** Returns a table by its exact name, as the key methods take it. */
  private static List<TableDescription> exactly(
      @Nullable String catalog, @Nullable String schema, @Nullable String table) {
    boolean here =
        noCatalog(catalog)
            && (schema == null || schema.isEmpty() || schema.equalsIgnoreCase(SCHEMA));
    return TableDescription.all().stream()
        .filter(info -> here && (table == null || info.name().equalsIgnoreCase(table)))
        .toList();
  }

  @Override
  public ResultSet getTables(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String table,
      String @Nullable [] types)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    boolean wanted =
        types == null || java.util.Arrays.stream(types).anyMatch("TABLE"::equalsIgnoreCase);
    if (wanted) {
      for (TableDescription info : tables(catalog, schema, table)) {
        rows.add(
            row(
                null,
                SCHEMA,
                info.name(),
                "TABLE",
                info.remarks(),
                null,
                null,
                null,
                info.primaryKey().isEmpty() ? null : info.primaryKey().get(0),
                "SYSTEM"));
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
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TableDescription info : tables(catalog, schema, table)) {
      int ordinal = 0;
      for (TableDescription.Column each : info.columns()) {
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
      TableDescription info, TableDescription.Column column, int at) {
    SqlType type = column.type();
    boolean text = type == SqlType.VARCHAR;
    int size = JdbcTypes.precision(type, 0);
    return row(
        null,
        SCHEMA,
        info.name(),
        column.name(),
        JdbcTypes.number(type),
        type == SqlType.ARRAY ? "VARCHAR ARRAY" : type.name(),
        size,
        null,
        type == SqlType.TIMESTAMP ? (Integer) 3 : JdbcTypes.isNumeric(type) ? (Integer) 0 : null,
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
    for (TableDescription info : exactly(catalog, schema, table)) {
      for (int i = 0; i < info.primaryKey().size(); i++) {
        rows.add(
            row(
                null,
                SCHEMA,
                info.name(),
                info.primaryKey().get(i),
                (short) (i + 1),
                info.name() + "_pk"));
      }
    }
    rows.sort(Comparator.comparing(row -> Objects.toString(row.get(3))));
    return rows("TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ:S PK_NAME", rows);
  }

  private static ResultSet keys(List<TableDescription> parents, List<TableDescription> children)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (TableDescription child : children) {
      for (TableDescription.ForeignKey key : child.foreignKeys()) {
        if (parents.stream().anyMatch(parent -> parent.name().equals(key.table()))) {
          rows.add(
              row(
                  null,
                  SCHEMA,
                  key.table(),
                  key.key(),
                  null,
                  SCHEMA,
                  child.name(),
                  key.column(),
                  (short) 1,
                  (short) importedKeyRestrict,
                  (short) importedKeyRestrict,
                  child.name() + "_" + key.column() + "_fk",
                  key.table() + "_pk",
                  (short) importedKeyNotDeferrable));
        }
      }
    }
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
    return keys(TableDescription.all(), exactly(catalog, schema, table));
  }

  @Override
  public ResultSet getExportedKeys(
      @Nullable String catalog, @Nullable String schema, @Nullable String table)
      throws SQLException {
    return keys(exactly(catalog, schema, table), TableDescription.all());
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
        exactly(parentCatalog, parentSchema, parentTable),
        exactly(childCatalog, childSchema, childTable));
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
    for (TableDescription info : exactly(catalog, schema, table)) {
      for (int i = 0; i < info.primaryKey().size(); i++) {
        rows.add(index(info, info.name() + "_pk", i + 1, info.primaryKey().get(i)));
      }
      if (info.name().equals("roots")) {
        rows.add(index(info, "roots_title_unique", 1, "title"));
      }
    }
    return rows(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE:B INDEX_QUALIFIER INDEX_NAME TYPE:S"
            + " ORDINAL_POSITION:S COLUMN_NAME ASC_OR_DESC CARDINALITY:L PAGES:L FILTER_CONDITION",
        rows);
  }

  private static List<@Nullable Object> index(
      TableDescription info, String name, int ordinal, String column) {
    return row(
        null,
        SCHEMA,
        info.name(),
        false,
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
    for (TableDescription info : exactly(catalog, schema, table)) {
      for (String column : info.primaryKey()) {
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
    for (String schema : List.of("information_schema", SCHEMA)) {
      if (noCatalog(catalog) && LikePattern.matches(pattern, schema)) {
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
    return rows("TABLE_TYPE", List.of(row("TABLE")));
  }

  @Override
  public ResultSet getTypeInfo() throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (SqlType type : SqlType.values()) {
      if (type != SqlType.ANY && type != SqlType.NULL) {
        boolean text = type == SqlType.VARCHAR || type == SqlType.CHAR;
        rows.add(
            row(
                type.name(),
                JdbcTypes.number(type),
                JdbcTypes.precision(type, 0),
                text ? "'" : null,
                text ? "'" : null,
                null,
                (short) typeNullable,
                text,
                (short) typeSearchable,
                !JdbcTypes.isNumeric(type),
                false,
                false,
                type.name(),
                (short) 0,
                (short) 0,
                null,
                null,
                JdbcTypes.isNumeric(type) ? 10 : null));
      }
    }
    rows.sort(Comparator.comparingInt(row -> (Integer) Objects.requireNonNull(row.get(1))));
    return rows(
        "TYPE_NAME DATA_TYPE:I PRECISION:I LITERAL_PREFIX LITERAL_SUFFIX CREATE_PARAMS NULLABLE:S"
            + " CASE_SENSITIVE:B SEARCHABLE:S UNSIGNED_ATTRIBUTE:B FIXED_PREC_SCALE:B"
            + " AUTO_INCREMENT:B LOCAL_TYPE_NAME MINIMUM_SCALE:S MAXIMUM_SCALE:S SQL_DATA_TYPE:I"
            + " SQL_DATETIME_SUB:I NUM_PREC_RADIX:I",
        rows);
  }

  @Override
  public ResultSet getFunctions(
      @Nullable String catalog, @Nullable String schema, @Nullable String name)
      throws SQLException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (String[] function :
        new String[][] {
          {"ancestors", "Ancestors of an event, nearest first", "T"},
          {"content_text", "Content of an event as UTF-8 text", ""},
          {"effective_metadata", "Metadata of an event or its nearest ancestor", ""},
          {"subtree", "An event and its descendants", "T"}
        }) {
      if (noCatalog(catalog) && inSchema(schema) && LikePattern.matches(name, function[0])) {
        int kind = function[2].isEmpty() ? functionNoTable : functionReturnsTable;
        rows.add(row(null, SCHEMA, function[0], function[1], (short) kind, function[0]));
      }
    }
    return rows(
        "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME REMARKS FUNCTION_TYPE:S SPECIFIC_NAME", rows);
  }

  @Override
  public ResultSet getFunctionColumns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String function,
      @Nullable String column)
      throws SQLException {
    return none(
        "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME COLUMN_NAME COLUMN_TYPE:S DATA_TYPE:I"
            + " TYPE_NAME PRECISION:I LENGTH:I SCALE:S RADIX:S NULLABLE:S REMARKS"
            + " CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I IS_NULLABLE SPECIFIC_NAME");
  }

  @Override
  public ResultSet getProcedures(
      @Nullable String catalog, @Nullable String schema, @Nullable String name)
      throws SQLException {
    return none(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 RESERVED3 REMARKS"
            + " PROCEDURE_TYPE:S SPECIFIC_NAME");
  }

  @Override
  public ResultSet getProcedureColumns(
      @Nullable String catalog,
      @Nullable String schema,
      @Nullable String procedure,
      @Nullable String column)
      throws SQLException {
    return none(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE:S DATA_TYPE:I"
            + " TYPE_NAME PRECISION:I LENGTH:I SCALE:S RADIX:S NULLABLE:S REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE:I SQL_DATETIME_SUB:I CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I"
            + " IS_NULLABLE SPECIFIC_NAME");
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
