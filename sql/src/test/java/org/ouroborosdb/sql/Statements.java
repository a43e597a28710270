package org.ouroborosdb.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.session.SqlEngine;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/** Runs statements in one session, for tests. */
final class Statements implements AutoCloseable {
  private final SqlEngine engine;
  private final boolean ownsEngine;
  final Session session;

  private Statements(SqlEngine engine, boolean ownsEngine) {
    this.engine = engine;
    this.ownsEngine = ownsEngine;
    this.session = engine.openSession();
  }

  static Statements inMemory() {
    return inMemory(EngineOptions.DEFAULT);
  }

  static Statements inMemory(EngineOptions options) {
    return new Statements(
        SqlEngine.create(EmbeddedEventStore.open(StoreOptions.inMemory()), options), true);
  }

  /** Opens another session of the same engine. */
  Statements another() {
    return new Statements(engine, false);
  }

  List<List<@Nullable Object>> rows(String sql, @Nullable Object... parameters) {
    return rows(Cancellation.create(), sql, parameters);
  }

  List<List<@Nullable Object>> rows(
      Cancellation cancellation, String sql, @Nullable Object... parameters) {
    PreparedPlan plan = session.prepare(sql);
    List<List<@Nullable Object>> all = new ArrayList<>();
    try (ResultRows rows = plan.query(Arrays.asList(parameters), 0, cancellation)) {
      while (rows.next()) {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 0; i < plan.columns().size(); i++) {
          Object value = rows.value(i);
          row.add(value instanceof Content content ? content.readAll(1 << 20) : value);
        }
        all.add(row);
      }
    }
    return all;
  }

  /** Returns the only value of the only row. */
  @Nullable Object value(String sql, @Nullable Object... parameters) {
    List<List<@Nullable Object>> rows = rows(sql, parameters);
    if (rows.size() != 1 || rows.get(0).size() != 1) {
      throw new AssertionError("not one value but " + rows + " from " + sql);
    }
    return rows.get(0).get(0);
  }

  UpdateResult update(String sql, @Nullable Object... parameters) {
    return session.prepare(sql).update(Arrays.asList(parameters), Cancellation.create());
  }

  /** Inserts one row and returns its key. */
  EventId insert(String sql, @Nullable Object... parameters) {
    return update(sql, parameters).keys().get(0);
  }

  @Override
  public void close() {
    session.close();
    if (ownsEngine) {
      engine.close();
    }
  }
}
