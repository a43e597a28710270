package org.ouroborosdb.store.promises;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.EventId;

/** Says which events and chunks a byte of a segment belongs to, from docs/FORMAT.md alone. */
final class LogBytes {
  private static final int SEGMENT_HEADER_BYTES = 32;
  private static final int RECORD_HEADER_BYTES = 20;
  private static final int CHUNK = 1;
  private static final int GROUP = 2;
  private static final int EVENT = 3;
  private static final int COMMIT = 4;

  private LogBytes() {}

  /** Returns the names, as text, in records that overlap a range. */
  static Set<String> namesIn(byte[] segment, int from, int to) {
    Set<String> names = new HashSet<>();
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    int at = SEGMENT_HEADER_BYTES;
    while (at < segment.length) {
      int kind = bytes.get(at + 4);
      int named = kind == GROUP || kind == COMMIT ? 0 : EventId.BYTES;
      int end = at + RECORD_HEADER_BYTES + named + bytes.getInt(at + 12);
      if (at < to && end > from) {
        ByteBuffer record = bytes.duplicate().position(at + RECORD_HEADER_BYTES);
        if (kind == CHUNK) {
          names.add(ChunkId.read(record).toString());
        } else if (kind == EVENT) {
          names.add(EventId.read(record).toString());
        } else if (kind == GROUP) {
          for (int count = record.getInt(); count > 0; count--) {
            names.add(ChunkId.read(record).toString());
            record.getInt();
          }
        }
      }
      at = end;
    }
    return names;
  }
}
