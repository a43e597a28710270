package org.ouroborosdb.sql.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.UpdateResult;
import org.ouroborosdb.sql.plan.DeletePlan;
import org.ouroborosdb.sql.run.MemoryBudget;
import org.ouroborosdb.sql.run.RunContext;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Transaction;

/** Runs a DELETE of temporary events in a transaction. */
final class DeleteExecutor {
  private final EngineSession session;
  private final DeletePlan plan;
  private final ParameterBinder binder;
  private final Cancellation cancellation;

  DeleteExecutor(
      EngineSession session, DeletePlan plan, ParameterBinder binder, Cancellation cancellation) {
    this.session = session;
    this.plan = plan;
    this.binder = binder;
    this.cancellation = cancellation;
  }

  UpdateResult run(Transaction transaction, List<? extends @Nullable Object> values) {
    MemoryBudget budget =
        new MemoryBudget(session.engine().options().queryMemoryBytes(), cancellation);
    List<EventId> ids = new ArrayList<>();
    RunContext context =
        session.context(
            transaction.view(),
            binder.bind(plan.doomed().parameters(), null, values),
            cancellation);
    try (OpenRows rows = new OpenRows(plan.doomed(), context, 0, () -> {})) {
      while (rows.next()) {
        if (!Boolean.TRUE.equals(rows.value(1))) {
          throw new SqlException(
              SqlState.IMMUTABLE,
              "DELETE is refused: its rows include a permanent event; add AND temporary to the"
                  + " condition",
              null);
        }
        String id = String.valueOf(rows.value(0));
        budget.keep(id);
        ids.add(EventId.parse(id));
      }
    }
    long count = ids.isEmpty() ? 0 : transaction.deleteTemporary(ids);
    return new UpdateResult(count, List.of());
  }
}
