package org.ouroborosdb.calcite.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventRow;

/**
 * The events of a path in order of their levels, which its index has not. Where the path has few,
 * they are read and sorted; where it has many, the first of them are soon met among all events in
 * that order. Which it is shows as both are read in turns, each time twice as many rows: that costs
 * no more than a few times what the better way does. For one thread.
 */
public final class ByLevel implements Iterator<EventRow> {
  /** Rows that are read and sorted in about the time of one small query. */
  private static final int FIRST_ROWS = 512;

  /** Keys that wait to be sorted: beyond, all events are gone through. */
  private static final int MOST_KEYS = 1 << 18;

  private static final int KEY_BYTES = 40;

  private final ScanContext context;
  private final Iterator<EventRow> path;
  private final Iterator<EventRow> levels;
  private final Predicate<EventRow> matches;
  private final Comparator<Key> order;
  private final List<Key> keys = new ArrayList<>(); // of the path's rows that were read
  private @Nullable Key last; // the last row of all events that was read
  private @Nullable Iterator<Key> sorted; // what is left, once the path is read to its end
  private long turn = FIRST_ROWS;
  private long rowsOfLevels;
  private boolean full; // whether no more keys may be kept
  private @Nullable EventRow next;

  /** A place in the order of levels. */
  private record Key(long level, long seq) {
    static final Comparator<Key> ORDER =
        Comparator.comparingLong(Key::level).thenComparingLong(Key::seq);

    static Key of(EventRow row) {
      return new Key(row.level(), row.seq());
    }
  }

  private ByLevel(
      ScanContext context,
      Iterator<EventRow> path,
      Predicate<EventRow> matches,
      boolean descending) {
    this.context = context;
    this.path = path;
    this.matches = matches;
    this.order = descending ? Key.ORDER.reversed() : Key.ORDER;
    this.levels = context.snapshot().byLevel(Long.MIN_VALUE, Long.MAX_VALUE, descending).iterator();
  }

  /** Returns whether it can tell a path's events when it meets them. */
  public static boolean canOrder(AccessPath path) {
    return switch (path.kind()) {
      case WITH_TAGS -> true;
      case BY_ROOT, BY_PARENT -> path.operands().size() == 1;
      default -> false;
    };
  }

  /** Returns the events of a path that {@link #canOrder} allows. */
  static Iterator<EventRow> of(
      ScanContext context, AccessPath.Kind kind, @Nullable Object[] operands, boolean descending) {
    Predicate<EventRow> matches = matcher(context, kind, operands);
    return matches == null
        ? Collections.emptyIterator()
        : new ByLevel(
            context,
            DrivingRows.of(context, kind, operands, AccessPath.Order.AS_FOUND),
            matches,
            descending);
  }

  /** Returns what tells a path's events; null if there are none. */
  private static @Nullable Predicate<EventRow> matcher(
      ScanContext context, AccessPath.Kind kind, @Nullable Object[] operands) {
    if (kind == AccessPath.Kind.WITH_TAGS) {
      List<Object> tags = Arrays.stream(operands).filter(Objects::nonNull).toList();
      return tags.isEmpty() ? null : row -> row.tags().containsAll(tags);
    }
    long seq = context.seqOf(operands[0]);
    if (seq == 0) {
      return null;
    }
    return kind == AccessPath.Kind.BY_ROOT
        ? row -> row.rootSeq() == seq
        : row -> row.parentSeq() == seq;
  }

  @Override
  public boolean hasNext() {
    while (next == null) {
      Iterator<Key> left = sorted;
      if (left != null) {
        if (!left.hasNext()) {
          return false;
        }
        next = context.snapshot().find(left.next().seq());
      } else if (rowsOfLevels > 0 || full) {
        if (!levels.hasNext()) {
          return false;
        }
        readLevels();
      } else {
        readPath();
      }
    }
    return true;
  }

  private void readLevels() {
    context.poll();
    rowsOfLevels--;
    EventRow row = levels.next();
    last = Key.of(row);
    next = matches.test(row) ? row : null;
  }

  private void readPath() {
    full = keys.size() >= MOST_KEYS || !context.tryKeep(turn * KEY_BYTES);
    if (full) {
      return;
    }
    for (long n = 0; n < turn && path.hasNext(); n++) {
      context.poll();
      keys.add(Key.of(path.next()));
    }
    if (path.hasNext()) {
      rowsOfLevels = turn;
      turn *= 2;
      return;
    }
    Key behind = last;
    if (behind != null) {
      keys.removeIf(key -> order.compare(key, behind) <= 0);
    }
    keys.sort(order);
    sorted = keys.iterator();
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
