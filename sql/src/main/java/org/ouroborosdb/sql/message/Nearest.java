package org.ouroborosdb.sql.message;

import java.util.Collection;

/** Finds the known name that a mistyped one is nearest to. */
public final class Nearest {
  private Nearest() {}

  /** Returns the nearest by letters to change, of less than half of them; empty if none is. */
  public static String to(String name, Collection<String> known) {
    String best = "";
    int least = 1 + name.length() / 2;
    for (String each : known) {
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
