package org.ouroborosdb.store;

import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Rows in a stated order, read as they are asked for. Each {@link #iterator} starts anew.
 *
 * <p>Valid while the {@link Snapshot} they come from is open; an iterator is for one thread.
 */
@FunctionalInterface
public interface Rows extends Iterable<EventRow> {
  /** Returns a new iterator from the first row. */
  @Override
  Iterator<EventRow> iterator();

  /** Returns the rows as a sequential stream. */
  default Stream<EventRow> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  /** Returns the first row, if there is one. */
  default Optional<EventRow> first() {
    Iterator<EventRow> rows = iterator();
    return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
  }

  /** Counts the rows. */
  default long count() {
    long count = 0;
    for (Iterator<EventRow> rows = iterator(); rows.hasNext(); rows.next()) {
      count++;
    }
    return count;
  }
}
