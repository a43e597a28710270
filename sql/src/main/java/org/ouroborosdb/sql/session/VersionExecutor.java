package org.ouroborosdb.sql.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.UpdateResult;
import org.ouroborosdb.sql.plan.VersionPlan;
import org.ouroborosdb.sql.run.MemoryBudget;
import org.ouroborosdb.sql.run.RunContext;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.kv.KeySpace;
import org.ouroborosdb.store.versions.VersionState;

/**
 * Runs an UPDATE or DELETE of files or keys: finds all rows first, then appends a version for each,
 * which replaces heads only.
 */
final class VersionExecutor {
  /** In the place of ids: all heads, keeping what the winner says. */
  private static final String WINNER = "winner";

  private final EngineSession session;
  private final VersionPlan plan;
  private final ParameterBinder binder;
  private final Cancellation cancellation;

  VersionExecutor(
      EngineSession session, VersionPlan plan, ParameterBinder binder, Cancellation cancellation) {
    this.session = session;
    this.plan = plan;
    this.binder = binder;
    this.cancellation = cancellation;
  }

  UpdateResult run(Transaction transaction, List<? extends @Nullable Object> values) {
    List<EventId> ids = new ArrayList<>();
    for (@Nullable Object[] row : rows(transaction, values)) {
      cancellation.check();
      ids.add(append(transaction, row, values));
    }
    return new UpdateResult(ids.size(), plan.removing() ? List.of() : ids);
  }

  private List<@Nullable Object[]> rows(
      Transaction transaction, List<? extends @Nullable Object> values) {
    List<@Nullable Object> given = new ArrayList<>();
    plan.rowParameters().forEach(index -> given.add(values.get(index)));
    MemoryBudget budget =
        new MemoryBudget(session.engine().options().queryMemoryBytes(), cancellation);
    RunContext context =
        session.context(
            transaction.view(), binder.bind(plan.rows().parameters(), null, given), cancellation);
    List<@Nullable Object[]> all = new ArrayList<>();
    try (OpenRows rows = new OpenRows(plan.rows(), context, 0, () -> {})) {
      while (rows.next()) {
        @Nullable Object[] row = new Object[plan.rows().columns().size()];
        for (int i = 0; i < row.length; i++) {
          row[i] = rows.value(i);
        }
        budget.keep(row);
        all.add(row);
      }
    }
    return all;
  }

  private EventId append(
      Transaction transaction, @Nullable Object[] row, List<? extends @Nullable Object> values) {
    Snapshot view = transaction.view();
    EventRow current =
        Objects.requireNonNull(view.find(EventId.parse(String.valueOf(row[1]))), "a row's version");
    List<EventRow> heads = view.heads(current.baseSeq()).stream().toList();
    if (plan.removing()) {
      return transaction.replace(VersionState.REMOVED.replacing(heads));
    }
    VersionState state = VersionState.of(view, current);
    List<EventRow> replaced = List.of(current);
    for (VersionPlan.Setting setting : plan.settings()) {
      Object value = setting.column() < 0 ? values.get(setting.parameter()) : row[setting.column()];
      if (setting.part() == VersionPlan.Part.REPLACES) {
        replaced = named(heads, value);
      } else {
        state = with(state, setting.part(), value);
      }
    }
    return plan.keys()
        ? KeySpace.put(transaction, String.valueOf(row[0]), state.content(), state.metadata())
        : transaction.replace(state.replacing(replaced));
  }

  private VersionState with(VersionState state, VersionPlan.Part part, @Nullable Object value) {
    return switch (part) {
      case CONTENT -> state.withContent(content(value));
      case METADATA -> state.withMetadata(text(value));
      case MEDIA_TYPE -> state.withMediaType(text(value));
      case NAME -> {
        if (value == null) {
          throw missing("name");
        }
        yield state.withTitle(text(value));
      }
      case REPLACES -> throw new AssertionError(part);
    };
  }

  private @Nullable StoredContent content(@Nullable Object value) {
    if (value == null) {
      if (!plan.keys()) {
        throw missing("content");
      }
      return null;
    }
    if (value instanceof StoredContent stored) {
      return stored;
    }
    if (value instanceof Content open) {
      return session.store().put(open);
    }
    if (value instanceof byte[] bytes) {
      return session.store().put(bytes);
    }
    throw mismatch("content", "give bytes: a BLOB parameter or X'..'");
  }

  private static @Nullable String text(@Nullable Object value) {
    if (value instanceof byte[] || value instanceof Content || value instanceof StoredContent) {
      throw mismatch("a text", "give a text");
    }
    return value == null ? null : value.toString();
  }

  /** Returns the heads that are named, all of which must still be heads; the winner first. */
  private static List<EventRow> named(List<EventRow> heads, @Nullable Object value) {
    if (value instanceof String text && text.equalsIgnoreCase(WINNER)) {
      return heads;
    }
    List<?> items = value instanceof Object[] array ? Arrays.asList(array) : null;
    if (value instanceof List<?> list) {
      items = list;
    }
    if (items == null || items.isEmpty()) {
      throw mismatch("replaces", "give an ARRAY of the heads' ids, or 'winner'");
    }
    Set<String> ids = new HashSet<>();
    items.forEach(item -> ids.add(String.valueOf(item)));
    List<EventRow> found = heads.stream().filter(h -> ids.remove(h.id().toString())).toList();
    if (!ids.isEmpty()) {
      throw new SqlException(
          SqlState.CONFLICT,
          "a version named in replaces is no head of its file; read conflicts again and repeat",
          null);
    }
    return found;
  }

  private static SqlException missing(String column) {
    return new SqlException(
        SqlState.MISSING_VALUE, "column '" + column + "' of table 'files' needs a value", null);
  }

  private static SqlException mismatch(String column, String advice) {
    return new SqlException(
        SqlState.BAD_CAST, "the value does not fit column '" + column + "'; " + advice, null);
  }
}
