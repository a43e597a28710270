package org.ouroborosdb.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.SqlType;
import org.ouroborosdb.sql.UpdateResult;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;

/** A statement. One thread at a time, but {@link #cancel} and {@link #close} from any. */
class OuroborosStatement extends StatementSettings {
  final OuroborosConnection connection;
  private final List<String> batch = new ArrayList<>();
  private volatile @Nullable Cancellation running;
  private volatile @Nullable OuroborosResultSet result;
  private volatile boolean closed;
  private volatile @Nullable OuroborosResultSet keyRows;
  private List<EventId> keys = List.of();
  private String keyColumn = "id";
  private boolean keysWanted;
  private long updateCount = -1;

  OuroborosStatement(OuroborosConnection connection) {
    super(connection.queryTimeoutSeconds());
    this.connection = connection;
  }

  @Override
  final void requireOpen() throws SQLException {
    connection.requireOpen();
    if (closed) {
      throw Refusals.statementClosed();
    }
  }

  /**
   * Runs something under the connection's lock, with a cancel handle that {@link #cancel} pulls.
   */
  final <T> T run(Running<T> work) throws SQLException {
    return cancellable(handle -> connection.exclusively(() -> work.with(handle)));
  }

  /** Runs something with a cancel handle, but no lock: what reads the caller's stream. */
  final <T> T cancellable(Running<T> work) throws SQLException {
    Cancellation handle = start();
    try {
      return Errors.guard(() -> work.with(handle));
    } finally {
      running = null;
    }
  }

  private Cancellation start() throws SQLException {
    Cancellation handle = newHandle();
    running = handle;
    requireOpen(); // only now: who closes either is seen here, or sees what runs
    return handle;
  }

  /** Opens a query's rows; they can be cancelled until they are closed. */
  private OuroborosResultSet open(PreparedPlan plan, List<@Nullable Object> parameters)
      throws SQLException {
    Cancellation handle = start();
    boolean opened = false;
    try {
      OuroborosResultSet rows =
          connection.exclusively(
              () ->
                  new OuroborosResultSet(
                      this,
                      RowSource.of(
                          plan.columns(), plan.query(parameters, maxRows(), handle), connection)));
      opened = true;
      return rows;
    } finally {
      if (!opened) {
        running = null;
      }
    }
  }

  /** Work that can be cancelled. */
  @FunctionalInterface
  interface Running<T> {
    T with(Cancellation handle) throws SQLException;
  }

  private void reset() throws SQLException {
    requireOpen();
    OuroborosResultSet open = result;
    result = null;
    if (open != null) {
      open.close();
    }
    closeKeyRows();
    keys = List.of();
    keysWanted = false;
    updateCount = -1;
  }

  private void closeKeyRows() throws SQLException {
    OuroborosResultSet open = keyRows;
    keyRows = null;
    if (open != null) {
      open.close();
    }
  }

  /** Runs a plan with parameters; returns whether it gave rows. */
  final boolean execute(PreparedPlan plan, List<@Nullable Object> parameters, boolean wantKeys)
      throws SQLException {
    reset();
    if (plan.kind() == PreparedPlan.Kind.QUERY) {
      result = open(plan, parameters);
      return true;
    }
    UpdateResult update =
        run(
            handle -> {
              if (plan.kind() == PreparedPlan.Kind.OTHER) {
                connection.transactionEnded();
              }
              return plan.update(parameters, handle);
            });
    took(plan, List.of(update), wantKeys);
    return false;
  }

  /** Keeps what an update gave. */
  final void took(PreparedPlan plan, List<UpdateResult> updates, boolean wantKeys) {
    long count = 0;
    List<EventId> ids = new ArrayList<>();
    for (UpdateResult update : updates) {
      count += update.count();
      ids.addAll(update.keys());
    }
    updateCount = count;
    keys = ids;
    String column = plan.keyColumn();
    keyColumn = column == null ? "id" : column;
    keysWanted = wantKeys;
  }

  final ResultSet queryOf(PreparedPlan plan, List<@Nullable Object> parameters)
      throws SQLException {
    if (plan.kind() != PreparedPlan.Kind.QUERY) {
      throw Errors.of("07005", "the statement gives no rows; use executeUpdate");
    }
    execute(plan, parameters, false);
    OuroborosResultSet rows = result;
    if (rows == null) {
      throw Refusals.statementClosed();
    }
    return rows;
  }

  final long updateOf(PreparedPlan plan, List<@Nullable Object> parameters, boolean wantKeys)
      throws SQLException {
    if (plan.kind() == PreparedPlan.Kind.QUERY) {
      throw Errors.of("07005", "the statement gives rows; use executeQuery");
    }
    execute(plan, parameters, wantKeys);
    return Math.max(0, updateCount);
  }

  private PreparedPlan plan(@Nullable String sql) throws SQLException {
    requireOpen();
    return cancellable(handle -> connection.plan(sql, handle));
  }

  /** Refuses calls with SQL text on a prepared statement. */
  void requirePlain() throws SQLException {
    // a plain statement takes any text
  }

  @Override
  public ResultSet executeQuery(String sql) throws SQLException {
    requirePlain();
    return queryOf(plan(sql), List.of());
  }

  private long update(String sql, KeysWanted wanted) throws SQLException {
    requirePlain();
    PreparedPlan plan = plan(sql);
    wanted.check(plan);
    return updateOf(plan, List.of(), wanted.any());
  }

