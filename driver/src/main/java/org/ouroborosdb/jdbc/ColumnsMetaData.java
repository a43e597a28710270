package org.ouroborosdb.jdbc;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.SqlType;

/** Describes the columns of a result. Immutable. */
final class ColumnsMetaData implements ResultSetMetaData {
  private final List<ColumnInfo> columns;

  ColumnsMetaData(List<ColumnInfo> columns) {
    this.columns = columns;
  }

  private ColumnInfo at(int column) throws SQLException {
    if (column < 1 || column > columns.size()) {
      throw Errors.of("42S22", "column " + column + " is not one of 1 to " + columns.size());
    }
    return columns.get(column - 1);
  }

  @Override
  public int getColumnCount() {
    return columns.size();
  }

  @Override
  public boolean isAutoIncrement(int column) throws SQLException {
    at(column);
    return false;
  }

  @Override
  public boolean isCaseSensitive(int column) throws SQLException {
    SqlType type = at(column).type();
    return type == SqlType.VARCHAR || type == SqlType.CHAR;
  }

  @Override
  public boolean isSearchable(int column) throws SQLException {
    at(column);
    return true;
  }

  @Override
  public boolean isCurrency(int column) throws SQLException {
    at(column);
    return false;
  }

  @Override
  public int isNullable(int column) throws SQLException {
    return at(column).nullable() ? columnNullable : columnNoNulls;
  }

  @Override
  public boolean isSigned(int column) throws SQLException {
    return JdbcTypes.isNumeric(at(column).type());
  }

  @Override
  public int getColumnDisplaySize(int column) throws SQLException {
    ColumnInfo info = at(column);
    return switch (info.type()) {
      case BIGINT -> 20;
      case INTEGER -> 11;
      case DOUBLE, REAL -> 24;
      case TIMESTAMP -> 29;
      case BOOLEAN -> 5;
      default -> JdbcTypes.precision(info.type(), info.precision());
    };
  }

  @Override
  public String getColumnLabel(int column) throws SQLException {
    return at(column).label();
  }

  @Override
  public String getColumnName(int column) throws SQLException {
    return at(column).name();
  }

  @Override
  public String getSchemaName(int column) throws SQLException {
    String schema = at(column).schema();
    return schema == null ? "" : schema;
  }

  @Override
  public int getPrecision(int column) throws SQLException {
    return JdbcTypes.precision(at(column).type(), at(column).precision());
  }

  @Override
  public int getScale(int column) throws SQLException {
    ColumnInfo info = at(column);
    return info.type() == SqlType.TIMESTAMP ? info.precision() : info.scale();
  }

  @Override
  public String getTableName(int column) throws SQLException {
    String table = at(column).table();
    return table == null ? "" : table;
  }

  @Override
  public String getCatalogName(int column) throws SQLException {
    at(column);
    return "";
  }

  @Override
  public int getColumnType(int column) throws SQLException {
    return JdbcTypes.number(at(column).type());
  }

  @Override
  public String getColumnTypeName(int column) throws SQLException {
    return at(column).typeName();
  }

  @Override
  public boolean isReadOnly(int column) throws SQLException {
    at(column);
    return true;
  }

  @Override
  public boolean isWritable(int column) throws SQLException {
    at(column);
    return false;
  }

  @Override
  public boolean isDefinitelyWritable(int column) throws SQLException {
    at(column);
    return false;
  }

  @Override
  public String getColumnClassName(int column) throws SQLException {
    return JdbcTypes.javaClass(at(column).type()).getName();
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
