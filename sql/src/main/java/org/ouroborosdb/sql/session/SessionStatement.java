package org.ouroborosdb.sql.session;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.ParameterInfo;
import org.ouroborosdb.sql.PreparedPlan;
import org.ouroborosdb.sql.ResultRows;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.UpdateResult;
import org.ouroborosdb.sql.message.Failures;
import org.ouroborosdb.sql.plan.CallPlan;
import org.ouroborosdb.sql.plan.DeletePlan;
import org.ouroborosdb.sql.plan.InsertPlan;
import org.ouroborosdb.sql.plan.QueryPlan;
import org.ouroborosdb.sql.plan.StatementPlan;
import org.ouroborosdb.sql.plan.TransactionEnd;
import org.ouroborosdb.sql.plan.VersionPlan;
import org.ouroborosdb.sql.prepare.Preparer;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Transaction;

/** A plan within its session: chooses the snapshot or transaction it runs in. */
final class SessionStatement implements PreparedPlan {
  private final EngineSession session;
  private final String sql;
  private final List<ParameterInfo> parameters;
  private final ParameterBinder binder;
  private Preparer.Prepared prepared;
  private boolean used;

  SessionStatement(EngineSession session, String sql, Preparer.Prepared prepared) {
    this.session = session;
    this.sql = sql;
    this.prepared = prepared;
    this.parameters = prepared.parameters();
    this.binder = new ParameterBinder(session.engine());
  }

  @Override
  public Kind kind() {
    return prepared.plan().kind();
  }

  @Override
  public String sql() {
    return sql;
  }

  @Override
  public List<ColumnInfo> columns() {
    if (prepared.plan() instanceof CallPlan call) {
      return call.columns();
    }
    return prepared.plan() instanceof QueryPlan query ? query.columns() : List.of();
  }

  @Override
  public List<ParameterInfo> parameters() {
    return parameters;
  }

  @Override
  public @Nullable String keyColumn() {
    if (prepared.plan() instanceof VersionPlan versions) {
      return versions.removing() ? null : "version";
    }
    return prepared.plan() instanceof InsertPlan insert ? insert.target().key() : null;
  }

  @Override
  public ResultRows query(
      List<? extends @Nullable Object> values, long maxRows, Cancellation cancellation) {
    session.requireOpen();
    if (kind() != Kind.QUERY) {
      throw new SqlException(
          SqlState.INVALID_STATEMENT, "the statement gives no rows; run it as an update", null);
    }
    try {
      ParameterBinder.requireCount(parameters.size(), values);
      cancellation.check();
      StatementPlan chosen = planToRun(cancellation);
      if (chosen instanceof CallPlan call) {
        return new CallExecutor(session, call, binder, cancellation).query(values, maxRows);
      }
      QueryPlan plan = (QueryPlan) chosen;
      return session.open(
          plan, binder.bind(plan.parameters(), prepared.slots(), values), maxRows, cancellation);
    } catch (Throwable failure) {
      throw Failures.ofRunning(failure);
    }
  }

  /** A plan that is not shareable runs once; each further run gets its own. */
  private StatementPlan planToRun(Cancellation cancellation) {
    if (used && !prepared.plan().shareable()) {
      prepared = session.engine().preparer().prepare(sql, cancellation);
    }
    used = true;
    return prepared.plan();
  }

  @Override
  public UpdateResult update(List<? extends @Nullable Object> values, Cancellation cancellation) {
    if (prepared.plan() instanceof TransactionEnd end) {
      if (end == TransactionEnd.COMMIT) {
        session.commit();
      } else {
        session.rollback();
      }
      return new UpdateResult(0, List.of());
    }
    return updateBatch(List.of(values), cancellation).get(0);
  }

  @Override
  public List<UpdateResult> updateBatch(
      List<? extends List<? extends @Nullable Object>> batch, Cancellation cancellation) {
    if (kind() == Kind.CALL) {
      return calls(batch, cancellation);
    }
    if (kind() != Kind.INSERT && kind() != Kind.DELETE) {
      throw new SqlException(
          SqlState.INVALID_STATEMENT, "the statement is a query; run it as one", null);
    }
    session.requireWritable();
    try {
      return session.isAutoCommit()
          ? alone(batch, cancellation)
          : within(session.transaction(), batch, cancellation);
    } catch (Throwable failure) {
      throw Failures.ofRunning(failure);
    }
  }

  /** Procedures work outside of transactions: what was called before one that fails stays done. */
  private List<UpdateResult> calls(
      List<? extends List<? extends @Nullable Object>> batch, Cancellation cancellation) {
    session.requireOpen();
    List<UpdateResult> results = new ArrayList<>(batch.size());
    for (List<? extends @Nullable Object> values : batch) {
      try {
        ParameterBinder.requireCount(parameters.size(), values);
        CallPlan call = (CallPlan) planToRun(cancellation);
        results.add(new CallExecutor(session, call, binder, cancellation).update(values));
      } catch (Throwable failure) {
        throw numbered(failure, batch.size(), results.size() + 1);
      }
    }
    return results;
  }

  private List<UpdateResult> alone(
      List<? extends List<? extends @Nullable Object>> batch, Cancellation cancellation) {
    try (Transaction transaction = session.store().begin()) {
      List<UpdateResult> results = runAll(transaction, batch, cancellation);
      transaction.commit();
      return results;
    }
  }

  private List<UpdateResult> within(
      Transaction transaction,
      List<? extends List<? extends @Nullable Object>> batch,
      Cancellation cancellation) {
    int mark = transaction.mark();
    try {
      return runAll(transaction, batch, cancellation);
    } catch (Throwable failure) {
      transaction.rollbackTo(mark);
      throw failure;
    }
  }

  private List<UpdateResult> runAll(
      Transaction transaction,
      List<? extends List<? extends @Nullable Object>> batch,
      Cancellation cancellation) {
    List<UpdateResult> results = new ArrayList<>(batch.size());
    for (List<? extends @Nullable Object> values : batch) {
      try {
        cancellation.check();
        ParameterBinder.requireCount(parameters.size(), values);
        results.add(run(transaction, values, cancellation));
      } catch (Throwable failure) {
        throw numbered(failure, batch.size(), results.size() + 1);
      }
    }
    return results;
  }

  private static SqlException numbered(Throwable failure, int size, int number) {
    SqlException mapped = Failures.ofRunning(failure);
    if (size == 1) {
      return mapped;
    }
    return new SqlException(
        mapped.sqlState(), "statement " + number + " of the batch: " + mapped.getMessage(), mapped);
  }

  private UpdateResult run(
      Transaction transaction, List<? extends @Nullable Object> values, Cancellation cancellation) {
    StatementPlan plan = planToRun(cancellation);
    if (plan instanceof InsertPlan insert) {
      return new InsertExecutor(session, insert, binder, cancellation).run(transaction, values);
    }
    if (plan instanceof VersionPlan versions) {
      return new VersionExecutor(session, versions, binder, cancellation).run(transaction, values);
    }
    return new DeleteExecutor(session, (DeletePlan) plan, binder, cancellation)
        .run(transaction, values);
  }
}
