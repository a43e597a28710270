package org.ouroborosdb.store;

/**
 * Bounds on memory and files for a kind of machine. Immutable.
 *
 * <p>{@link #SMALL} suits a process of 128 MB, {@link #SERVER} a machine of 4 GB and more.
 */
public enum Profile {
  /** Segments of 256 MiB, a checkpoint every 64 MiB of log, 64 MiB of cache. */
  SERVER(256 << 20, 64 << 20, 64 << 20),
  /** Segments of 32 MiB, a checkpoint every 8 MiB of log, 4 MiB of cache. */
  SMALL(32 << 20, 8 << 20, 4 << 20);

  private final int segmentBytes;
  private final int checkpointBytes;
  private final int cacheBytes;

  Profile(int segmentBytes, int checkpointBytes, int cacheBytes) {
    this.segmentBytes = segmentBytes;
    this.checkpointBytes = checkpointBytes;
    this.cacheBytes = cacheBytes;
  }

  /** Returns the length at which a segment is sealed, in bytes. */
  public int segmentBytes() {
    return segmentBytes;
  }

  /** Returns the length of log after which the index is checkpointed, in bytes. */
  public int checkpointBytes() {
    return checkpointBytes;
  }

  /** Returns the default bound on cached index pages and on cached verified chunks, in bytes. */
  public int cacheBytes() {
    return cacheBytes;
  }
}
