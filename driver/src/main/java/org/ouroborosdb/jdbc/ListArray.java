package org.ouroborosdb.jdbc;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;

/** An SQL ARRAY in memory. */
final class ListArray implements Array {
  private final List<?> elements;

  ListArray(List<?> elements) {
    this.elements = elements;
  }

  List<?> elements() {
    return elements;
  }

  private boolean isText() {
    return elements.stream().allMatch(each -> each == null || each instanceof String);
  }

  @Override
  public String getBaseTypeName() {
    return isText() ? "VARCHAR" : "ANY";
  }

  @Override
  public int getBaseType() {
    return isText() ? Types.VARCHAR : Types.OTHER;
  }

  @Override
  public Object getArray() {
    return isText() ? elements.toArray(new String[0]) : elements.toArray();
  }

  @Override
  public Object getArray(@Nullable Map<String, Class<?>> map) {
    return getArray();
  }

  @Override
  public Object getArray(long index, int count) throws SQLException {
    if (index < 1 || count < 0 || index - 1 > elements.size() - count) {
      throw Errors.of("2202E", "index " + index + ", count " + count + " is out of range");
    }
    return new ListArray(elements.subList((int) index - 1, (int) index - 1 + count)).getArray();
  }

  @Override
  public Object getArray(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    return getArray(index, count);
  }

  @Override
  public ResultSet getResultSet() throws SQLException {
    return getResultSet(1, elements.size());
  }

  @Override
  public ResultSet getResultSet(@Nullable Map<String, Class<?>> map) throws SQLException {
    return getResultSet();
  }

  @Override
  public ResultSet getResultSet(long index, int count) throws SQLException {
    getArray(index, count);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long i = index; i < index + count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(i);
      row.add(elements.get((int) i - 1));
      rows.add(row);
    }
    return new OuroborosResultSet(
        null,
        RowSource.of(
            List.of(
                RowSource.column("INDEX", SqlType.BIGINT),
                RowSource.column("VALUE", isText() ? SqlType.VARCHAR : SqlType.ANY)),
            rows));
  }

  @Override
  public ResultSet getResultSet(long index, int count, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    return getResultSet(index, count);
  }

  @Override
  public void free() {
    // nothing is held
  }

  @Override
  public String toString() {
    return elements.toString();
  }
}
