package org.ouroborosdb.jdbc;

import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.ResultRows;
import org.ouroborosdb.sql.SqlType;

/** Where a result set's rows come from: a running query, or a list. */
interface RowSource {
  List<ColumnInfo> columns();

  boolean next() throws SQLException;

  @Nullable Object value(int column) throws SQLException;

  void close() throws SQLException;

  /** The rows of a query, which takes turns with the connection's other calls. */
  static RowSource of(List<ColumnInfo> columns, ResultRows rows, OuroborosConnection connection) {
    return new RowSource() {
      @Override
      public List<ColumnInfo> columns() {
        return columns;
      }

      @Override
      public boolean next() throws SQLException {
        return connection.inTurn(rows::next);
      }

      @Override
      public @Nullable Object value(int column) throws SQLException {
        return connection.valueInTurn(rows, column);
      }

      @Override
      public void close() throws SQLException {
        connection.inTurn(
            () -> {
              rows.close();
              return Boolean.TRUE;
            });
      }
    };
  }

  static RowSource of(
      List<ColumnInfo> columns, List<? extends List<? extends @Nullable Object>> rows) {
    Iterator<? extends List<? extends @Nullable Object>> all = rows.iterator();
    return new RowSource() {
      private List<? extends @Nullable Object> current = List.of();

      @Override
      public List<ColumnInfo> columns() {
        return columns;
      }

      @Override
      public boolean next() {
        boolean more = all.hasNext();
        if (more) {
          current = all.next();
        }
        return more;
      }

      @Override
      public @Nullable Object value(int column) {
        return current.get(column);
      }

      @Override
      public void close() {}
    };
  }

  /** Describes a column that no table has. */
  static ColumnInfo column(String name, SqlType type) {
    return new ColumnInfo(name, name, null, null, type, type.name(), null, 0, 0, true);
  }
}
