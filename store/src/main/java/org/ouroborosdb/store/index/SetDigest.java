package org.ouroborosdb.store.index;

/**
 * How many keys of 16 bytes a set has, and the sums of their halves: equal for equal sets in
 * whatever order they grew. Immutable. An event's key is the start of its id, a tombstone's the
 * start of the SHA-512 of the id that it names.
 *
 * <p>It tells sets apart that came about by chance or by use; who may choose ids can forge it, and
 * gains no more than by lying about it.
 *
 * @param count the keys
 * @param high the sum of bytes 0 to 7, modulo 2^64
 * @param low the sum of bytes 8 to 15, modulo 2^64
 */
public record SetDigest(long count, long high, long low) {
  /** The digest of no keys. */
  public static final SetDigest EMPTY = new SetDigest(0, 0, 0);

  /** Returns the digest with a key more ({@code sign} 1) or less (-1). */
  SetDigest with(long[] key, int sign) {
    return new SetDigest(count + sign, high + sign * key[0], low + sign * key[1]);
  }

  /** Returns the digest with the key of a change more. */
  public SetDigest with(Changed change) {
    return new SetDigest(count + 1, high + change.high(), low + change.low());
  }

  /** Returns the digest of two sets without a common key. */
  public SetDigest plus(SetDigest other) {
    return new SetDigest(count + other.count, high + other.high, low + other.low);
  }
}
