package org.ouroborosdb.store;

/** How much a verification computes anew. */
public enum VerifyDepth {
  /** Reads every record and checks its checksum, and counts the index against them. */
  QUICK,
  /** Computes every hash anew, and checks every reference and the index against the records. */
  FULL
}
