package org.ouroborosdb.store.ingest;

import java.util.concurrent.ArrayBlockingQueue;
import org.ouroborosdb.store.Limits;

/** Keeps a few blocks, the buffers that streams are read into, for the next stream. Thread-safe. */
final class BlockPool {
  /** Twice the longest chunk, so that each block has room for more than what the last one left. */
  static final int BLOCK_BYTES = 2 * Limits.MAX_CHUNK_BYTES;

  private static final int MOST_IDLE = 4; // 2 MiB

  private final ArrayBlockingQueue<byte[]> idle = new ArrayBlockingQueue<>(MOST_IDLE);

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
