package org.ouroborosdb.store.index;

/**
 * All ids that start with some bits. Immutable.
 *
 * @param first those bits, followed by zeros
 * @param bits how many they are, 0 to 60
 */
public record IdRange(long first, int bits) {
  /** All ids. */
  public static final IdRange ALL = new IdRange(0, 0);

  /** By how many bits a {@link #part} is narrower. */
  public static final int STEP = 4;

  /** The most bits. */
  public static final int MAX_BITS = 60;

  /** Checks the numbers. */
  public IdRange {
    if (bits < 0 || bits > MAX_BITS || (first & rest(bits)) != 0) {
      throw new IllegalArgumentException("no range of ids: " + first + " of " + bits + " bits");
    }
  }

  /** Returns part 0 to 15 of this range. */
  public IdRange part(int number) {
    return new IdRange(first | (long) number << (Long.SIZE - bits - STEP), bits + STEP);
  }

  private static long rest(int bits) {
    return bits == 0 ? -1L : -1L >>> bits;
  }

  long[] firstKey() {
    return new long[] {bits == 0 ? Long.MIN_VALUE : first, Long.MIN_VALUE};
  }

  long[] lastKey() {
    return new long[] {bits == 0 ? Long.MAX_VALUE : first | rest(bits), Long.MAX_VALUE};
  }

  /** Returns whether an id with these first bytes is in the range. */
  public boolean contains(long high) {
    return (high & ~rest(bits)) == first;
  }
}