  private boolean any(String sql, KeysWanted wanted) throws SQLException {
    requirePlain();
    PreparedPlan plan = plan(sql);
    wanted.check(plan);
    return execute(plan, List.of(), wanted.any());
  }

  static int toInt(long count) throws SQLException {
    if (count > Integer.MAX_VALUE) {
      throw Errors.of("22003", count + " rows are more than an int counts; use the large form");
    }
    return (int) count;
  }

  @Override
  public int executeUpdate(String sql) throws SQLException {
    return toInt(update(sql, KeysWanted.NONE));
  }

  @Override
  public int executeUpdate(String sql, int keysFlag) throws SQLException {
    return toInt(update(sql, KeysWanted.of(keysFlag)));
  }

  @Override
  public int executeUpdate(String sql, int @Nullable [] columns) throws SQLException {
    return toInt(update(sql, KeysWanted.of(columns)));
  }

  @Override
  public int executeUpdate(String sql, String @Nullable [] columns) throws SQLException {
    return toInt(update(sql, KeysWanted.of(columns)));
  }

  @Override
  public long executeLargeUpdate(String sql) throws SQLException {
    return update(sql, KeysWanted.NONE);
  }

  @Override
  public long executeLargeUpdate(String sql, int keysFlag) throws SQLException {
    return update(sql, KeysWanted.of(keysFlag));
  }

  @Override
  public long executeLargeUpdate(String sql, int @Nullable [] columns) throws SQLException {
    return update(sql, KeysWanted.of(columns));
  }

  @Override
  public long executeLargeUpdate(String sql, String @Nullable [] columns) throws SQLException {
    return update(sql, KeysWanted.of(columns));
  }

  @Override
  public boolean execute(String sql) throws SQLException {
    return any(sql, KeysWanted.NONE);
  }

  @Override
  public boolean execute(String sql, int keysFlag) throws SQLException {
    return any(sql, KeysWanted.of(keysFlag));
  }

  @Override
  public boolean execute(String sql, int @Nullable [] columns) throws SQLException {
    return any(sql, KeysWanted.of(columns));
  }

  @Override
  public boolean execute(String sql, String @Nullable [] columns) throws SQLException {
    return any(sql, KeysWanted.of(columns));
  }

  @Override
  public ResultSet getGeneratedKeys() throws SQLException {
    requireOpen();
    List<List<Object>> rows = new ArrayList<>();
    if (keysWanted) {
      keys.forEach(id -> rows.add(List.of(id.toString())));
    }
    closeKeyRows();
    OuroborosResultSet open =
        new OuroborosResultSet(
            this, RowSource.of(List.of(RowSource.column(keyColumn, SqlType.VARCHAR)), rows));
    keyRows = open;
    return open;
  }

  @Override
  public @Nullable ResultSet getResultSet() throws SQLException {
    requireOpen();
    return result;
  }

  @Override
  public int getUpdateCount() throws SQLException {
    return toInt(getLargeUpdateCount());
  }

  @Override
  public long getLargeUpdateCount() throws SQLException {
    requireOpen();
    return result == null ? updateCount : -1;
  }

  @Override
  public boolean getMoreResults() throws SQLException {
    reset();
    return false;
  }

  @Override
  public boolean getMoreResults(int current) throws SQLException {
    if (current == KEEP_CURRENT_RESULT) {
      throw Errors.unsupported("keeping a result open beside the next");
    }
    if (current != CLOSE_CURRENT_RESULT && current != CLOSE_ALL_RESULTS) {
      throw Errors.of("HY024", "no such constant for open results: " + current);
    }
    return getMoreResults();
  }

  @Override
  public void addBatch(@Nullable String sql) throws SQLException {
    requirePlain();
    requireOpen();
    if (sql == null) {
      throw Errors.of("HY009", "the statement's text is null");
    }
    batch.add(sql);
  }

  @Override
  public void clearBatch() throws SQLException {
    requireOpen();
    batch.clear();
  }

  @Override
  public int[] executeBatch() throws SQLException {
    long[] counts = executeLargeBatch();
    int[] small = new int[counts.length];
    for (int i = 0; i < counts.length; i++) {
      small[i] = toInt(counts[i]);
    }
    return small;
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    reset();
    List<String> statements = List.copyOf(batch);
    batch.clear();
    List<Long> counts = new ArrayList<>();
    List<EventId> ids = new ArrayList<>();
    for (String sql : statements) {
      try {
        counts.add(update(sql, KeysWanted.ALL));
        ids.addAll(keys);
      } catch (SQLException e) {
        throw Errors.batch(e, array(counts));
      }
    }
    keys = ids;
    keysWanted = true;
    return array(counts);
  }

  static long[] array(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public void cancel() throws SQLException {
    requireOpen();
    stop();
  }

  /** Stops what runs, from any thread. */
  final void stop() {
    Cancellation handle = running;
    if (handle != null) {
      handle.cancel();
    }
  }

  @Override
  public void close() throws SQLException {
    if (closed) {
      return;
    }
    closed = true;
    stop();
    OuroborosResultSet open = result;
    result = null;
    try {
      if (open != null) {
        open.close();
      }
      closeKeyRows();
    } finally {
      connection.statementClosed(this);
    }
  }

  /** Learns that its result set was closed. */
  final void resultClosed(OuroborosResultSet rows) throws SQLException {
    if (result == rows) {
      running = null;
      if (closesOnCompletion()) {
        close();
      }
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public Connection getConnection() throws SQLException {
    requireOpen();
    return connection;
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
