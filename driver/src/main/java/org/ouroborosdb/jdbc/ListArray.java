package org.ouroborosdb.jdbc;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlType;

/** An SQL ARRAY in memory, whose elements have one type. */
final class ListArray implements Array {
  private final List<?> elements;
  private final SqlType type;

  /** Takes elements as the engine gives them, or as a caller does. */
  ListArray(List<?> elements, @Nullable SqlType type) {
    this.elements = elements;
    this.type = type == null || type == SqlType.ANY ? typeOf(elements) : type;
  }

  private static SqlType typeOf(List<?> elements) {
    boolean text = elements.stream().allMatch(each -> each == null || each instanceof String);
    return text ? SqlType.VARCHAR : SqlType.ANY;
  }

  /** Returns the type of a name that a caller gives; ANY for one that is not known. */
  static SqlType type(@Nullable String name) {
    for (SqlType type : SqlType.values()) {
      if (type.name().equalsIgnoreCase(name)) {
        return type;
      }
    }
    return SqlType.ANY;
  }

  List<?> elements() {
    return elements;
  }

  @Override
  public String getBaseTypeName() {
    return type.name();
  }

  @Override
  public int getBaseType() {
    return JdbcTypes.number(type);
  }

  @Override
  public Object getArray() throws SQLException {
    return array(elements);
  }

  /** Returns an array of the class that {@code getObject} gives for the type. */
  private Object array(List<?> part) throws SQLException {
    Class<?> target = JdbcTypes.javaClass(type);
    @Nullable Object[] array =
        (@Nullable Object[]) java.lang.reflect.Array.newInstance(target, part.size());
    for (int i = 0; i < array.length; i++) {
      Object element = part.get(i);
      array[i] =
          element instanceof List<?> inner && type == SqlType.ARRAY
              ? new ListArray(inner, null)
              : element == null || type == SqlType.ANY
                  ? element
                  : Errors.guard(() -> Conversions.to(element, target));
    }
    return array;
  }

  @Override
  public Object getArray(@Nullable Map<String, Class<?>> map) throws SQLException {
    return getArray();
  }

  @Override
  public Object getArray(long index, int count) throws SQLException {
    if (index < 1 || count < 0 || index - 1 > elements.size() - count) {
      throw Errors.of("2202E", "index " + index + ", count " + count + " is out of range");
    }
    return array(elements.subList((int) index - 1, (int) index - 1 + count));
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
    @Nullable Object[] values = (@Nullable Object[]) getArray(index, count);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long i = index; i < index + count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(i);
      row.add(values[(int) (i - index)]);
      rows.add(row);
    }
    return new OuroborosResultSet(
        null,
        RowSource.of(
            List.of(RowSource.column("INDEX", SqlType.BIGINT), RowSource.column("VALUE", type)),
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
