package org.ouroborosdb.store.segment;

/**
 * Where a record starts in the log. Immutable; ordered as the log is.
 *
 * @param segment the number of the segment, from 1
 * @param offset the offset in the segment in bytes, below 4 GiB
 */
public record Position(int segment, long offset) implements Comparable<Position> {
  private static final long MAX_OFFSET = 0xffff_ffffL;

  /** Checks the ranges. */
  public Position {
    if (segment < 0 || offset < 0 || offset > MAX_OFFSET) {
      throw new IllegalArgumentException("position " + segment + ":" + offset + " is out of range");
    }
  }

  /** Returns the position that {@link #toLong} gave. */
  public static Position ofLong(long value) {
    return new Position((int) (value >>> Integer.SIZE), value & MAX_OFFSET);
  }

  /** Returns the position as one number, in the order of positions. */
  public long toLong() {
    return (long) segment << Integer.SIZE | offset;
  }

  @Override
  public int compareTo(Position other) {
    return Long.compare(toLong(), other.toLong());
  }

  @Override
  public String toString() {
    return segment + ":" + offset;
  }
}
