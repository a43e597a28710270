package org.ouroborosdb.store.ingest;

import java.util.concurrent.ArrayBlockingQueue;

/** Keeps a few buffers for the next groups. Thread-safe. */
final class GroupBuffers {
  private static final int LEAST_BYTES = 8 << 10; // a commit of one small event needs no more
  private static final int MOST_IDLE = 4; // two open groups and two being written

  private final ArrayBlockingQueue<byte[]> idle = new ArrayBlockingQueue<>(MOST_IDLE);

  byte[] take() {
    byte[] buffer = idle.poll();
    return buffer == null ? new byte[LEAST_BYTES] : buffer;
  }

  void give(byte[] buffer) {
    idle.offer(buffer);
  }

  /**
   * Returns the next length, of at most {@code most}, of a buffer that must take {@code needed}.
   */
  static int grown(int length, int needed, int most) {
    return Math.min(most, Math.max(2 * length, Math.max(LEAST_BYTES, needed)));
  }
}
