package org.ouroborosdb.store;

/**
 * How much of a segment file somebody can still read.
 *
 * @param segment the segment
 * @param liveBytes the bytes of events that were not removed, and of chunks that an event refers
 *     to: estimated from the index to some per cent, without commits, at most all of it
 */
public record SegmentUse(SegmentInfo segment, long liveBytes) {
  /** Returns the live bytes by all bytes of the file, 0 to 1. */
  public double liveRatio() {
    return liveBytes / (double) Math.max(1, segment.bytes());
  }
}
