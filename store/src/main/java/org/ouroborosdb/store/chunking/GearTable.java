package org.ouroborosdb.store.chunking;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The 256 random numbers of the gear hash, derived as docs/FORMAT.md, section "Chunking", says. */
final class GearTable {
  private static final byte[] SEED = "ouroboros-gear-v1".getBytes(StandardCharsets.US_ASCII);
  private static final int SIZE = 256;

  private GearTable() {}

  /** Returns the numbers: eight from each SHA-512 of the seed and a counter byte. */
  static long[] derive() {
    long[] table = new long[SIZE];
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-512");
      for (int i = 0; i < SIZE; i += Long.BYTES) {
        digest.update(SEED);
        digest.update((byte) (i / Long.BYTES));
        ByteBuffer.wrap(digest.digest()).asLongBuffer().get(table, i, Long.BYTES);
      }
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform since 9 has SHA-512", e);
    }
    return table;
  }
}
