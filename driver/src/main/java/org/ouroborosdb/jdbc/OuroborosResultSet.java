package org.ouroborosdb.jdbc;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.store.Content;

/** A forward-only, read-only result set. Used by one thread; may be closed from any. */
final class OuroborosResultSet extends LabelledResultSet {
  private final @Nullable OuroborosStatement statement;
  private final RowSource rows;
  private final List<ColumnInfo> columns;
  private @Nullable Map<String, Integer> labels;
  private volatile boolean closed;
  private boolean onRow;
  private boolean ended;
  private boolean wasNull;
  private int row;
  private int fetchSize;

  OuroborosResultSet(@Nullable OuroborosStatement statement, RowSource rows) {
    this.statement = statement;
    this.rows = rows;
    this.columns = rows.columns();
  }

  @Override
  void requireOpen() throws SQLException {
    if (closed) {
      throw Refusals.resultClosed();
    }
  }

  @Override
  public boolean next() throws SQLException {
    requireOpen();
    onRow = !ended && rows.next();
    ended = !onRow;
    row = onRow ? row + 1 : 0;
    return onRow;
  }

  @Override
  public void close() throws SQLException {
    if (!closed) {
      closed = true;
      rows.close();
      if (statement != null) {
        statement.resultClosed(this);
      }
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  private @Nullable Object value(int column) throws SQLException {
    requireOpen();
    if (!onRow) {
      throw Errors.of("24000", "the result set stands on no row; call next()");
    }
    if (column < 1 || column > columns.size()) {
      throw Errors.of("42S22", "column " + column + " is not one of 1 to " + columns.size());
    }
    Object value = rows.value(column - 1);
    wasNull = value == null;
    return value;
  }

  private <T> @Nullable T get(int column, Class<T> type) throws SQLException {
    Object value = value(column);
    return value == null ? null : Errors.guard(() -> Conversions.to(value, type));
  }

  @Override
  public int findColumn(@Nullable String label) throws SQLException {
    requireOpen();
    if (labels == null) {
      labels = new HashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        labels.putIfAbsent(columns.get(i).label().toLowerCase(Locale.ROOT), i + 1);
      }
    }
    Integer column = label == null ? null : labels.get(label.toLowerCase(Locale.ROOT));
    if (column == null) {
      throw Errors.of("42S22", "the result has no column '" + label + "'");
    }
    return column;
  }

  @Override
  public boolean wasNull() throws SQLException {
    requireOpen();
    return wasNull;
  }

  @Override
  public @Nullable String getString(int column) throws SQLException {
    return get(column, String.class);
  }

  @Override
  public boolean getBoolean(int column) throws SQLException {
    Boolean value = get(column, Boolean.class);
    return value != null && value;
  }

  @Override
  public byte getByte(int column) throws SQLException {
    Byte value = get(column, Byte.class);
    return value == null ? 0 : value;
  }

  @Override
  public short getShort(int column) throws SQLException {
    Short value = get(column, Short.class);
    return value == null ? 0 : value;
  }

  @Override
  public int getInt(int column) throws SQLException {
    Integer value = get(column, Integer.class);
    return value == null ? 0 : value;
  }

  @Override
  public long getLong(int column) throws SQLException {
    Long value = get(column, Long.class);
    return value == null ? 0 : value;
  }

  @Override
  public float getFloat(int column) throws SQLException {
    Float value = get(column, Float.class);
    return value == null ? 0 : value;
  }

  @Override
  public double getDouble(int column) throws SQLException {
    Double value = get(column, Double.class);
    return value == null ? 0 : value;
  }

  @Override
  public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
    return get(column, BigDecimal.class);
  }

  @Override
  @Deprecated
  public @Nullable BigDecimal getBigDecimal(int column, int scale) throws SQLException {
    BigDecimal value = get(column, BigDecimal.class);
    return value == null ? null : Errors.guard(() -> value.setScale(scale, RoundingMode.HALF_UP));
  }

