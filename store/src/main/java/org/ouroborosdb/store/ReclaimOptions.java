package org.ouroborosdb.store;

/**
 * How to free space in the segments.
 *
 * @param leastDead the share of a segment, 0 to 1, that must be dead for it to be rewritten
 * @param bytesPerSecond the most bytes to read and write a second; 0 for no bound
 */
public record ReclaimOptions(double leastDead, long bytesPerSecond) {
  /** A quarter dead, as fast as it goes. */
  public static final ReclaimOptions DEFAULT = new ReclaimOptions(0.25, 0);

  /** Checks the numbers. */
  public ReclaimOptions {
    if (!(leastDead >= 0 && leastDead <= 1)) {
      throw new IllegalArgumentException("leastDead is " + leastDead + ", not 0 to 1");
    }
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("bytesPerSecond is " + bytesPerSecond + ", below 0");
    }
  }

  /** Returns these options with another share. */
  public ReclaimOptions withLeastDead(double value) {
    return new ReclaimOptions(value, bytesPerSecond);
  }

  /** Returns these options with another rate. */
  public ReclaimOptions withBytesPerSecond(long value) {
    return new ReclaimOptions(leastDead, value);
  }
}
