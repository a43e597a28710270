package org.ouroborosdb.sql;

/**
 * The bounds of an engine. Immutable.
 *
 * @param queryMemoryBytes the bytes that one query may buffer, estimated; 54000 beyond
 * @param maxInlineContentBytes the longest content an expression may use; 54000 beyond
 */
public record EngineOptions(long queryMemoryBytes, int maxInlineContentBytes) {
  /** 64 MiB a query, 16 MiB a content. */
  public static final EngineOptions DEFAULT = new EngineOptions(64L << 20, 16 << 20);

  /** Checks the numbers. */
  public EngineOptions {
    if (queryMemoryBytes < 1 || maxInlineContentBytes < 1) {
      throw new IllegalArgumentException(
          "bounds " + queryMemoryBytes + " and " + maxInlineContentBytes + " must be above 0");
    }
  }
}
