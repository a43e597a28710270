package org.ouroborosdb.store;

/**
 * Bounds on memory and files for a kind of machine. Immutable.
 *
 * <p>{@link #SMALL} suits a process of 128 MB, {@link #SERVER} a machine of 4 GB and more.
 */
public enum Profile {
  /**
   * Segments of 256 MiB, a checkpoint every 64 MiB of log, 64 MiB of cache; at most 10 GB of log
   * behind the checkpoint; chunks packed by up to 1 MiB.
   */
  SERVER(256 << 20, 64 << 20, 64 << 20, 8L << 30, 1 << 20),
  /**
   * Segments of 32 MiB, a checkpoint every 8 MiB of log, 4 MiB of cache; at most 100 MB of log
   * behind the checkpoint; chunks packed by up to 512 KiB.
   */
  SMALL(32 << 20, 8 << 20, 4 << 20, 48L << 20, 512 << 10);

  private static final long LEAST_CACHE_BYTES = 2 << 20;
  private static final int HEAP_SHARE = 8;
  private static final int MOST_UNSAVED_BYTES = 256 << 20;

  private final int segmentBytes;
  private final int checkpointBytes;
  private final int cacheBytes;
  private final long tailBytes;
  private final int groupBytes;

  Profile(int segmentBytes, int checkpointBytes, int cacheBytes, long tailBytes, int groupBytes) {
    this.groupBytes = groupBytes;
    this.tailBytes = tailBytes;
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

  /**
   * Returns the default bound on cached index pages and on cached verified chunks, in bytes: at
   * most an eighth of the heap, since what is under way while files are stored needs as much again.
   */
  public int cacheBytes() {
    long most = Math.max(LEAST_CACHE_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    return (int) Math.min(cacheBytes, most);
  }

  /**
   * Returns the bound on changed index pages that wait in memory for a checkpoint, in bytes: of
   * {@link #SERVER} an eighth of the heap, at most 256 MiB, of {@link #SMALL} {@link #cacheBytes}.
   * Ids and titles come in no order, so in an index of a million events most of its pages change
   * between two checkpoints, some of them often.
   */
  public int unsavedBytes() {
    long most = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    return this == SMALL ? cacheBytes() : (int) Math.min(MOST_UNSAVED_BYTES, most);
  }

  /** Returns the most plain bytes that new chunks share one compressed frame of. */
  public int groupBytes() {
    return groupBytes;
  }

  /**
   * Returns the length of log behind the last checkpoint at which writes are refused until there is
   * another, in bytes. One transaction more, or one content's chunks under way, may come after it.
   */
  public long tailBytes() {
    return tailBytes;
  }
}