  @Override
  public byte @Nullable [] getBytes(int column) throws SQLException {
    return get(column, byte[].class);
  }

  @Override
  public @Nullable Date getDate(int column) throws SQLException {
    return get(column, Date.class);
  }

  @Override
  public @Nullable Time getTime(int column) throws SQLException {
    return get(column, Time.class);
  }

  @Override
  public @Nullable Timestamp getTimestamp(int column) throws SQLException {
    return get(column, Timestamp.class);
  }

  /** Returns the date in the calendar's zone at whose midnight the value stands. */
  @Override
  public @Nullable Date getDate(int column, @Nullable Calendar calendar) throws SQLException {
    LocalDateTime value = get(column, LocalDateTime.class);
    if (value == null || calendar == null) {
      return value == null ? null : getDate(column);
    }
    return new Date(
        JulianMoments.instant(value.toLocalDate().atStartOfDay(), calendar.getTimeZone().toZoneId())
            .toEpochMilli());
  }

  @Override
  public @Nullable Time getTime(int column, @Nullable Calendar calendar) throws SQLException {
    java.time.LocalTime value = get(column, java.time.LocalTime.class);
    if (value == null || calendar == null) {
      return value == null ? null : getTime(column);
    }
    return Conversions.sqlTime(value, calendar.getTimeZone().toZoneId());
  }

  /** Returns the instant; timestamps are stored in UTC, so the calendar plays no part. */
  @Override
  public @Nullable Timestamp getTimestamp(int column, @Nullable Calendar calendar)
      throws SQLException {
    return getTimestamp(column);
  }

  @Override
  public @Nullable InputStream getAsciiStream(int column) throws SQLException {
    String value = getString(column);
    return value == null ? null : new ByteArrayInputStream(Conversions.ascii(value));
  }

