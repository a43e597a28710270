package org.ouroborosdb.store.segment;

import org.jspecify.annotations.Nullable;

/**
 * Where a record starts in the log. Immutable; ordered as the log is.
 *
 * <p>A segment's number is its place in the log and, in the bits above, how often it was rewritten.
 *
 * @param segment the number of the segment, from 1
 * @param offset the offset in the segment in bytes, below 4 GiB
 */
public record Position(int segment, long offset) implements Comparable<Position> {
  private static final long MAX_OFFSET = 0xffff_ffffL;
  private static final int PLACE_BITS = 22;

  /** The most times that a segment can be rewritten. */
  public static final int MAX_GENERATION = 511;

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

  /** Returns the position as one number. */
  public long toLong() {
    return (long) segment << Integer.SIZE | offset;
  }

  /** Returns the place in the log of a segment's number, from 1. */
  public static int placeOf(int number) {
    return number & ((1 << PLACE_BITS) - 1);
  }

  /** Returns how often the segment of a number was rewritten. */
  static int generationOf(int number) {
    return number >>> PLACE_BITS;
  }

  static int numberOf(int place, int generation) {
    return generation << PLACE_BITS | place;
  }

  /** Returns the place of the segment in the log, from 1. */
  public int place() {
    return placeOf(segment);
  }

  /** Returns the position as one number, in the order of the log; the same if never rewritten. */
  long order() {
    return (long) place() << Integer.SIZE | offset;
  }

  // By hand, since the compiler's are linked at run time, which a start pays for.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Position that && segment == that.segment && offset == that.offset;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(toLong());
  }

  @Override
  public int compareTo(Position other) {
    int byOrder = Long.compare(order(), other.order());
    return byOrder == 0 ? Integer.compare(segment, other.segment) : byOrder;
  }

  @Override
  public String toString() {
    return place() + ":" + offset;
  }
}
