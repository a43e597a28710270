package org.ouroborosdb.jdbc.report;

import java.util.ArrayList;
import java.util.List;

/** A histogram whose classes double: 0, 1, 2 to 3, 4 to 7, and so on. For one thread. */
final class SizeClasses {
  private final long[] counts = new long[Long.SIZE + 1];
  private final long[] sums = new long[Long.SIZE + 1];

  /** A class: the least value in it, how many fell into it, and their sum. */
  record SizeClass(long least, long count, long sum) {}

  void add(long value) {
    int index = Long.SIZE - Long.numberOfLeadingZeros(value);
    counts[index]++;
    sums[index] += value;
  }

  /** Returns the classes from the first to the last that is not empty. */
  List<SizeClass> classes() {
    List<SizeClass> classes = new ArrayList<>();
    int last = counts.length - 1;
    while (last >= 0 && counts[last] == 0) {
      last--;
    }
    boolean begun = false;
    for (int i = 0; i <= last; i++) {
      begun |= counts[i] > 0;
      if (begun) {
        classes.add(new SizeClass(i == 0 ? 0 : 1L << (i - 1), counts[i], sums[i]));
      }
    }
    return classes;
  }
}
