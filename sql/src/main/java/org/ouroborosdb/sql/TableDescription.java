package org.ouroborosdb.sql;

import java.util.List;
import org.ouroborosdb.calcite.EventSchema;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;

/**
 * What is known of a table, for catalogues, in the engine's own types. Immutable.
 *
 * @param name its name
 * @param remarks what its rows are
 * @param columns its columns in order
 * @param primaryKey the columns of its primary key, in order
 * @param foreignKeys its foreign keys
 */
public record TableDescription(
    String name,
    String remarks,
    List<Column> columns,
    List<String> primaryKey,
    List<ForeignKey> foreignKeys) {
  /** Copies the lists. */
  public TableDescription {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    foreignKeys = List.copyOf(foreignKeys);
  }

  /**
   * A column.
   *
   * @param name its name
   * @param type its type; an {@link SqlType#ARRAY} is one of {@link SqlType#VARCHAR}
   * @param nullable whether it may be null
   * @param generated whether the store fills it
   * @param remarks what it holds
   */
  public record Column(
      String name, SqlType type, boolean nullable, boolean generated, String remarks) {}

  /**
   * A foreign key of one column.
   *
   * @param column the column
   * @param table the table it refers to
   * @param key the column it refers to
   */
  public record ForeignKey(String column, String table, String key) {}

  /** Returns the tables that every database has. */
  public static List<TableDescription> all() {
    return EventSchema.tableInfos().stream().map(TableDescription::of).toList();
  }

  /** Returns the tables of schema {@code sys}. */
  public static List<TableDescription> system() {
    return EventSchema.systemTableInfos().stream().map(TableDescription::of).toList();
  }

  /** Returns the rows of the function {@code history}, as if it were a table. */
  public static TableDescription history() {
    return of(EventSchema.historyInfo());
  }

  private static TableDescription of(TableInfo info) {
    return new TableDescription(
        info.name(),
        info.remarks(),
        info.columns().stream().map(TableDescription::column).toList(),
        info.primaryKey(),
        info.foreignKeys().stream()
            .map(key -> new ForeignKey(key.column(), key.table(), key.key()))
            .toList());
  }

  private static Column column(TableInfo.Column column) {
    return new Column(
        column.name(),
        type(column.type()),
        column.nullable(),
        column.generated(),
        column.remarks());
  }

  private static SqlType type(ColumnType type) {
    return switch (type) {
      case VARCHAR -> SqlType.VARCHAR;
      case BIGINT -> SqlType.BIGINT;
      case INTEGER -> SqlType.INTEGER;
      case DOUBLE -> SqlType.DOUBLE;
      case BOOLEAN -> SqlType.BOOLEAN;
      case TIMESTAMP -> SqlType.TIMESTAMP;
      case VARCHAR_ARRAY -> SqlType.ARRAY;
      case BLOB -> SqlType.BLOB;
    };
  }
}
