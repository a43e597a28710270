package org.ouroborosdb.jdbc.report;

/** What was added in each of equal spans of time. For one thread. */
final class Growth {
  static final int SPANS = 240;

  final long from;
  final long to;
  final long[] events = new long[SPANS];
  final long[] logicalBytes = new long[SPANS];
  final long[] storedBytes = new long[SPANS];

  /** Prepares for levels, nanoseconds since the epoch, between two bounds, both inclusive. */
  Growth(long from, long to) {
    this.from = from;
    this.to = Math.max(from, to);
  }

  void add(long level, long logical, long stored) {
    int span = spanOf(level);
    events[span]++;
    logicalBytes[span] += logical;
    storedBytes[span] += stored;
  }

  private int spanOf(long level) {
    double share = ((double) level - from) / ((double) to - from + 1);
    return (int) Math.max(0, Math.min(SPANS - 1, share * SPANS));
  }

  /** Returns what there was at the end of each span. */
  static long[] sums(long[] added) {
    long[] sums = added.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    return sums;
  }
}
