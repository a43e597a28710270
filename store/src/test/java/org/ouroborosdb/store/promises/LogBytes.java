package org.ouroborosdb.store.promises;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;
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
  private static final int TOMBSTONE = 6;
  private static final int CRC_OFFSET = 16;

  private LogBytes() {}

  /** Returns the number in a segment's file name. */
  static int number(String file) {
    return Integer.parseInt(file.substring(8, 16));
  }

  /** Makes the checksum of every record fit that its announced length allows to be one. */
  static byte[] withChecksums(byte[] input, byte[] sound, int number) {
    byte[] bytes = input.clone();
    System.arraycopy(sound, 0, bytes, 0, Math.min(bytes.length, SEGMENT_HEADER_BYTES));
    ByteBuffer segment = ByteBuffer.wrap(bytes);
    int at = SEGMENT_HEADER_BYTES;
    while (at + RECORD_HEADER_BYTES <= bytes.length) {
      int kind = segment.get(at + 4);
      long named = kind == CHUNK || kind == EVENT || kind == TOMBSTONE ? EventId.BYTES : 0;
      long end = at + RECORD_HEADER_BYTES + named + segment.getInt(at + 12);
      if (end < at + RECORD_HEADER_BYTES + named || end > bytes.length) {
        break;
      }
      CRC32C crc = new CRC32C();
      crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, number));
      crc.update(bytes, at, CRC_OFFSET);
      crc.update(bytes, at + RECORD_HEADER_BYTES, (int) end - at - RECORD_HEADER_BYTES);
      segment.putInt(at + CRC_OFFSET, (int) crc.getValue());
      at = (int) end;
    }
    return bytes;
  }

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
