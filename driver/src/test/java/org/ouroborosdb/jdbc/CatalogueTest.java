package org.ouroborosdb.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link DatabaseMetaData}, walked as database tools walk it. */
class CatalogueTest extends WithDatabase {
  private DatabaseMetaData meta;

  @BeforeEach
  void describe() throws SQLException {
    meta = db.getMetaData();
  }

  private static List<String> cells(ResultSet rows, String... columns) throws SQLException {
    List<String> cells = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        List<String> cell = new ArrayList<>();
        for (String column : columns) {
          cell.add(rows.getString(column));
        }
        cells.add(String.join(" ", cell));
      }
    }
    return cells;
  }

  /** A shape is names in order; those that are not text end in their type's letter, as in JDBC. */
  private static void assertShape(String shape, ResultSet rows) throws SQLException {
    List<String> found = new ArrayList<>();
    try (rows) {
      ResultSetMetaData columns = rows.getMetaData();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        String type =
            switch (columns.getColumnType(i)) {
              case Types.VARCHAR -> "";
              case Types.INTEGER -> ":I";
              case Types.SMALLINT -> ":S";
              case Types.BIGINT -> ":L";
              case Types.BOOLEAN -> ":B";
              default -> ":" + columns.getColumnTypeName(i);
            };
        found.add(columns.getColumnLabel(i) + type);
      }
    }
    assertEquals(shape, String.join(" ", found));
  }

  @Test
  void result_sets_have_the_columns_that_jdbc_gives() throws SQLException {
    String a = null;
    assertShape(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME TABLE_TYPE REMARKS TYPE_CAT TYPE_SCHEM TYPE_NAME"
            + " SELF_REFERENCING_COL_NAME REF_GENERATION",
        meta.getTables(a, a, a, null));
    assertShape("TABLE_SCHEM TABLE_CATALOG", meta.getSchemas());
    assertShape("TABLE_CAT", meta.getCatalogs());
    assertShape("TABLE_TYPE", meta.getTableTypes());
    assertShape(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:I TYPE_NAME COLUMN_SIZE:I"
            + " BUFFER_LENGTH:I DECIMAL_DIGITS:I NUM_PREC_RADIX:I NULLABLE:I REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE:I SQL_DATETIME_SUB:I CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I"
            + " IS_NULLABLE SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE:S"
            + " IS_AUTOINCREMENT IS_GENERATEDCOLUMN",
        meta.getColumns(a, a, a, a));
    assertShape(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME KEY_SEQ:S PK_NAME",
        meta.getPrimaryKeys(a, a, "events"));
    String keys =
        "PKTABLE_CAT PKTABLE_SCHEM PKTABLE_NAME PKCOLUMN_NAME FKTABLE_CAT FKTABLE_SCHEM"
            + " FKTABLE_NAME FKCOLUMN_NAME KEY_SEQ:S UPDATE_RULE:S DELETE_RULE:S FK_NAME PK_NAME"
            + " DEFERRABILITY:S";
    assertShape(keys, meta.getImportedKeys(a, a, "events"));
    assertShape(keys, meta.getExportedKeys(a, a, "events"));
    assertShape(keys, meta.getCrossReference(a, a, "events", a, a, "files"));
    assertShape(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME NON_UNIQUE:B INDEX_QUALIFIER INDEX_NAME TYPE:S"
            + " ORDINAL_POSITION:S COLUMN_NAME ASC_OR_DESC CARDINALITY:L PAGES:L"
            + " FILTER_CONDITION",
        meta.getIndexInfo(a, a, "events", false, true));
    String rowColumns =
        "SCOPE:S COLUMN_NAME DATA_TYPE:I TYPE_NAME COLUMN_SIZE:I BUFFER_LENGTH:I"
            + " DECIMAL_DIGITS:S PSEUDO_COLUMN:S";
    assertShape(rowColumns, meta.getBestRowIdentifier(a, a, "events", 0, true));
    assertShape(rowColumns, meta.getVersionColumns(a, a, "events"));
    assertShape(
        "TYPE_NAME DATA_TYPE:I PRECISION:I LITERAL_PREFIX LITERAL_SUFFIX CREATE_PARAMS NULLABLE:S"
            + " CASE_SENSITIVE:B SEARCHABLE:S UNSIGNED_ATTRIBUTE:B FIXED_PREC_SCALE:B"
            + " AUTO_INCREMENT:B LOCAL_TYPE_NAME MINIMUM_SCALE:S MAXIMUM_SCALE:S SQL_DATA_TYPE:I"
            + " SQL_DATETIME_SUB:I NUM_PREC_RADIX:I",
        meta.getTypeInfo());
    assertShape(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE",
        meta.getTablePrivileges(a, a, a));
    assertShape(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME GRANTOR GRANTEE PRIVILEGE IS_GRANTABLE",
        meta.getColumnPrivileges(a, a, "events", a));
    assertShape("NAME MAX_LEN:I DEFAULT_VALUE DESCRIPTION", meta.getClientInfoProperties());
  }

  @Test
  void routines_and_types_have_the_columns_that_jdbc_gives() throws SQLException {
    String a = null;
    assertShape(
        "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME REMARKS FUNCTION_TYPE:S SPECIFIC_NAME",
        meta.getFunctions(a, a, a));
    assertShape(
        "FUNCTION_CAT FUNCTION_SCHEM FUNCTION_NAME COLUMN_NAME COLUMN_TYPE:S DATA_TYPE:I TYPE_NAME"
            + " PRECISION:I LENGTH:I SCALE:S RADIX:S NULLABLE:S REMARKS CHAR_OCTET_LENGTH:I"
            + " ORDINAL_POSITION:I IS_NULLABLE SPECIFIC_NAME",
        meta.getFunctionColumns(a, a, a, a));
    assertShape(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME RESERVED1 RESERVED2 RESERVED3 REMARKS"
            + " PROCEDURE_TYPE:S SPECIFIC_NAME",
        meta.getProcedures(a, a, a));
    assertShape(
        "PROCEDURE_CAT PROCEDURE_SCHEM PROCEDURE_NAME COLUMN_NAME COLUMN_TYPE:S DATA_TYPE:I"
            + " TYPE_NAME PRECISION:I LENGTH:I SCALE:S RADIX:S NULLABLE:S REMARKS COLUMN_DEF"
            + " SQL_DATA_TYPE:I SQL_DATETIME_SUB:I CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I"
            + " IS_NULLABLE SPECIFIC_NAME",
        meta.getProcedureColumns(a, a, a, a));
    assertShape(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME CLASS_NAME DATA_TYPE:I REMARKS BASE_TYPE:S",
        meta.getUDTs(a, a, a, null));
    assertShape(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME SUPERTYPE_CAT SUPERTYPE_SCHEM SUPERTYPE_NAME",
        meta.getSuperTypes(a, a, a));
    assertShape("TABLE_CAT TABLE_SCHEM TABLE_NAME SUPERTABLE_NAME", meta.getSuperTables(a, a, a));
    assertShape(
        "TYPE_CAT TYPE_SCHEM TYPE_NAME ATTR_NAME DATA_TYPE:I ATTR_TYPE_NAME ATTR_SIZE:I"
            + " DECIMAL_DIGITS:I NUM_PREC_RADIX:I NULLABLE:I REMARKS ATTR_DEF SQL_DATA_TYPE:I"
            + " SQL_DATETIME_SUB:I CHAR_OCTET_LENGTH:I ORDINAL_POSITION:I IS_NULLABLE"
            + " SCOPE_CATALOG SCOPE_SCHEMA SCOPE_TABLE SOURCE_DATA_TYPE:S",
        meta.getAttributes(a, a, a, a));
    assertShape(
        "TABLE_CAT TABLE_SCHEM TABLE_NAME COLUMN_NAME DATA_TYPE:I COLUMN_SIZE:I DECIMAL_DIGITS:I"
            + " NUM_PREC_RADIX:I COLUMN_USAGE REMARKS CHAR_OCTET_LENGTH:I IS_NULLABLE",
        meta.getPseudoColumns(a, a, a, a));
  }

  @Test
  void patterns_escapes_nulls_and_empty_names_select_as_jdbc_says() throws SQLException {
    List<String> both = tables(null, null, null);
    assertEquals(17, both.size());
    assertEquals("columns", both.get(0));
    assertEquals(11, tables(null, "ouro%", "%").size());
    assertEquals(2, tables("", "information_schema", "%").size());
    assertEquals(
        List.of("replicas", "segments", "statistics", "storage"), tables(null, "sys", "%"));
    assertEquals(List.of(), tables("nowhere", null, "%"));
    assertEquals(List.of(), tables(null, "", "%"));
    assertEquals(List.of(), tables(null, null, ""));
    assertEquals(List.of("events"), tables(null, null, "event_"));
    assertEquals(List.of("event_tags"), tables(null, null, "event\\_tags"));
    assertEquals(List.of("event_chunks", "event_tags"), tables(null, null, "EVENT\\_%"));
    assertEquals(
        List.of(), cells(meta.getTables(null, null, "%", new String[] {"VIEW"}), "REMARKS"));
    assertEquals(
        11,
        cells(meta.getTables(null, null, "%", new String[] {"TABLE", "VIEW"}), "REMARKS").size());
    assertEquals(
        List.of("title"), cells(meta.getColumns(null, null, "roots", "TI%"), "COLUMN_NAME"));
    assertEquals(List.of(), cells(meta.getPrimaryKeys(null, "", "events"), "COLUMN_NAME"));
    assertEquals(
        List.of("id"), cells(meta.getPrimaryKeys("", "ouroboros", "EVENTS"), "COLUMN_NAME"));
    assertEquals(List.of("ouroboros"), cells(meta.getSchemas(null, "o%"), "TABLE_SCHEM"));
    assertEquals(
        List.of("information_schema", "ouroboros", "sys"), cells(meta.getSchemas(), "TABLE_SCHEM"));
    assertEquals(List.of("SYSTEM TABLE", "TABLE"), cells(meta.getTableTypes(), "TABLE_TYPE"));
  }

  private List<String> tables(
      @Nullable String catalog, @Nullable String schema, @Nullable String name)
      throws SQLException {
    return cells(meta.getTables(catalog, schema, name, null), "TABLE_NAME");
  }

  @Test
  void what_the_catalogue_says_of_columns_is_what_queries_give() throws SQLException {
    try (Statement statement = db.createStatement()) {
      for (String table :
          cells(meta.getTables(null, null, "%", null), "TABLE_SCHEM", "TABLE_NAME")) {
        String[] name = table.split(" ", -1);
        try (ResultSet columns = meta.getColumns(null, name[0], name[1], null);
            ResultSet rows = statement.executeQuery("SELECT * FROM " + String.join(".", name))) {
          ResultSetMetaData real = rows.getMetaData();
          int at = 0;
          while (columns.next()) {
            at++;
            String where = table + " " + columns.getString("COLUMN_NAME");
            assertEquals(real.getColumnName(at), columns.getString("COLUMN_NAME"));
            assertEquals(real.getColumnType(at), columns.getInt("DATA_TYPE"), where);
            assertEquals(real.getColumnTypeName(at), columns.getString("TYPE_NAME"), where);
            assertEquals(real.getPrecision(at), columns.getInt("COLUMN_SIZE"), where);
            assertEquals(real.getScale(at), columns.getInt("DECIMAL_DIGITS"), where);
            assertEquals(real.isNullable(at), columns.getInt("NULLABLE"), where);
            assertEquals(at, columns.getInt("ORDINAL_POSITION"), where);
            assertNotNull(columns.getString("REMARKS"), where);
            assertEquals("NO", columns.getString("IS_AUTOINCREMENT"));
          }
          assertEquals(real.getColumnCount(), at, table);
        }
      }
    }
  }

  @Test
  void columns_that_take_no_value_are_generated() throws SQLException {
    for (String column :
        cells(
            meta.getColumns(null, "ouroboros", "events", "%"),
            "COLUMN_NAME",
            "IS_GENERATEDCOLUMN")) {
      String[] parts = column.split(" ", -1);
      String sql = "INSERT INTO events(" + parts[0] + ") VALUES (?)";
      if (parts[1].equals("YES")) {
        try (var insert = db.prepareStatement(sql)) {
          insert.setString(1, "1");
          assertState("428C9", insert::executeUpdate);
        }
      }
    }
    assertTrue(
        cells(meta.getColumns(null, null, "events", "id"), "IS_GENERATEDCOLUMN").contains("YES"));
    assertTrue(
        cells(meta.getColumns(null, null, "events", "title"), "IS_GENERATEDCOLUMN").contains("NO"));
  }

  @Test
  void keys_lead_from_table_to_table_and_hold_in_joins() throws SQLException {
    assertEquals(
        List.of("child 2", "parent 1"),
        cells(meta.getPrimaryKeys(null, null, "children"), "COLUMN_NAME", "KEY_SEQ"));
    List<String> imported =
        cells(
            meta.getImportedKeys(null, null, "children"),
            "FKTABLE_NAME",
            "FKCOLUMN_NAME",
            "PKTABLE_NAME",
            "PKCOLUMN_NAME");
    assertEquals(List.of("children child events id", "children parent events id"), imported);
    assertEquals(
        imported,
        cells(
            meta.getCrossReference(null, null, "events", null, null, "children"),
            "FKTABLE_NAME",
            "FKCOLUMN_NAME",
            "PKTABLE_NAME",
            "PKCOLUMN_NAME"));
    List<String> exported = cells(meta.getExportedKeys(null, null, "events"), "FKTABLE_NAME");
    assertEquals(exported.stream().sorted().toList(), exported);
    try (Statement statement = db.createStatement();
        ResultSet keys = meta.getExportedKeys(null, null, "events")) {
      while (keys.next()) {
        statement
            .executeQuery(
                "SELECT 1 FROM %s a JOIN %s b ON a.%s = b.%s"
                    .formatted(
                        keys.getString("FKTABLE_NAME"),
                        keys.getString("PKTABLE_NAME"),
                        keys.getString("FKCOLUMN_NAME"),
                        keys.getString("PKCOLUMN_NAME")))
            .close();
        assertEquals(DatabaseMetaData.importedKeyCascade, keys.getShort("DELETE_RULE"));
        assertNull(keys.getString("PKTABLE_CAT"));
      }
    }
    assertEquals(
        List.of("id"),
        cells(
            meta.getBestRowIdentifier(null, null, "events", DatabaseMetaData.bestRowSession, false),
            "COLUMN_NAME"));
    assertEquals(
        List.of("roots_pk id", "roots_title_unique title"),
        cells(meta.getIndexInfo(null, null, "roots", true, true), "INDEX_NAME", "COLUMN_NAME"));
    List<String> indexes =
        cells(meta.getIndexInfo(null, null, "events", false, true), "NON_UNIQUE", "INDEX_NAME");
    assertEquals("false events_pk", indexes.get(0));
    assertTrue(indexes.contains("true events_parent_index"));
    assertEquals(indexes.stream().sorted().toList(), indexes);
  }

  @Test
  void every_type_can_be_cast_to_and_literals_have_their_prefixes() throws SQLException {
    List<Integer> numbers = new ArrayList<>();
    try (ResultSet types = meta.getTypeInfo()) {
      while (types.next()) {
        String name = types.getString("TYPE_NAME");
        numbers.add(types.getInt("DATA_TYPE"));
        if (!List.of("ARRAY", "BLOB").contains(name)) {
          assertEquals(1, query("SELECT CAST(NULL AS " + name + ") FROM roots").size());
        }
        String prefix = types.getString("LITERAL_PREFIX");
        if (prefix != null && !name.equals("BLOB")) {
          String body =
              switch (name) {
                case "DATE" -> "2020-01-05";
                case "TIME" -> "10:11:12";
                case "TIMESTAMP" -> "2020-01-05 10:11:12";
                default -> "0a";
              };
          query("VALUES (" + prefix + body + types.getString("LITERAL_SUFFIX") + ")");
        }
      }
    }
    assertEquals(numbers.stream().sorted().toList(), numbers);
  }

  @Test
  void functions_are_listed_with_their_columns() throws SQLException {
    assertEquals(
        List.of(
            "ancestors",
            "content_text",
            "effective_metadata",
            "history",
            "level",
            "seq",
            "subtree",
            "tagged"),
        cells(meta.getFunctions(null, null, "%"), "FUNCTION_NAME"));
    assertEquals(
        List.of("id NO", "max_depth YES", "as_of YES"),
        cells(meta.getFunctionColumns(null, null, "subtree", "%"), "COLUMN_NAME", "IS_NULLABLE")
            .subList(0, 3));
    assertEquals(
        List.of("id", "as_of", "version"),
        cells(meta.getFunctionColumns(null, null, "history", "%"), "COLUMN_NAME").subList(0, 3));
    for (String function : cells(meta.getFunctions(null, null, "%"), "FUNCTION_NAME")) {
      List<String> arguments = new ArrayList<>();
      List<String> results = new ArrayList<>();
      try (ResultSet rows = meta.getFunctionColumns(null, "ouroboros", function, null)) {
        while (rows.next()) {
          String column = rows.getString("COLUMN_NAME");
          if (rows.getShort("COLUMN_TYPE") == DatabaseMetaData.functionColumnIn) {
            String type = rows.getString("TYPE_NAME");
            arguments.add(column + " => CAST(NULL AS " + type + ")");
          } else {
            results.add(column);
          }
        }
      }
      String call = function + "(" + String.join(", ", arguments) + ")";
      if (results.equals(List.of(""))) {
        assertEquals(Collections.singletonList(null), query("VALUES " + call), call);
      } else {
        String sql = "SELECT " + String.join(", ", results) + " FROM TABLE(" + call + ")";
        String moment = sql.replaceAll("as_of => CAST.NULL AS TIMESTAMP.", "as_of => seq(1)");
        assertEquals(List.of(), query(moment), moment);
      }
    }
    for (String function : List.of("subtree('a')", "ancestors('a')", "tagged('a')")) {
      assertEquals(List.of(), query("SELECT id FROM " + function));
    }
  }

  @Test
  void procedures_are_listed_with_their_arguments_and_results() throws SQLException {
    List<String> names = cells(meta.getProcedures(null, "ouroboros", null), "PROCEDURE_NAME");
    assertEquals(
        List.of(
            "checkpoint",
            "compact",
            "expire",
            "join_heads",
            "rebuild_index",
            "reclaim",
            "sync",
            "verify"),
        names);
    assertEquals(List.of(), cells(meta.getProcedures(null, "sys", null), "PROCEDURE_NAME"));
    assertEquals(
        List.of("path 1 NO", "seconds 1 YES", "direction 3 NO"),
        cells(
                meta.getProcedureColumns(null, null, "sync", "%"),
                "COLUMN_NAME",
                "COLUMN_TYPE",
                "IS_NULLABLE")
            .subList(0, 3));
    for (String name : names) {
      List<String> results = new ArrayList<>();
      try (ResultSet rows = meta.getProcedureColumns(null, null, name, "%")) {
        while (rows.next()) {
          assertTrue(rows.getString("TYPE_NAME").matches("VARCHAR|BIGINT|BOOLEAN"));
          if (rows.getShort("COLUMN_TYPE") == DatabaseMetaData.procedureColumnResult) {
            results.add(rows.getString("COLUMN_NAME"));
          }
        }
      }
      boolean needsOne = List.of("sync", "join_heads").contains(name);
      String call = "CALL " + name + (needsOne ? "(?)" : "()");
      try (PreparedStatement statement = db.prepareStatement(call)) {
        ResultSetMetaData columns = statement.getMetaData();
        List<String> told = new ArrayList<>();
        for (int i = 1; columns != null && i <= columns.getColumnCount(); i++) {
          told.add(columns.getColumnName(i));
        }
        assertEquals(told, results, name);
      }
    }
  }

  @Test
  void what_is_said_of_transactions_and_results_is_true() throws SQLException {
    assertEquals(Connection.TRANSACTION_REPEATABLE_READ, meta.getDefaultTransactionIsolation());
    for (int level : new int[] {0, 1, 2, 4, 8, 99}) {
      if (meta.supportsTransactionIsolationLevel(level)) {
        db.setTransactionIsolation(level);
        assertTrue(db.getTransactionIsolation() >= level);
      } else {
        assertState(level == 8 ? "0A001" : "HY024", () -> db.setTransactionIsolation(level));
      }
    }
    assertEquals(db.getHoldability(), meta.getResultSetHoldability());
    assertFalse(meta.supportsOpenCursorsAcrossCommit());
    assertTrue(List.of(meta.getSQLKeywords().split(",", -1)).contains("LATERAL"));
    assertEquals("ouroboros", db.getSchema());
    assertTrue(meta.supportsSchemasInTableDefinitions());
  }
}
