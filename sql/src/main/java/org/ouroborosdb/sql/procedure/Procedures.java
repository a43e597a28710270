package org.ouroborosdb.sql.procedure;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.message.Nearest;

/** The procedures that CALL finds, by name. */
public final class Procedures {
  private static final Map<String, Procedure> BY_NAME = new TreeMap<>();

  static {
    List.of(
            new CheckpointProcedure(),
            new CompactProcedure(),
            new ExpireProcedure(),
            new JoinHeadsProcedure(),
            new RebuildIndexProcedure(),
            new ReclaimProcedure(),
            new SyncProcedure(),
            new VerifyProcedure())
        .forEach(procedure -> BY_NAME.put(procedure.name(), procedure));
  }

  private Procedures() {}

  /** Returns all of them, in order of name. */
  static List<Procedure> all() {
    return List.copyOf(BY_NAME.values());
  }

  /**
   * Returns a procedure.
   *
   * @throws SqlException 42883 if there is none of the name; the message tells the nearest one
   */
  public static Procedure named(String name) {
    Procedure found = BY_NAME.get(name.toLowerCase(Locale.ROOT));
    if (found != null) {
      return found;
    }
    String shown = name.length() > 40 ? name.substring(0, 40) + "..." : name;
    String nearest = Nearest.to(shown.toLowerCase(Locale.ROOT), BY_NAME.keySet());
    throw new SqlException(
        SqlState.NO_FUNCTION,
        "procedure '"
            + shown
            + "' not found; "
            + (nearest.isEmpty() ? "" : "did you mean " + nearest + "? ")
            + "there are "
            + String.join(", ", BY_NAME.keySet()),
        null);
  }
}
