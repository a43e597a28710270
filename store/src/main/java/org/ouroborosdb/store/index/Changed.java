package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import org.h2.mvstore.MVStoreException;
import org.ouroborosdb.store.EventId;

/**
 * An event or a tombstone by its sequence number and its key: the first 16 bytes of an event's id,
 * or of the SHA-512 of the id that a tombstone names. Immutable.
 *
 * @param seq its sequence number
 * @param removal whether it is a tombstone
 * @param high bytes 0 to 7 of the key
 * @param low bytes 8 to 15 of the key
 */
public record Changed(long seq, boolean removal, long high, long low) {
  /** Returns the change that an event, or its tombstone, is. */
  public static Changed of(EventId id, long seq, boolean removal) {
    long[] key = removal ? Keys.ofTombstone(id) : Keys.of(id);
    return new Changed(seq, removal, key[0], key[1]);
  }

  /** Returns whether it is the event of an id, or the tombstone that names it. */
  public boolean fits(EventId id) {
    return equals(of(id, seq, removal));
  }

  /** Returns whether an index has an event, removed or not, or a tombstone, with its key. */
  public boolean isKnownTo(EventIndex index) {
    byte[] id = ByteBuffer.allocate(EventId.BYTES).putLong(high).putLong(low).array();
    try {
      return removal
          ? index.maps().tombstones.containsKey(new long[] {high, low})
          : index.ids().get(EventId.of(id)) != 0;
    } catch (MVStoreException e) {
      throw index.failed("looking up an id", e);
    }
  }
}
