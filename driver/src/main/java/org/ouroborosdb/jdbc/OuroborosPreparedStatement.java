package org.ouroborosdb.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.UpdateResult;
import org.ouroborosdb.store.Content;

/** A prepared statement. A stream is stored when the statement runs, and can be run with once. */
final class OuroborosPreparedStatement extends OuroborosStatement implements PreparedStatement {
  private final PreparedPlan plan;
  private final boolean keysWanted;
  private final @Nullable Object[] values;
  private List<List<@Nullable Object>> batch = new ArrayList<>();

  /** Stands for a parameter without a value. */
  private enum Missing {
    NEVER_SET,
    CONSUMED
  }

  OuroborosPreparedStatement(
      OuroborosConnection connection, PreparedPlan plan, boolean keysWanted) {
    super(connection);
    this.plan = plan;
    this.keysWanted = keysWanted;
    this.values = new Object[plan.parameters().size()];
    Arrays.fill(values, Missing.NEVER_SET);
  }

  @Override
  void requirePlain() throws SQLException {
    throw Errors.of("HY010", "a prepared statement has its text already; call without one");
  }

  private void set(int parameter, @Nullable Object value) throws SQLException {
    requireOpen();
    if (parameter < 1 || parameter > values.length) {
      throw Errors.of("07009", "parameter " + parameter + " is not one of 1 to " + values.length);
    }
    values[parameter - 1] = value;
  }

