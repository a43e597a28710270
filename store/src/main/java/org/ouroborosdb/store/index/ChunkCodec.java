package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.segment.ChunkLocation;
import org.ouroborosdb.store.segment.Position;

/** The value of a chunk's entry: the last 48 bytes of its name, then its location. */
final class ChunkCodec {
  private static final int TAIL_BYTES = 48;
  private static final int BYTES = TAIL_BYTES + Long.BYTES + 2 * Integer.BYTES + 1;

  private ChunkCodec() {}

  static byte[] encode(ChunkId id, ChunkLocation location) {
    ByteBuffer value = ByteBuffer.allocate(BYTES);
    for (int i = ChunkId.BYTES - TAIL_BYTES; i < ChunkId.BYTES; i += Long.BYTES) {
      value.putLong(id.longAt(i));
    }
    value.putLong(location.position().toLong());
    value.putInt(location.rawLength()).putInt(location.storedLength()).put(location.flags());
    return value.array();
  }

  static ChunkId id(long[] key, byte[] value) {
    ByteBuffer id = ByteBuffer.allocate(ChunkId.BYTES).putLong(key[0]).putLong(key[1]);
    return ChunkId.of(id.put(value, 0, TAIL_BYTES).array());
  }

  static ChunkLocation location(byte[] value) {
    ByteBuffer at = ByteBuffer.wrap(value).position(TAIL_BYTES);
    Position position = Position.ofLong(at.getLong());
    return ChunkLocation.ofFlags(position, at.getInt(), at.getInt(), at.get());
  }
}
