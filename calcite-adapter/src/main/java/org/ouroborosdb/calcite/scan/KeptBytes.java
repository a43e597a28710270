package org.ouroborosdb.calcite.scan;

/** The bytes that a running statement may keep. One thread at a time. */
public interface KeptBytes {
  /** The variable of the data context that holds it; without one nothing is bounded. */
  String VARIABLE = "ouroborosBudget";

  /** Counts bytes if they are within the bound, and returns whether they are. */
  boolean tryKeep(long bytes);

  /** Counts bytes no longer that were kept. */
  void release(long bytes);
}
