package org.ouroborosdb.sql.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.UpdateResult;
import org.ouroborosdb.sql.plan.InsertPlan;
import org.ouroborosdb.sql.plan.InsertTarget;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.run.MemoryBudget;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Transaction;

/**
 * Runs an INSERT in a transaction: makes all the events first, so that a query in it cannot meet
 * its own rows, then appends them in order.
 */
final class InsertExecutor {
  private final EngineSession session;
  private final InsertPlan plan;
  private final ParameterBinder binder;
  private final Cancellation cancellation;

  InsertExecutor(
      EngineSession session, InsertPlan plan, ParameterBinder binder, Cancellation cancellation) {
    this.session = session;
    this.plan = plan;
    this.binder = binder;
    this.cancellation = cancellation;
  }

  UpdateResult run(Transaction transaction, List<? extends @Nullable Object> values) {
    if (plan.query() == null && plan.rows().size() == 1) {
      NewEvent event = event(plan.rows().get(0), transaction, values);
      return new UpdateResult(1, List.of(append(transaction, event)));
    }
    List<NewEvent> events = new ArrayList<>();
    if (plan.query() == null) {
      for (InsertPlan.Row row : plan.rows()) {
        cancellation.check();
        events.add(event(row, transaction, values));
      }
    } else {
      select(plan.query(), transaction, values, events);
    }
    List<EventId> keys = new ArrayList<>(events.size());
    for (NewEvent event : events) {
      cancellation.check();
      keys.add(append(transaction, event));
    }
    return new UpdateResult(keys.size(), keys);
  }

  private EventId append(Transaction transaction, NewEvent event) {
    return plan.target() == InsertTarget.KV
        ? KeyInserts.put(transaction, event, plan.upsert())
        : transaction.append(event);
  }

  private NewEvent event(
      InsertPlan.Row row, Transaction transaction, List<? extends @Nullable Object> values) {
    EventMaker maker = new EventMaker(plan.target(), session.store());
    @Nullable Object[] computed = computed(row, transaction, values);
    for (int i = 0; i < row.cells().size(); i++) {
      maker.set(plan.fields().get(i), value(row.cells().get(i), values, computed));
    }
    return maker.make();
  }

  private static @Nullable Object value(
      InsertPlan.Cell cell, List<? extends @Nullable Object> values, @Nullable Object[] computed) {
    if (cell instanceof InsertPlan.Parameter parameter) {
      return values.get(parameter.index());
    }
    if (cell instanceof InsertPlan.Constant constant) {
      return constant.value();
    }
    if (cell instanceof InsertPlan.Computed column) {
      return computed[column.column()];
    }
    List<@Nullable Object> items = new ArrayList<>();
    for (InsertPlan.Cell item : ((InsertPlan.ArrayOf) cell).cells()) {
      items.add(value(item, values, computed));
    }
    return items;
  }

  private @Nullable Object[] computed(
      InsertPlan.Row row, Transaction transaction, List<? extends @Nullable Object> values) {
    QueryPlan query = row.computed();
    if (query == null) {
      return new Object[0];
    }
    List<@Nullable Object> given = new ArrayList<>();
    for (int index : row.computedParameters()) {
      given.add(values.get(index));
    }
    @Nullable Object[] result = new Object[query.columns().size()];
    try (OpenRows rows = open(query, transaction, given)) {
      if (!rows.next()) {
        throw new AssertionError("an expression gave no row");
      }
      for (int i = 0; i < result.length; i++) {
        result[i] = rows.value(i);
      }
    }
    return result;
  }

  private void select(
      QueryPlan query,
      Transaction transaction,
      List<? extends @Nullable Object> values,
      List<NewEvent> events) {
    MemoryBudget budget =
        new MemoryBudget(session.engine().options().queryMemoryBytes(), cancellation);
    int width = query.columns().size();
    List<@Nullable Object> given = new ArrayList<>();
    for (int index : plan.queryParameters()) {
      given.add(values.get(index));
    }
    int content = plan.contentParameter();
    try (OpenRows rows = open(query, transaction, given)) {
      while (rows.next()) {
        EventMaker maker = new EventMaker(plan.target(), session.store());
        @Nullable Object[] row = new Object[width];
        for (int i = 0; i < width; i++) {
          boolean whole = content >= 0 && plan.fields().get(i) == InsertTarget.Field.CONTENT;
          row[i] = whole ? values.get(content) : rows.value(i);
          maker.set(plan.fields().get(i), row[i]);
        }
        budget.keep(row);
        events.add(maker.make());
      }
    }
  }

  private OpenRows open(
      QueryPlan query, Transaction transaction, List<? extends @Nullable Object> values) {
    return new OpenRows(
        query,
        session.context(
            transaction.view(), binder.bind(query.parameters(), null, values), cancellation),
        0,
        () -> {});
  }
}
