package org.ouroborosdb.sql.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.dialect.Types;

/** The tables {@code tables} and {@code columns}, which describe the schema's tables. */
final class InformationSchema extends AbstractSchema {
  private final List<Described> described;
  private final RelDataTypeFactory typeFactory;

  /** A schema whose tables are listed, under a name and with the type of its tables. */
  record Described(String name, String tableType, Schema schema) {
    List<String> tables() {
      return schema.tables().getNames(LikePattern.any()).stream().sorted().toList();
    }
  }

  InformationSchema(List<Described> described, RelDataTypeFactory typeFactory) {
    this.described = described;
    this.typeFactory = typeFactory;
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return Map.of(
        "tables",
        new Listing(
            List.of("table_schema", "table_name", "table_type"),
            List.of(SqlTypeName.VARCHAR, SqlTypeName.VARCHAR, SqlTypeName.VARCHAR),
            tableRows()),
        "columns",
        new Listing(
            List.of(
                "table_schema",
                "table_name",
                "column_name",
                "ordinal_position",
                "is_nullable",
                "data_type"),
            List.of(
                SqlTypeName.VARCHAR,
                SqlTypeName.VARCHAR,
                SqlTypeName.VARCHAR,
                SqlTypeName.INTEGER,
                SqlTypeName.VARCHAR,
                SqlTypeName.VARCHAR),
            columnRows()));
  }

  private List<Object[]> tableRows() {
    List<Object[]> rows = new ArrayList<>();
    for (Described each : described) {
      each.tables().forEach(name -> rows.add(new Object[] {each.name, name, each.tableType}));
    }
    return rows;
  }

  private List<Object[]> columnRows() {
    List<Object[]> rows = new ArrayList<>();
    for (Described each : described) {
      for (String name : each.tables()) {
        Table table = each.schema.tables().get(name);
        if (table != null) {
          for (RelDataTypeField field : table.getRowType(typeFactory).getFieldList()) {
            rows.add(row(each.name, name, field));
          }
        }
      }
    }
    return rows;
  }

  private static Object[] row(String schema, String table, RelDataTypeField field) {
    String name = field.getName();
    boolean blob = name.equals("content");
    return new Object[] {
      schema,
      table,
      name,
      field.getIndex() + 1,
      field.getType().isNullable() ? "YES" : "NO",
      Types.column(name, field.getType(), null, blob).typeName()
    };
  }

  private static final class Listing extends AbstractTable implements ScannableTable {
    private final List<String> names;
    private final List<SqlTypeName> types;
    private final List<Object[]> rows;

    Listing(List<String> names, List<SqlTypeName> types, List<Object[]> rows) {
      this.names = names;
      this.types = types;
      this.rows = rows;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      RelDataTypeFactory.Builder builder = factory.builder();
      for (int i = 0; i < names.size(); i++) {
        builder.add(names.get(i), types.get(i));
      }
      return builder.build();
    }

    @Override
    public Enumerable<@Nullable Object[]> scan(DataContext root) {
      return Linq4j.asEnumerable(rows);
    }
  }
}
