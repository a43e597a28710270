package org.ouroborosdb.store.promises;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
  private static final int TOMBSTONE = 6;
  private static final int PLACE_BITS = 22;
  private static final int CRC_OFFSET = 16;

  private LogBytes() {}

  /** Returns the place in the log that a segment's file name says. */
  static int place(String file) {
    return Integer.parseInt(file.substring(8, 16));
  }

  /** Returns the number of a segment: its place and, above, how often it was rewritten. */
  static int number(String file) {
    boolean first = file.charAt(16) == '.';
    int generation = first ? 0 : Integer.parseInt(file.substring(17, file.indexOf('.')));
    return generation << PLACE_BITS | place(file);
  }

  /** Makes the checksum of every record fit that its announced length allows to be one. */
  static byte[] withChecksums(byte[] input, byte[] sound, int number) {
    byte[] bytes = input.clone();
    System.arraycopy(sound, 0, bytes, 0, Math.min(bytes.length, SEGMENT_HEADER_BYTES));
    ByteBuffer segment = ByteBuffer.wrap(bytes);
    int at = SEGMENT_HEADER_BYTES;
    while (at + RECORD_HEADER_BYTES <= bytes.length) {
      int kind = segment.get(at + 4);
      long named = nameBytes(kind);
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

  private static int nameBytes(int kind) {
    return kind == CHUNK || kind == EVENT || kind == TOMBSTONE ? EventId.BYTES : 0;
  }

  /** Returns a segment in which the record at an offset has less payload, and is sound else. */
  static byte[] shortened(byte[] segment, int at, int payloadLength, int number) {
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    int start = at + RECORD_HEADER_BYTES + nameBytes(bytes.get(at + 4));
    int end = start + bytes.getInt(at + 12);
    ByteBuffer made = ByteBuffer.allocate(segment.length - (end - start - payloadLength));
    made.put(segment, 0, start + payloadLength).put(segment, end, segment.length - end);
    made.putInt(at + 12, payloadLength);
    return withChecksums(made.array(), segment, number);
  }

  /** Returns where the first record of each kind starts. */
  static Map<Integer, Integer> firstOfKinds(byte[] segment) {
    Map<Integer, Integer> first = new TreeMap<>();
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    for (int at = SEGMENT_HEADER_BYTES; at < segment.length; ) {
      int kind = bytes.get(at + 4);
      first.putIfAbsent(kind, at);
      at += RECORD_HEADER_BYTES + nameBytes(kind) + bytes.getInt(at + 12);
    }
    return first;
  }

  /** Returns where the records of a kind start. */
  static List<Integer> offsets(byte[] segment, int wanted) {
    List<Integer> offsets = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    for (int at = SEGMENT_HEADER_BYTES; at < segment.length; ) {
      int kind = bytes.get(at + 4);
      if (kind == wanted) {
        offsets.add(at);
      }
      at += RECORD_HEADER_BYTES + nameBytes(kind) + bytes.getInt(at + 12);
    }
    return offsets;
  }

  /** Returns the kinds of the records of a segment, in their order. */
  static List<Integer> kinds(byte[] segment) {
    List<Integer> kinds = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    for (int at = SEGMENT_HEADER_BYTES; at < segment.length; ) {
      int kind = bytes.get(at + 4);
      kinds.add(kind);
      at += RECORD_HEADER_BYTES + nameBytes(kind) + bytes.getInt(at + 12);
    }
    return kinds;
  }

  /** Returns the names, as text, in records that overlap a range. */
  static Set<String> namesIn(byte[] segment, int from, int to) {
    Set<String> names = new HashSet<>();
    ByteBuffer bytes = ByteBuffer.wrap(segment);
    int at = SEGMENT_HEADER_BYTES;
    while (at < segment.length) {
      int kind = bytes.get(at + 4);
      int end = at + RECORD_HEADER_BYTES + nameBytes(kind) + bytes.getInt(at + 12);
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
