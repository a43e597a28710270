package org.ouroborosdb.sql;

/**
 * The bounds of an engine. Immutable.
 *
 * @param queryMemoryBytes the bytes that one query may buffer, estimated; 54000 beyond
 * @param maxInlineContentBytes the longest content an expression may use; 54000 beyond
 */
public record EngineOptions(long queryMemoryBytes, int maxInlineContentBytes) {
  private static final long MOST_QUERY_BYTES = 256L << 20;

  /** Estimates are low at times, and a heap that is full is slow long before it is too small. */
  private static final int HEAP_SHARE = 4;

  /** 256 MiB a query, or a quarter of the heap where that is less; 16 MiB a content. */
  public static final EngineOptions DEFAULT =
      new EngineOptions(
          Math.min(MOST_QUERY_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE), 16 << 20);

  /** Checks the numbers. */
  public EngineOptions {
    if (queryMemoryBytes < 1 || maxInlineContentBytes < 1) {
      throw new IllegalArgumentException(
          "bounds " + queryMemoryBytes + " and " + maxInlineContentBytes + " must be above 0");
    }
  }
}
