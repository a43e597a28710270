package org.ouroborosdb.sql.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.KeptBytes;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.store.Cancellation;

/**
 * The bytes that one running statement has buffered, and its cancel handle. Public only because
 * generated code refers to it. One thread at a time.
 */
public final class MemoryBudget implements KeptBytes {
  static final String VARIABLE = KeptBytes.VARIABLE;

  private static final int POLL_EVERY_ROWS = 64;
  private static final int VALUE_BYTES = 16;
  private static final int TEXT_BYTES = 48;

  /** An entry of a map, a key and the sums of it, and what tells here that the group is known. */
  private static final int GROUP_BYTES = 160;

  private final long maxBytes;
  private final Cancellation cancellation;
  private long bytes;

  public MemoryBudget(long maxBytes, Cancellation cancellation) {
    this.maxBytes = maxBytes;
    this.cancellation = cancellation;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** Returns the same rows, asking the cancel handle now and then. */
  public static Enumerable<?> poll(Enumerable<?> rows, DataContext context) {
    return watched(rows, context, Kept.NOTHING, new int[0]);
  }

  /** Returns the same rows, counted against the bound because the caller keeps them. */
  public static Enumerable<?> keep(Enumerable<?> rows, DataContext context) {
    return watched(rows, context, Kept.ROWS, new int[0]);
  }

  /**
   * Returns the same rows, of which the caller keeps no more than some at a time: the first of an
   * order.
   *
   * @param offset how many of them it leaves out
   * @param fetch how many it gives
   */
  public static Enumerable<?> keepFirst(
      Enumerable<?> rows, DataContext context, Object offset, Object fetch) {
    return context.get(VARIABLE) instanceof MemoryBudget budget
        ? budget.new Watched<>(rows, Kept.ROWS, new int[0], sum(offset, fetch))
        : rows;
  }

  /** Returns how many rows an OFFSET and a FETCH read, which may be as great as they like. */
  static long sum(Object offset, Object fetch) {
    return number(offset) + number(fetch);
  }

  private static long number(Object value) {
    return Math.min(((Number) value).longValue(), Long.MAX_VALUE / 2);
  }

  /**
   * Returns the same rows; each new combination of some fields counts, all fields if none given.
   */
  public static Enumerable<?> group(Enumerable<?> rows, DataContext context, int[] fields) {
    return watched(rows, context, Kept.GROUPS, fields);
  }

  private static <T> Enumerable<T> watched(
      Enumerable<T> rows, DataContext context, Kept kept, int[] fields) {
    return context.get(VARIABLE) instanceof MemoryBudget budget
        ? budget.new Watched<>(rows, kept, fields, Long.MAX_VALUE)
        : rows;
  }

  /** What an operator keeps of its input. */
  private enum Kept {
    NOTHING,
    ROWS,
    GROUPS
  }

  /** Counts a value that is kept, and returns its bytes. */
  public long keep(@Nullable Object row) {
    long size = sizeOf(row);
    charge(size);
    return size;
  }

  @Override
  public boolean tryKeep(long more) {
    boolean within = more <= maxBytes - bytes;
    bytes += within ? more : 0;
    return within;
  }

  /** Counts bytes no longer that were kept. */
  @Override
  public void release(long kept) {
    bytes -= kept;
  }

  private void charge(long more) {
    bytes += more;
    if (bytes > maxBytes) {
      throw new SqlException(
          SqlState.LIMIT,
          "the query would buffer more than "
              + maxBytes
              + " bytes; select fewer rows or columns, or raise queryMemory",
          null);
    }
  }

  private static long sizeOf(@Nullable Object value) {
    if (value instanceof Object[] row) {
      long size = VALUE_BYTES;
      for (Object item : row) {
        size += sizeOf(item);
      }
      return size;
    }
    if (value instanceof String text) {
      return (long) TEXT_BYTES + text.length();
    }
    if (value instanceof ByteString data) {
      return (long) TEXT_BYTES + data.length();
    }
    if (value instanceof Collection<?> items) {
      long size = TEXT_BYTES;
      for (Object item : items) {
        size += sizeOf(item);
      }
      return size;
    }
    return VALUE_BYTES;
  }

  /**
   * One operator's input. What it keeps is taken to be released when its reader closes it: so each
   * operator has the whole bound, and the inner side of a nested loop counts once at a time.
   */
  private final class Watched<T> extends AbstractEnumerable<T> {
    private final Enumerable<T> rows;
    private final Kept kept;
    private final int[] fields;
    private final long mostRows;
    private final Set<Integer> groups = new HashSet<>();
    private long passed; // the bytes counted, of which there may be fewer than were seen
    private long seen;
    private long largest;
    private int count;

    /**
     * @param mostRows how many rows are kept at a time; their bytes are taken to be at most as many
     *     of the largest
     */
    Watched(Enumerable<T> rows, Kept kept, int[] fields, long mostRows) {
      this.rows = rows;
      this.kept = kept;
      this.fields = fields;
      this.mostRows = mostRows;
    }

    @Override
    public Enumerator<T> enumerator() {
      Enumerator<T> source = rows.enumerator();
      return new Enumerator<>() {
        @Override
        public T current() {
          return source.current();
        }

        @Override
        public boolean moveNext() {
          return source.moveNext() && passes(source.current());
        }

        @Override
        public void reset() {
          source.reset();
          forget();
        }

        @Override
        public void close() {
          source.close();
          forget();
        }
      };
    }

    private boolean passes(T row) {
      if (count++ % POLL_EVERY_ROWS == 0) {
        cancellation.check();
      }
      if (kept == Kept.ROWS || (kept == Kept.GROUPS && groups.add(hash(row)))) {
        long size = sizeOf(row) + (kept == Kept.GROUPS ? GROUP_BYTES : 0);
        seen += size;
        largest = Math.max(largest, size);
        long most = mostRows > seen / largest ? seen : mostRows * largest;
        long more = most - passed;
        passed = most;
        charge(more);
      }
      return true;
    }

    /** Equal groups have equal hashes; the few different ones that do are not counted. */
    private int hash(T row) {
      if (!(row instanceof Object[] values) || fields.length == 0) {
        return row instanceof Object[] values ? Arrays.deepHashCode(values) : Objects.hashCode(row);
      }
      int hash = 1;
      for (int field : fields) {
        hash = 31 * hash + Objects.hashCode(values[field]);
      }
      return hash;
    }

    private void forget() {
      bytes -= passed;
      passed = 0;
      seen = 0;
      largest = 0;
      groups.clear();
    }
  }
}
