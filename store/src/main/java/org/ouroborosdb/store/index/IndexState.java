package org.ouroborosdb.store.index;

/**
 * What readers may see, published as one: a snapshot starts with it. Immutable.
 *
 * @param lastSeq the last sequence number applied
 * @param events the events visible
 * @param roots the roots among them
 * @param logicalBytes the bytes their contents and metadata refer to
 * @param ids the ids of the events visible
 * @param tombstones the ids that are removed
 */
record IndexState(
    long lastSeq, long events, long roots, long logicalBytes, SetDigest ids, SetDigest tombstones) {
  static final IndexState EMPTY = new IndexState(0, 0, 0, 0, SetDigest.EMPTY, SetDigest.EMPTY);
}
