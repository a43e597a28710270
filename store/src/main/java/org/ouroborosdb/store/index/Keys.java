package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.identity.Sha512;

/** Makes the keys of the index. */
final class Keys {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Keys() {}

  static long[] of(EventId id) {
    return new long[] {id.longAt(0), id.longAt(8)};
  }

  /**
   * Returns the key of a tombstone: anybody can make up an id that begins as another does, and a
   * tombstone that stood in the place of another would undo a removal.
   */
  static long[] ofTombstone(EventId target) {
    ByteBuffer hash = ByteBuffer.wrap(Sha512.digest().digest(target.toBytes()));
    return new long[] {hash.getLong(), hash.getLong()};
  }

  static long[] of(ChunkId id) {
    return new long[] {id.longAt(0), id.longAt(8)};
  }

  /** Returns the 64-bit FNV-1a hash of a text's UTF-8 bytes; hits are compared in full. */
  static long hash(String text) {
    long hash = FNV_OFFSET;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /** Returns the first 8 bytes of a text, padded with a byte, in the order of unsigned bytes. */
  static long prefix(String text, int padding) {
    String head = text.length() > Long.BYTES ? text.substring(0, Long.BYTES) : text;
    byte[] bytes = head.getBytes(StandardCharsets.UTF_8);
    long prefix = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      prefix = prefix << Byte.SIZE | (i < bytes.length ? bytes[i] & 0xff : padding);
    }
    return prefix ^ Long.MIN_VALUE;
  }

  static long[] first(int count, long... head) {
    return filled(count, Long.MIN_VALUE, head);
  }

  static long[] last(int count, long... head) {
    return filled(count, Long.MAX_VALUE, head);
  }

  private static long[] filled(int count, long rest, long... head) {
    long[] key = java.util.Arrays.copyOf(head, count);
    java.util.Arrays.fill(key, head.length, count, rest);
    return key;
  }
}
