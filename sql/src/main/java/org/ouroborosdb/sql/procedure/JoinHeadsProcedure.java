package org.ouroborosdb.sql.procedure;

import java.util.List;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Transaction;
import org.ouroborosdb.store.versions.Conflicts;
import org.ouroborosdb.store.versions.MergeFunction;
import org.ouroborosdb.store.versions.VersionState;

/**
 * {@code CALL join_heads(id [, head])}: appends a version that replaces all heads of an event and
 * says what one of them says, the winner if none is named. For every event, those too that the
 * winner removes, or that are no files, which UPDATE does not reach. Counts what it joined.
 */
final class JoinHeadsProcedure implements Procedure {
  @Override
  public String name() {
    return "join_heads";
  }

  @Override
  public String remarks() {
    return "Joins the heads of an event into a version that says what one of them says";
  }

  @Override
  public List<Argument> arguments() {
    return List.of(
        new Argument("id", SqlTypeName.VARCHAR, true),
        new Argument("head", SqlTypeName.VARCHAR, false));
  }

  @Override
  public Outcome run(Invocation invocation) {
    EventId id = id(String.valueOf(invocation.text(0)));
    String head = invocation.text(1);
    try (Transaction transaction = invocation.store().begin()) {
      boolean joined = Conflicts.join(transaction, id, sayingWhat(head)).isPresent();
      transaction.commit();
      return Outcome.count(joined ? 1 : 0);
    }
  }

  private static EventId id(String text) {
    try {
      return EventId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new SqlException(SqlState.BAD_CAST, "join_heads takes the id of an event", e);
    }
  }

  private static MergeFunction sayingWhat(@Nullable String head) {
    return (view, heads) -> {
      EventRow said =
          heads.stream()
              .filter(row -> head == null || row.id().toString().equals(head))
              .findFirst()
              .orElseThrow(
                  () ->
                      new SqlException(
                          SqlState.CONFLICT,
                          "the version named is no head of the event; read conflicts again and"
                              + " repeat",
                          null));
      return VersionState.of(view, said);
    };
  }
}
