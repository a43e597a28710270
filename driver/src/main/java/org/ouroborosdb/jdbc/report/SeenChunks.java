package org.ouroborosdb.jdbc.report;

import org.ouroborosdb.store.ChunkId;

/**
 * Tells chunks that are met for the first time, in bounded memory: of more chunks than fit, only
 * those are looked at whose names end in some zero bits, and each stands for as many as were left
 * out. Names are SHA-512, so the sample is random, and sums over it are unbiased. For one thread.
 */
final class SeenChunks {
  /** 2^18 names of 8 bytes, in a table that is half full at most: 4 MiB. */
  static final int MOST_NAMES = 1 << 18;

  private final int weight;
  private final long[] names;
  private boolean sawZero;

  /** Prepares for a number of distinct chunks. */
  SeenChunks(long chunks) {
    this(chunks, MOST_NAMES);
  }

  SeenChunks(long chunks, int mostNames) {
    int each = 1;
    while (chunks / each > mostNames) {
      each *= 2;
    }
    weight = each;
    // A sample may come out larger than its mean, by far less than a half of it.
    long slots = Math.max(64, Long.highestOneBit(chunks / each * 3) * 2);
    names = new long[(int) slots];
  }

  /** Returns of how many chunks one is looked at: 1, or a power of 2. */
  int weight() {
    return weight;
  }

  /** Returns whether a chunk is looked at and has not been met before. */
  boolean isFirst(ChunkId id) {
    long name = id.longAt(0);
    if ((name & (weight - 1)) != 0) {
      return false;
    }
    if (name == 0) {
      boolean first = !sawZero;
      sawZero = true;
      return first;
    }
    int mask = names.length - 1;
    for (int at = (int) (name >>> 32) & mask, tries = 0; tries <= mask; tries++) {
      if (names[at] == name) {
        return false;
      }
      if (names[at] == 0) {
        names[at] = name;
        return true;
      }
      at = (at + 1) & mask;
    }
    return false; // full, which a random sample does not come near
  }
}
