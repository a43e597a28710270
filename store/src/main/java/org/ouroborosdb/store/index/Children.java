package org.ouroborosdb.store.index;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;

/** Gives the first children of a parent, then those that a scan still has to find. */
final class Children implements Iterator<EventRow> {
  private final TreeSnapshot snapshot;
  private final IndexRow[] first;
  private final Iterator<EventRow> rest;
  private final boolean onlyNormal;
  private int at;
  private @Nullable EventRow next;

  Children(TreeSnapshot snapshot, IndexRow[] first, Iterator<EventRow> rest, boolean onlyNormal) {
    this.snapshot = snapshot;
    this.first = first;
    this.rest = rest;
    this.onlyNormal = onlyNormal;
  }

  @Override
  public boolean hasNext() {
    snapshot.requireOpen();
    while (next == null) {
      EventRow row = at < first.length ? first[at++] : rest.hasNext() ? rest.next() : null;
      if (row == null) {
        return false;
      }
      next = !onlyNormal || row.type() == EventType.NORMAL ? row : null;
    }
    return true;
  }

  @Override
  public EventRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    EventRow row = Objects.requireNonNull(next);
    next = null;
    return row;
  }
}
