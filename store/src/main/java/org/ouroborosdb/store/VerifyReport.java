package org.ouroborosdb.store;

import java.util.List;

/**
 * What a walk over the whole store found.
 *
 * @param segments the segments read
 * @param events the events read; in a full verification their ids were computed anew
 * @param chunks the chunks read; in a full verification their SHA-512 was computed anew
 * @param bytes the bytes read
 * @param damages each damage in one sentence that names segment, offset, and event or chunk; the
 *     first 1,000
 * @param damageCount the number of damages in all
 */
public record VerifyReport(
    int segments, long events, long chunks, long bytes, List<String> damages, long damageCount) {
  /** Copies the list. */
  public VerifyReport {
    damages = List.copyOf(damages);
  }

  /** Returns whether nothing is damaged. */
  public boolean isSound() {
    return damageCount == 0;
  }
}
