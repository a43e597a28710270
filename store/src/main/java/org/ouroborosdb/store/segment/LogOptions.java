package org.ouroborosdb.store.segment;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.WriterId;

/**
 * How a log behaves.
 *
 * @param storeId the store whose segments these are, written into each
 * @param segmentBytes the length at which a segment is sealed
 * @param durability when commits are forced
 * @param minFreeBytes the free space below which nothing is appended
 * @param generations which segment an index stands for in each place, where that is not the first;
 *     null if there is none, and the youngest count
 * @param knownEnd an end that the log once had on the disk, before which nothing is a torn tail;
 *     null if none is known
 */
public record LogOptions(
    WriterId storeId,
    int segmentBytes,
    Durability durability,
    long minFreeBytes,
    @Nullable Position knownEnd,
    @Nullable Map<Integer, Integer> generations) {
  private static final int LEAST_BUFFER_BYTES = 64 << 10;
  private static final int MOST_BUFFER_BYTES = 1 << 20;

  /** A log of short segments is one of a small machine. */
  private static final int SEGMENT_FOR_BUFFER = 64;

  /** Creates options for a log of which no earlier end is known. */
  public LogOptions(WriterId storeId, int segmentBytes, Durability durability, long minFreeBytes) {
    this(storeId, segmentBytes, durability, minFreeBytes, null, null);
  }

  /** Returns how many bytes wait in memory before they are written to the file. */
  int bufferBytes() {
    int share = segmentBytes / SEGMENT_FOR_BUFFER;
    return Math.max(LEAST_BUFFER_BYTES, Math.min(share, MOST_BUFFER_BYTES));
  }
}
