package org.ouroborosdb.store.simulated;

/** What a crash does to what was written and not forced. */
public enum Loss {
  /** A prefix of it is kept, in the order it was written, cut at a sector. */
  PREFIX,
  /** Any sectors, any file lengths and any directory entries of it are kept. */
  SUBSET,
  /** The process dies and the machine does not: all of it is kept, and still not forced. */
  NONE
}