  /** Returns the values to run with; streams are stored now. */
  private List<@Nullable Object> parameters() throws SQLException {
    requireOpen();
    for (int i = 0; i < values.length; i++) {
      if (values[i] == Missing.NEVER_SET) {
        throw Errors.of("07001", "parameter " + (i + 1) + " has no value");
      }
      if (values[i] == Missing.CONSUMED) {
        throw Errors.of(
            "07001",
            "parameter "
                + (i + 1)
                + " was a stream, which the last run has read to its end;"
                + " set it again");
      }
    }
    List<@Nullable Object> ready = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof InputStream stream) {
        values[i] = Missing.CONSUMED;
        ready.add(stored(stream));
      } else if (values[i] instanceof Blob blob) {
        ready.add(stored(blob));
      } else {
        ready.add(values[i]);
      }
    }
    return ready;
  }

  private Object stored(InputStream stream) throws SQLException {
    InputStream guarded = GuardedStream.ofCaller(stream);
    return cancellable(handle -> connection.session().put(guarded, handle));
  }

  /** A BLOB of this store is stored again by its chunks' names alone. */
  private Object stored(Blob blob) throws SQLException {
    Content own =
        blob instanceof ContentBlob content
            ? content.contentOf(connection.session().store())
            : null;
    if (own != null) {
      return own;
    }
    try (InputStream stream = opened(blob)) {
      return stored(stream);
    } catch (IOException e) {
      throw Errors.of("58030", "closing the BLOB's stream failed: " + e.getMessage(), e);
    }
  }

  private static InputStream opened(Blob blob) throws SQLException {
    InputStream stream;
    try {
      stream = blob.getBinaryStream();
    } catch (RuntimeException | Error e) {
      throw Errors.ofGiven(e);
    }
    if (stream == null) {
      throw Errors.of("38000", "the BLOB that was given has no stream");
    }
    return stream;
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    return queryOf(plan, parameters());
  }

  @Override
  public int executeUpdate() throws SQLException {
    return toInt(executeLargeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    return updateOf(plan, parameters(), keysWanted);
  }

  @Override
  public boolean execute() throws SQLException {
    return execute(plan, parameters(), keysWanted);
  }

  @Override
  public void addBatch() throws SQLException {
    if (plan.kind() == PreparedPlan.Kind.QUERY) {
      throw Errors.of("07005", "a statement that gives rows cannot be in a batch");
    }
    batch.add(parameters());
  }

  @Override
  public void clearBatch() throws SQLException {
    requireOpen();
    batch = new ArrayList<>();
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    requireOpen();
    List<List<@Nullable Object>> runs = batch;
    batch = new ArrayList<>();
    if (runs.isEmpty()) {
      return new long[0];
    }
    getMoreResults();
    try {
      List<UpdateResult> updates = run(handle -> plan.updateBatch(runs, handle));
      took(plan, updates, true);
      return updates.stream().mapToLong(UpdateResult::count).toArray();
    } catch (SQLException e) {
      // One transaction with all or nothing: none of them was done.
      long[] counts = new long[runs.size()];
      Arrays.fill(counts, EXECUTE_FAILED);
      throw Errors.batch(e, counts);
    }
  }

  @Override
  public void clearParameters() throws SQLException {
    requireOpen();
    Arrays.fill(values, Missing.NEVER_SET);
  }

  @Override
  public @Nullable ResultSetMetaData getMetaData() throws SQLException {
    requireOpen();
    return plan.kind() == PreparedPlan.Kind.QUERY ? new ColumnsMetaData(plan.columns()) : null;
  }

  @Override
  public ParameterMetaData getParameterMetaData() throws SQLException {
    requireOpen();
    return new ParametersMetaData(plan.parameters());
  }

  @Override
  public void setNull(int parameter, int type) throws SQLException {
    set(parameter, null);
  }

  @Override
  public void setNull(int parameter, int type, @Nullable String typeName) throws SQLException {
    set(parameter, null);
  }

  @Override
  public void setBoolean(int parameter, boolean value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setByte(int parameter, byte value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setShort(int parameter, short value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setInt(int parameter, int value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setLong(int parameter, long value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setFloat(int parameter, float value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setDouble(int parameter, double value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setBigDecimal(int parameter, @Nullable BigDecimal value) throws SQLException {
    set(parameter, ParameterConversions.of(value));
  }

  @Override
  public void setString(int parameter, @Nullable String value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setNString(int parameter, @Nullable String value) throws SQLException {
    set(parameter, value);
  }

  @Override
  public void setBytes(int parameter, byte @Nullable [] value) throws SQLException {
    set(parameter, ParameterConversions.of(value));
  }

  @Override
  public void setDate(int parameter, @Nullable Date value) throws SQLException {
    set(parameter, ParameterConversions.of(value));
  }

  @Override
  public void setDate(int parameter, @Nullable Date value, @Nullable Calendar calendar)
      throws SQLException {
    set(
        parameter,
        value == null || calendar == null
            ? ParameterConversions.of(value)
            : JulianMoments.shown(
                    java.time.Instant.ofEpochMilli(value.getTime()),
                    calendar.getTimeZone().toZoneId())
                .toLocalDate());
  }

  @Override
  public void setTime(int parameter, @Nullable Time value) throws SQLException {
    set(parameter, ParameterConversions.of(value));
  }

  @Override
  public void setTime(int parameter, @Nullable Time value, @Nullable Calendar calendar)
      throws SQLException {
    set(
        parameter,
        value == null || calendar == null
            ? ParameterConversions.of(value)
            : java.time.Instant.ofEpochMilli(value.getTime())
                .atZone(calendar.getTimeZone().toZoneId())
                .toLocalTime());
  }

  @Override
  public void setTimestamp(int parameter, @Nullable Timestamp value) throws SQLException {
    set(parameter, ParameterConversions.of(value));
  }

  /** Sets the instant; timestamps are stored in UTC, so the calendar plays no part. */
  @Override
  public void setTimestamp(int parameter, @Nullable Timestamp value, @Nullable Calendar calendar)
      throws SQLException {
    setTimestamp(parameter, value);
  }

  @Override
  public void setObject(int parameter, @Nullable Object value) throws SQLException {
    if (value instanceof InputStream || value instanceof Reader || value instanceof Blob) {
      setLarge(parameter, value, -1);
    } else {
      set(parameter, ParameterConversions.of(value));
    }
  }

  private void setLarge(int parameter, Object value, int length) throws SQLException {
    if (value instanceof Blob blob) {
      setBlob(parameter, blob);
    } else if (value instanceof Reader reader) {
      setReader(parameter, reader, length);
    } else {
      setStream(parameter, (InputStream) value, length);
    }
  }

  private void setTyped(int parameter, @Nullable Object value, JDBCType type, int scaleOrLength)
      throws SQLException {
    boolean binary = value instanceof InputStream || value instanceof Blob;
    if (value == null || (!binary && !(value instanceof Reader))) {
      set(parameter, TypedParameters.of(value, type, scaleOrLength));
      return;
    }
    boolean fits =
        switch (type) {
          case BINARY, VARBINARY, LONGVARBINARY, BLOB -> binary;
          case CHAR, VARCHAR, LONGVARCHAR, NCHAR, NVARCHAR, LONGNVARCHAR, CLOB, NCLOB -> !binary;
          case OTHER, JAVA_OBJECT -> true;
          default -> false;
        };
    if (!fits) {
      throw Errors.of("22018", "a stream is no value of type " + type);
    }
    setLarge(parameter, value, scaleOrLength);
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, int type) throws SQLException {
    setTyped(parameter, value, TypedParameters.type(type), TypedParameters.NO_SCALE);
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, int type, int scale)
      throws SQLException {
    setTyped(parameter, value, TypedParameters.type(type), notNegative(scale));
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, @Nullable SQLType type)
      throws SQLException {
    setTyped(parameter, value, TypedParameters.type(type), TypedParameters.NO_SCALE);
  }

  @Override
  public void setObject(int parameter, @Nullable Object value, @Nullable SQLType type, int scale)
      throws SQLException {
    setTyped(parameter, value, TypedParameters.type(type), notNegative(scale));
  }

  private static int notNegative(int scaleOrLength) throws SQLException {
    if (scaleOrLength < 0) {
      throw Errors.of("22003", "scale or length " + scaleOrLength + " is below 0");
    }
    return scaleOrLength;
  }

  private void setStream(int parameter, @Nullable InputStream stream, long length)
      throws SQLException {
    set(
        parameter,
        stream == null || length < 0 ? stream : ParameterConversions.exactly(stream, length));
  }

  @Override
  public void setBinaryStream(int parameter, @Nullable InputStream stream) throws SQLException {
    setStream(parameter, stream, -1);
  }

  @Override
  public void setBinaryStream(int parameter, @Nullable InputStream stream, int length)
      throws SQLException {
    setStream(parameter, stream, length(length));
  }

  @Override
  public void setBinaryStream(int parameter, @Nullable InputStream stream, long length)
      throws SQLException {
    setStream(parameter, stream, length(length));
  }

  /** Sets a BLOB, which is read whenever the statement runs or is added to a batch. */
  @Override
  public void setBlob(int parameter, @Nullable Blob blob) throws SQLException {
    set(parameter, blob);
  }

  @Override
  public void setBlob(int parameter, @Nullable InputStream stream) throws SQLException {
    setStream(parameter, stream, -1);
  }

  @Override
  public void setBlob(int parameter, @Nullable InputStream stream, long length)
      throws SQLException {
    setStream(parameter, stream, length(length));
  }

  private static long length(long given) throws SQLException {
    if (given < 0) {
      throw Errors.of("22003", "length " + given + " is below 0");
    }
    return given;
  }

  private void setReader(int parameter, @Nullable Reader reader, long length) throws SQLException {
    set(parameter, reader == null ? null : ParameterConversions.text(reader, length));
  }

  @Override
  public void setCharacterStream(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setCharacterStream(int parameter, @Nullable Reader reader, int length)
      throws SQLException {
    setReader(parameter, reader, length(length));
  }

  @Override
  public void setCharacterStream(int parameter, @Nullable Reader reader, long length)
      throws SQLException {
    setReader(parameter, reader, length(length));
  }

  @Override
  public void setNCharacterStream(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setNCharacterStream(int parameter, @Nullable Reader reader, long length)
      throws SQLException {
    setReader(parameter, reader, length(length));
  }

  @Override
  public void setClob(int parameter, @Nullable Clob clob) throws SQLException {
    set(parameter, ParameterConversions.of(clob));
  }

  @Override
  public void setClob(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setClob(int parameter, @Nullable Reader reader, long length) throws SQLException {
    setReader(parameter, reader, length(length));
  }

  @Override
  public void setNClob(int parameter, @Nullable NClob clob) throws SQLException {
    setClob(parameter, clob);
  }

  @Override
  public void setNClob(int parameter, @Nullable Reader reader) throws SQLException {
    setReader(parameter, reader, -1);
  }

  @Override
  public void setNClob(int parameter, @Nullable Reader reader, long length) throws SQLException {
    setReader(parameter, reader, length(length));
  }

  private void setEncoded(
      int parameter, @Nullable InputStream stream, long length, java.nio.charset.Charset charset)
      throws SQLException {
    if (stream == null) {
      set(parameter, null);
      return;
    }
    InputStream bounded = length < 0 ? stream : ParameterConversions.exactly(stream, length);
    setReader(parameter, new java.io.InputStreamReader(bounded, charset.newDecoder()), -1);
  }

  @Override
  public void setAsciiStream(int parameter, @Nullable InputStream stream) throws SQLException {
    setEncoded(parameter, stream, -1, StandardCharsets.US_ASCII);
  }

  @Override
  public void setAsciiStream(int parameter, @Nullable InputStream stream, int length)
      throws SQLException {
    setEncoded(parameter, stream, length(length), StandardCharsets.US_ASCII);
  }

  @Override
  public void setAsciiStream(int parameter, @Nullable InputStream stream, long length)
      throws SQLException {
    setEncoded(parameter, stream, length(length), StandardCharsets.US_ASCII);
  }

  @Override
  @Deprecated
  public void setUnicodeStream(int parameter, @Nullable InputStream stream, int length)
      throws SQLException {
    setEncoded(parameter, stream, length(length), StandardCharsets.UTF_8);
  }

  @Override
  public void setArray(int parameter, @Nullable Array value) throws SQLException {
    set(parameter, ParameterConversions.of(value));
  }

  @Override
  public void setRef(int parameter, @Nullable Ref value) throws SQLException {
    throw Errors.unsupported("REF");
  }

  @Override
  public void setURL(int parameter, @Nullable URL value) throws SQLException {
    throw Errors.unsupported("DATALINK");
  }

  @Override
  public void setRowId(int parameter, @Nullable RowId value) throws SQLException {
    throw Errors.unsupported("ROWID");
  }

  @Override
  public void setSQLXML(int parameter, @Nullable SQLXML value) throws SQLException {
    throw Errors.unsupported("SQLXML");
  }
}
