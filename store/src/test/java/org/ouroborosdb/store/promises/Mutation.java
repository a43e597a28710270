package org.ouroborosdb.store.promises;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** Changes bytes as somebody might who wants to do harm. */
final class Mutation {
  private static final int[] EVIL = {
    0,
    1,
    -1,
    2,
    64,
    127,
    128,
    255,
    256,
    4096,
    65_535,
    65_536,
    1 << 20,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE - 20,
    0x4f52_4231
  };

  private Mutation() {}

  /** Returns a changed copy, with parts of another input now and then. */
  static byte[] of(byte[] input, byte[] other, Random random) {
    byte[] bytes = input.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes = step(bytes, other, random);
    }
    return bytes;
  }

  private static byte[] step(byte[] bytes, byte[] other, Random random) {
    if (bytes.length < Integer.BYTES) {
      return Arrays.copyOf(bytes, bytes.length + random.nextInt(8));
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(7)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 1 -> bytes[at] = (byte) EVIL[random.nextInt(EVIL.length)];
      case 2 -> {
        int evil = EVIL[random.nextInt(EVIL.length)];
        ByteBuffer.wrap(bytes).putInt(Math.min(at, bytes.length - Integer.BYTES), evil);
      }
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        return spliced(bytes, at, bytes, random);
      }
      case 5 -> {
        return spliced(bytes, at, other, random);
      }
      default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(16)), (byte) -1);
    }
    return bytes;
  }

  /** Puts a part of another input in at a place. */
  private static byte[] spliced(byte[] bytes, int at, byte[] from, Random random) {
    if (from.length == 0) {
      return bytes;
    }
    int start = random.nextInt(from.length);
    int length = random.nextInt(Math.min(200, from.length - start) + 1);
    ByteBuffer result = ByteBuffer.allocate(bytes.length + length);
    result.put(bytes, 0, at).put(from, start, length).put(bytes, at, bytes.length - at);
    return result.array();
  }
}
