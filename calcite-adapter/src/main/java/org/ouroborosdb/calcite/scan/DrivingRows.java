package org.ouroborosdb.calcite.scan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/** Finds the events that an access path names. */
public final class DrivingRows {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** The last millisecond that a level lies in, in the year 2262. */
  private static final long LAST_MILLI = Long.MAX_VALUE / NANOS_PER_MILLI;

  private DrivingRows() {}

  /** Returns the events of a path, each once, in an order. */
  public static Iterator<EventRow> of(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    boolean byLevel =
        order == AccessPath.Order.BY_LEVEL || order == AccessPath.Order.BY_LEVEL_BACKWARDS;
    return byLevel
        ? ByLevel.of(context, kind, operands, order.isBackwards())
        : of(context, kind, operands, order.isBackwards());
  }

  private static Iterator<EventRow> of(
      ScanContext context, AccessPath.Kind kind, @Nullable Object[] operands, boolean descending) {
    Snapshot snapshot = context.snapshot();
    return switch (kind) {
      case FULL_SCAN -> snapshot.bySeq(1, Long.MAX_VALUE, descending).iterator();
      case BY_ID -> each(operands, id -> one(context.find(id)));
      case BY_PARENT -> each(operands, id -> below(context, id, snapshot::withParent));
      case BY_ROOT -> each(operands, id -> below(context, id, snapshot::tree));
      case ROOTS -> snapshot.roots().iterator();
      case BY_TITLE -> each(operands, title -> snapshot.titled((String) title).iterator());
      case TITLE_PREFIX -> {
        String start = TitleStart.of(operands);
        yield start == null ? none() : snapshot.titledFrom(start).iterator();
      }
      case BY_PARENT_AND_TITLE ->
          operands[1] == null
              ? none()
              : below(context, operands[0], seq -> snapshot.titled(seq, (String) operands[1]));
      case BY_TAG ->
          distinct(
              operands.length,
              each(operands, tag -> snapshot.tagged(List.of((String) tag)).iterator()));
      case WITH_TAGS -> withTags(snapshot, operands);
      case SEQ_RANGE -> {
        Range range = Range.of(operands, bound -> bound, bound -> bound);
        yield snapshot.bySeq(Math.max(1, range.least()), range.greatest(), descending).iterator();
      }
      case LEVEL_RANGE -> {
        Range range = Range.of(operands, bound -> bound, bound -> bound);
        yield snapshot.byLevel(range.least(), range.greatest(), descending).iterator();
      }
      case TIME_RANGE -> {
        Range range = Range.of(operands, DrivingRows::firstLevel, DrivingRows::lastLevel);
        yield snapshot.byLevel(range.least(), range.greatest(), descending).iterator();
      }
      case SUBTREE -> below(context, operands[0], seq -> snapshot.subtree(seq, depth(operands[1])));
      case ANCESTORS -> below(context, operands[0], snapshot::ancestors);
      case BY_VERSION, BY_PATH, BY_ROOT_AND_PATH, PATH_PREFIX, BY_HASH ->
          throw new IllegalArgumentException(kind + " finds no events");
    };
  }

  private static Iterator<EventRow> withTags(Snapshot snapshot, @Nullable Object[] operands) {
    Set<String> tags = new LinkedHashSet<>();
    for (Object operand : operands) {
      if (operand != null) {
        tags.add((String) operand);
      }
    }
    return tags.isEmpty() ? none() : snapshot.tagged(tags).iterator();
  }

  /** Returns the most edges that {@code subtree} goes down; any number of them for NULL. */
  public static int depth(@Nullable Object maxDepth) {
    return maxDepth == null ? Integer.MAX_VALUE : Math.max(-1, ((Number) maxDepth).intValue());
  }

  /** What lies between the least and the greatest of some bounds, inclusive. */
  private record Range(long least, long greatest) {
    /** Reads pairs of bounds, of which NULL leaves its side open. */
    static Range of(@Nullable Object[] pairs, LongUnaryOperator first, LongUnaryOperator last) {
      long least = Long.MAX_VALUE;
      long greatest = Long.MIN_VALUE;
      for (int i = 0; i < pairs.length; i += 2) {
        Object from = pairs[i];
        Object to = pairs[i + 1];
        least =
            Math.min(
                least,
                from == null ? Long.MIN_VALUE : first.applyAsLong(((Number) from).longValue()));
        greatest =
            Math.max(
                greatest,
                to == null ? Long.MAX_VALUE : last.applyAsLong(((Number) to).longValue()));
      }
      return new Range(least, greatest);
    }
  }

  private static long firstLevel(long millis) {
    return saturated(millis);
  }

  static long lastLevel(long millis) {
    if (millis >= LAST_MILLI) {
      return Long.MAX_VALUE;
    }
    long next = saturated(millis + 1);
    return next == Long.MIN_VALUE ? next : next - 1;
  }

  private static long saturated(long millis) {
    long high = Math.multiplyHigh(millis, NANOS_PER_MILLI);
    long low = millis * NANOS_PER_MILLI;
    if ((high == 0 && low >= 0) || (high == -1 && low < 0)) {
      return low;
    }
    return millis < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private static Iterator<EventRow> one(@Nullable EventRow row) {
    return row == null ? none() : List.of(row).iterator();
  }

  private static Iterator<EventRow> none() {
    return Collections.emptyIterator();
  }

  private static Iterator<EventRow> below(
      ScanContext context, @Nullable Object id, Function<Long, Iterable<EventRow>> rows) {
    long seq = context.seqOf(id);
    return seq == 0 ? none() : rows.apply(seq).iterator();
  }

  /** Returns the rows of each distinct operand that is not null, one operand after the other. */
  private static Iterator<EventRow> each(
      @Nullable Object[] operands, Function<Object, Iterator<EventRow>> rows) {
    if (operands.length == 1) {
      return operands[0] == null ? none() : rows.apply(operands[0]);
    }
    Set<Object> values = new LinkedHashSet<>(Arrays.asList(operands));
    values.remove(null);
    return new Concatenated<>(values.iterator(), rows);
  }

  /** A row may be found by several operands. */
  private static Iterator<EventRow> distinct(int operands, Iterator<EventRow> rows) {
    if (operands == 1) {
      return rows;
    }
    Set<Long> seen = new HashSet<>();
    List<EventRow> once = new ArrayList<>();
    rows.forEachRemaining(
        row -> {
          if (seen.add(row.seq())) {
            once.add(row);
          }
        });
    return once.iterator();
  }
}