  @Override
  @Deprecated
  public @Nullable InputStream getUnicodeStream(int column) throws SQLException {
    String value = getString(column);
    return value == null ? null : new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public @Nullable InputStream getBinaryStream(int column) throws SQLException {
    return get(column, InputStream.class);
  }

  @Override
  public @Nullable Reader getCharacterStream(int column) throws SQLException {
    String value = getString(column);
    return value == null ? null : new StringReader(value);
  }

  @Override
  public @Nullable Blob getBlob(int column) throws SQLException {
    Object value = value(column);
    if (value instanceof Content content && statement != null) {
      return new ContentBlob(content, statement.connection.session().store());
    }
    return value == null ? null : Errors.guard(() -> Conversions.to(value, Blob.class));
  }

  @Override
  public @Nullable Clob getClob(int column) throws SQLException {
    String value = getString(column);
    return value == null ? null : new TextClob(value);
  }

  @Override
  public @Nullable Array getArray(int column) throws SQLException {
    Object value = value(column);
    if (value instanceof List<?> list && columns.get(column - 1).type() == SqlType.ARRAY) {
      return new ListArray(list, columns.get(column - 1).elementType());
    }
    return value == null ? null : Errors.guard(() -> Conversions.to(value, Array.class));
  }

  @Override
  public @Nullable Object getObject(int column) throws SQLException {
    Object value = value(column);
    if (value == null) {
      return null;
    }
    SqlType type = columns.get(column - 1).type();
    if (type == SqlType.BLOB) {
      return getBlob(column);
    }
    if (type == SqlType.ARRAY) {
      return getArray(column);
    }
    Class<?> target = JdbcTypes.javaClass(type);
    if (type == SqlType.ANY || target.isInstance(value)) {
      return value;
    }
    if (type == SqlType.TIMESTAMP_WITH_TIME_ZONE && value instanceof java.time.Instant instant) {
      return instant.atOffset(ZoneOffset.UTC);
    }
    return Errors.guard(() -> Conversions.to(value, target));
  }

  @Override
  public <T> @Nullable T getObject(int column, @Nullable Class<T> type) throws SQLException {
    if (type == null) {
      throw Errors.of("HY009", "the class to read the value as is null");
    }
    if (type == Object.class) {
      return type.cast(getObject(column));
    }
    if (type == Clob.class || type == NClob.class) {
      return type.cast(getClob(column));
    }
    if (type == Blob.class) {
      return type.cast(getBlob(column));
    }
    if (type == Array.class) {
      return type.cast(getArray(column));
    }
    if (type.isArray() && value(column) instanceof List<?> list) {
      return typedArray(list, column, type);
    }
    if (type == Reader.class) {
      return type.cast(getCharacterStream(column));
    }
    return get(column, type);
  }

  /** Reads an ARRAY as a Java array of the class that it is made of, or that takes its elements. */
  private <T> T typedArray(List<?> list, int column, Class<T> type) throws SQLException {
    Object elements = new ListArray(list, columns.get(column - 1).elementType()).getArray();
    return type.isInstance(elements)
        ? type.cast(elements)
        : Errors.guard(() -> Conversions.to(list, type));
  }

  @Override
  public @Nullable Object getObject(int column, @Nullable Map<String, Class<?>> map)
      throws SQLException {
    return getObject(column);
  }

  @Override
  public @Nullable Ref getRef(int column) throws SQLException {
    throw Errors.unsupported("REF");
  }

  @Override
  public @Nullable URL getURL(int column) throws SQLException {
    throw Errors.unsupported("DATALINK");
  }

  @Override
  public @Nullable RowId getRowId(int column) throws SQLException {
    throw Errors.unsupported("ROWID");
  }

  @Override
  public @Nullable NClob getNClob(int column) throws SQLException {
    String value = getString(column);
    return value == null ? null : new TextClob(value);
  }

  @Override
  public @Nullable SQLXML getSQLXML(int column) throws SQLException {
    throw Errors.unsupported("SQLXML");
  }

  @Override
  public @Nullable String getNString(int column) throws SQLException {
    return getString(column);
  }

  @Override
  public @Nullable Reader getNCharacterStream(int column) throws SQLException {
    return getCharacterStream(column);
  }

  @Override
  public ResultSetMetaData getMetaData() throws SQLException {
    requireOpen();
    return new ColumnsMetaData(columns);
  }

  @Override
  public @Nullable SQLWarning getWarnings() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void clearWarnings() throws SQLException {
    requireOpen();
  }

  @Override
  public String getCursorName() throws SQLException {
    throw Errors.unsupported("a named cursor");
  }

  @Override
  public boolean isBeforeFirst() throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public boolean isAfterLast() throws SQLException {
    requireOpen();
    return ended;
  }

  @Override
  public boolean isFirst() throws SQLException {
    requireOpen();
    return row == 1;
  }

  @Override
  public boolean isLast() throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public void beforeFirst() throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public void afterLast() throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public boolean first() throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public boolean last() throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public int getRow() throws SQLException {
    requireOpen();
    return row;
  }

  @Override
  public boolean absolute(int target) throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public boolean relative(int count) throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public boolean previous() throws SQLException {
    throw Refusals.scroll();
  }

  @Override
  public void setFetchDirection(int direction) throws SQLException {
    requireOpen();
    if (direction != FETCH_FORWARD) {
      throw Refusals.scroll();
    }
  }

  @Override
  public int getFetchDirection() throws SQLException {
    requireOpen();
    return FETCH_FORWARD;
  }

  @Override
  public void setFetchSize(int count) throws SQLException {
    requireOpen();
    if (count < 0) {
      throw Errors.of("22003", "fetch size " + count + " is below 0");
    }
    fetchSize = count;
  }

  @Override
  public int getFetchSize() throws SQLException {
    requireOpen();
    return fetchSize;
  }

  @Override
  public int getType() throws SQLException {
    requireOpen();
    return TYPE_FORWARD_ONLY;
  }

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public @Nullable Statement getStatement() throws SQLException {
    requireOpen();
    return statement;
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
