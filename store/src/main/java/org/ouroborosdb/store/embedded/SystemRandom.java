package org.ouroborosdb.store.embedded;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The system's secure randomness, some salts at a time: all threads ask the system through one
 * lock. What was given is wiped here. For one thread.
 */
final class SystemRandom implements RandomGenerator {
  private static final int BUFFER_BYTES = 512;

  private final SecureRandom source = new SecureRandom();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int given = BUFFER_BYTES;

  @Override
  public long nextLong() {
    return source.nextLong();
  }

  @Override
  public void nextBytes(byte[] target) {
    if (target.length > BUFFER_BYTES) {
      source.nextBytes(target);
      return;
    }
    if (BUFFER_BYTES - given < target.length) {
      source.nextBytes(buffer);
      given = 0;
    }
    System.arraycopy(buffer, given, target, 0, target.length);
    Arrays.fill(buffer, given, given + target.length, (byte) 0);
    given += target.length;
  }
}
