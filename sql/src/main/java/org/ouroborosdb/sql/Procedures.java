package org.ouroborosdb.sql;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The procedures that CALL finds, by name. */
final class Procedures {
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
  static Procedure named(String name) {
    Procedure found = BY_NAME.get(name.toLowerCase(Locale.ROOT));
    if (found != null) {
      return found;
    }
    String shown = name.length() > 40 ? name.substring(0, 40) + "..." : name;
    String nearest = nearest(shown.toLowerCase(Locale.ROOT));
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

  private static String nearest(String name) {
    String best = "";
    int least = 1 + name.length() / 2;
    for (String each : BY_NAME.keySet()) {
      int distance = distance(name, each);
      if (distance < least) {
        least = distance;
        best = each;
      }
    }
    return best;
  }

  /** Returns how many letters are to be put in, taken out or changed (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
