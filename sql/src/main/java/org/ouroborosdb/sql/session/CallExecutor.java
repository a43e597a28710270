package org.ouroborosdb.sql.session;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.linq4j.Linq4j;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ResultRows;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.UpdateResult;
import org.ouroborosdb.sql.plan.CallPlan;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.procedure.Procedure;
import org.ouroborosdb.store.Cancellation;

/** Runs a CALL: evaluates its arguments, then the procedure. */
final class CallExecutor {
  private final EngineSession session;
  private final CallPlan plan;
  private final ParameterBinder binder;
  private final Cancellation cancellation;

  CallExecutor(
      EngineSession session, CallPlan plan, ParameterBinder binder, Cancellation cancellation) {
    this.session = session;
    this.plan = plan;
    this.binder = binder;
    this.cancellation = cancellation;
  }

  UpdateResult update(List<? extends @Nullable Object> parameters) {
    return new UpdateResult(run(parameters).count(), List.of());
  }

  ResultRows query(List<? extends @Nullable Object> parameters, long maxRows) {
    List<Object[]> rows = run(parameters).rows();
    QueryPlan known =
        new QueryPlan(
            plan.columns(), plan.types(), List.of(), context -> Linq4j.enumerator(rows), true);
    return session.open(known, new Object[0], maxRows, cancellation);
  }

  private Procedure.Outcome run(List<? extends @Nullable Object> parameters) {
    Procedure procedure = plan.procedure();
    if (procedure.writes() && session.isReadOnly()) {
      throw new SqlException(
          SqlState.IMMUTABLE,
          "this connection is read-only: CALL " + procedure.name() + " is refused",
          null);
    }
    cancellation.check();
    return procedure.run(
        new Procedure.Invocation(
            session.store(), arguments(parameters), cancellation, session.progress()));
  }

  private List<@Nullable Object> arguments(List<? extends @Nullable Object> parameters) {
    List<Procedure.Argument> wanted = plan.procedure().arguments();
    @Nullable Object[] given = given(parameters);
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Object value = i < given.length ? given[i] : null;
      if (value == null && wanted.get(i).required()) {
        throw new SqlException(
            SqlState.NULL_ARGUMENT,
            "argument " + wanted.get(i).name() + " of " + plan.procedure().name() + " is NULL",
            null);
      }
      values.add(value);
    }
    return values;
  }

  private @Nullable Object[] given(List<? extends @Nullable Object> parameters) {
    QueryPlan query = plan.arguments();
    if (query == null) {
      return new Object[0];
    }
    @Nullable Object[] bound = binder.bind(query.parameters(), null, parameters);
    @Nullable Object[] given = new Object[query.types().size()];
    try (OpenRows rows = session.open(query, bound, 1, cancellation)) {
      rows.next();
      for (int i = 0; i < given.length; i++) {
        given[i] = rows.value(i);
      }
    }
    return given;
  }
}
