package org.ouroborosdb.store.ingest;

import java.util.concurrent.ArrayBlockingQueue;
import org.ouroborosdb.store.Limits;

/** Keeps a few blocks, the buffers that streams are read into, for the next stream. Thread-safe. */
final class BlockPool {
  /** Twice the longest chunk, so that each block has room for more than what the last one left. */
  static final int BLOCK_BYTES = 2 * Limits.MAX_CHUNK_BYTES;

  /**
   * Blocks that one content has under way, for each block that fits into a group: while one worker
   * compresses a full group, the other goes on with twice as much.
   */
  private static final int BLOCKS_PER_GROUP_BLOCK = 4;

  private final int mostBlocks;
  private final ArrayBlockingQueue<byte[]> idle;

  /** Creates a pool that suits groups of so many bytes. */
  BlockPool(int groupBytes) {
    mostBlocks = BLOCKS_PER_GROUP_BLOCK * Math.max(1, groupBytes / BLOCK_BYTES);
    idle = new ArrayBlockingQueue<>(mostBlocks);
  }

  /** Returns how many blocks one content may have in memory. */
  int mostBlocks() {
    return mostBlocks;
  }

  byte[] take() {
    byte[] block = idle.poll();
    return block == null ? new byte[BLOCK_BYTES] : block;
  }

  /** Takes back a block that nobody refers to any more; a full pool leaves it to the collector. */
  void give(byte[] block) {
    if (idle.remainingCapacity() > 0) {
      idle.offer(block);
    }
  }
}
