package org.ouroborosdb.store.backup;

import java.util.List;

/**
 * What a repair did.
 *
 * @param segments the segments that were written anew
 * @param records the records that were damaged or missing, and are there again
 * @param bytes the bytes of these
 * @param remaining each damage that the other store could not mend, in one sentence
 */
public record RepairReport(int segments, long records, long bytes, List<String> remaining) {
  /** Copies the list. */
  public RepairReport {
    remaining = List.copyOf(remaining);
  }

  /** Returns whether no damage is left. */
  public boolean isWhole() {
    return remaining.isEmpty();
  }
}
