package org.ouroborosdb.calcite.column;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a virtual table, for catalogues.
 *
 * @param name its name
 * @param remarks what its rows are
 * @param columns its columns in order
 * @param primaryKey the columns of its primary key, in order
 * @param foreignKeys its foreign keys
 */
public record TableInfo(
    String name,
    String remarks,
    List<Column> columns,
    List<String> primaryKey,
    List<ForeignKey> foreignKeys) {
  /** The column, in whatever table, that shows the metadata of events. */
  public static final String METADATA = "metadata";

  /** Copies the lists. */
  public TableInfo {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /**
   * A column.
   *
   * @param name its name
   * @param type its type
   * @param nullable whether it may be null
   * @param generated whether the store fills it
   * @param remarks what it holds
   */
  public record Column(
      String name, ColumnType type, boolean nullable, boolean generated, String remarks) {}

  /**
   * A foreign key of one column.
   *
   * @param column the column
   * @param table the table it refers to
   * @param key the column it refers to
   */
  public record ForeignKey(String column, String table, String key) {}

  /** Returns the type of its rows. */
  public RelDataType rowType(RelDataTypeFactory types) {
    RelDataTypeFactory.Builder row = types.builder();
    for (Column column : columns) {
      RelDataType type = column.type().toRelType(types);
      row.add(column.name(), types.createTypeWithNullability(type, column.nullable()));
    }
    return row.build();
  }

  /** Returns the index of a column; -1 if there is none. */
  public int indexOf(@Nullable String column) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(column)) {
        return i;
      }
    }
    return -1;
  }
}
