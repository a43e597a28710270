package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/**
 * Keys of a fixed number of longs, ordered by the first that differs. In a page each key is written
 * as the number of leading longs it shares with the key before, then the rest.
 */
final class LongsType extends BasicDataType<long[]> {
  /** An array's header and one long each. */
  private static final int ARRAY_BYTES = 24;

  private static final int VAR_LONG_BYTES = 10;
  private static final long LOW_BITS = 0x7f;

  private final int count;

  LongsType(int count) {
    this.count = count;
  }

  @Override
  public int getMemory(long[] key) {
    return ARRAY_BYTES + count * Long.BYTES;
  }

  @Override
  public int compare(long[] a, long[] b) {
    for (int i = 0; i < count; i++) {
      if (a[i] != b[i]) {
        return a[i] < b[i] ? -1 : 1;
      }
    }
    return 0;
  }

  /**
   * As the inherited one, without a virtual call a comparison: a tenth of the time of an append.
   */
  @Override
  public int binarySearch(long[] key, Object storage, int size, int initialGuess) {
    long[][] keys = (long[][]) storage;
    int low = 0;
    int high = size - 1;
    int at = initialGuess - 1;
    if (at < 0 || at > high) {
      at = high >>> 1;
    }
    while (low <= high) {
      int order = compareKeys(key, keys[at]);
      if (order > 0) {
        low = at + 1;
      } else if (order < 0) {
        high = at - 1;
      } else {
        return at;
      }
      at = (low + high) >>> 1;
    }
    return ~low;
  }

  private static int compareKeys(long[] a, long[] b) {
    for (int i = 0; i < a.length; i++) {
      if (a[i] != b[i]) {
        return a[i] < b[i] ? -1 : 1;
      }
    }
    return 0;
  }

  @Override
  public void write(WriteBuffer target, long[] key) {
    for (long part : key) {
      target.putVarLong(zigZag(part));
    }
  }

  @Override
  public long[] read(ByteBuffer source) {
    long[] key = new long[count];
    for (int i = 0; i < count; i++) {
      key[i] = unZigZag(DataUtils.readVarLong(source));
    }
    return key;
  }

  @Override
  public void write(WriteBuffer target, Object storage, int length) {
    long[][] keys = (long[][]) storage;
    long[] before = new long[count];
    // Through an array of its own, which takes a byte faster than the buffer does.
    byte[] bytes = new byte[length * (1 + count * VAR_LONG_BYTES)];
    int at = 0;
    for (int i = 0; i < length; i++) {
      long[] key = keys[i];
      int shared = Math.max(0, Arrays.mismatch(before, key));
      bytes[at++] = (byte) shared;
      at = putVarLong(bytes, at, zigZag(key[shared] - before[shared]));
      for (int j = shared + 1; j < count; j++) {
        at = putVarLong(bytes, at, zigZag(key[j]));
      }
      before = key;
    }
    target.put(bytes, 0, at);
  }

  private static int putVarLong(byte[] target, int start, long value) {
    int at = start;
    long rest = value;
    for (; (rest & ~LOW_BITS) != 0; rest >>>= Byte.SIZE - 1) {
      target[at++] = (byte) (rest | ~LOW_BITS);
    }
    target[at++] = (byte) rest;
    return at;
  }

  @Override
  public void read(ByteBuffer source, Object storage, int length) {
    long[][] keys = (long[][]) storage;
    long[] before = new long[count];
    for (int i = 0; i < length; i++) {
      long[] key = before.clone();
      int shared = source.get();
      key[shared] += unZigZag(DataUtils.readVarLong(source));
      for (int j = shared + 1; j < count; j++) {
        key[j] = unZigZag(DataUtils.readVarLong(source));
      }
      keys[i] = key;
      before = key;
    }
  }

  @Override
  public long[][] createStorage(int size) {
    return new long[size][];
  }

  private static long zigZag(long value) {
    return (value << 1) ^ (value >> (Long.SIZE - 1));
  }

  private static long unZigZag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }
}
