package org.ouroborosdb.sql;

import java.util.List;
import org.ouroborosdb.store.EventId;

/**
 * What a statement that is no query did.
 *
 * @param count the events inserted, or removed with their descendants
 * @param keys the ids of the inserted events in insertion order; empty for others
 */
public record UpdateResult(long count, List<EventId> keys) {
  /** Copies the list. */
  public UpdateResult {
    keys = List.copyOf(keys);
  }
}
