package org.ouroborosdb.store.segment;

import java.util.Arrays;

/** A growing list of numbers that takes eight bytes for each. For one thread. */
final class Longs {
  private static final int FIRST_LENGTH = 16;

  private long[] values = new long[FIRST_LENGTH];
  private int size;

  void add(long value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int size() {
    return size;
  }

  long get(int index) {
    return values[index];
  }

  long last() {
    return values[size - 1];
  }

  void sort() {
    Arrays.sort(values, 0, size);
  }

  /** Returns the index of a number in a sorted list; below 0 if it is not there. */
  int find(long value) {
    return Arrays.binarySearch(values, 0, size, value);
  }
}
