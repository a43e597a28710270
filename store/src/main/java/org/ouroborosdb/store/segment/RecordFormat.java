package org.ouroborosdb.store.segment;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.disk.Guard;

/**
 * The frame of a record: how it is written, and the one function that says whether bytes are one.
 *
 * <p>All integers are big-endian: magic (4), kind (1), codec (1), hash algorithm (1), zero (1), raw
 * length (4), payload length (4), CRC-32C (4) of all the other bytes of the record and of the
 * segment's number before them, name (64, where the kind has one), payload.
 */
final class RecordFormat {
  static final int MAGIC = 0x4f52_4231; // "ORB1"
  static final int HEADER_BYTES = 20;
  static final int CRC_OFFSET = 16;
  static final byte SHA_512 = 1;

  private RecordFormat() {}

  /** Returns the length of a record in bytes. */
  static int length(RecordKind kind, int payloadLength) {
    return HEADER_BYTES + (kind.isNamed() ? EventId.BYTES : 0) + payloadLength;
  }

  /**
   * Writes a record at the target's position.
   *
   * @param lead the name; where the kind has none, the first part of the payload
   */
  static void write(
      ByteBuffer target,
      int segment,
      RecordKind kind,
      byte codec,
      int rawLength,
      ByteBuffer lead,
      ByteBuffer payload) {
    int start = target.position();
    target.putInt(MAGIC).put(kind.number()).put(codec).put(SHA_512).put((byte) 0);
    int payloadLength = payloadLength(kind, lead, payload);
    target.putInt(rawLength).putInt(payloadLength).putInt(0);
    target.put(lead.duplicate()).put(payload.duplicate());
    int crc = crc(target.duplicate().flip().position(start), segment);
    target.putInt(start + CRC_OFFSET, crc);
  }

  /** Returns the length of the payload of a record that is written from two parts. */
  static int payloadLength(RecordKind kind, ByteBuffer lead, ByteBuffer payload) {
    return kind.isNamed() ? payload.remaining() : lead.remaining() + payload.remaining();
  }

  /**
   * Returns the length of the record that a header announces, -1 if it announces none that this
   * format allows.
   *
   * @param header at least {@link #HEADER_BYTES} from its position
   */
  static int announcedLength(ByteBuffer header) {
    int at = header.position();
    RecordKind kind = RecordKind.ofNumber(header.get(at + 4));
    if (header.getInt(at) != MAGIC || kind == null || header.get(at + 6) != SHA_512) {
      return -1;
    }
    int rawLength = header.getInt(at + 8);
    int payloadLength = header.getInt(at + 12);
    int most = mostRawBytes(kind);
    int table = kind == RecordKind.CHUNK_GROUP ? GroupTable.MAX_BYTES : 0;
    boolean possible =
        payloadLength >= 0 && payloadLength <= most + table && rawLength >= 0 && rawLength <= most;
    return possible ? length(kind, payloadLength) : -1;
  }

  private static int mostRawBytes(RecordKind kind) {
    return switch (kind) {
      case CHUNK -> Limits.MAX_CHUNK_BYTES;
      case CHUNK_GROUP -> Limits.MAX_GROUP_BYTES;
      case EVENT, COMMIT, TOMBSTONE, FREED -> Limits.MAX_EVENT_RECORD_BYTES;
    };
  }

  /**
   * Returns the record that starts at the buffer's position and ends at its limit; null if these
   * bytes are not one that was written there.
   */
  static @Nullable LogRecord read(ByteBuffer bytes, Position position) {
    if (bytes.remaining() < HEADER_BYTES || announcedLength(bytes) != bytes.remaining()) {
      return null;
    }
    int at = bytes.position();
    if (Guard.RECORD_CHECKSUM.isOn()
        && crc(bytes.duplicate(), position.segment()) != bytes.getInt(at + CRC_OFFSET)) {
      return null;
    }
    RecordKind kind = Objects.requireNonNull(RecordKind.ofNumber(bytes.get(at + 4)));
    int nameLength = kind.isNamed() ? EventId.BYTES : 0;
    ByteBuffer name = bytes.slice(at + HEADER_BYTES, nameLength);
    int payloadStart = at + HEADER_BYTES + nameLength;
    ByteBuffer payload = bytes.slice(payloadStart, bytes.limit() - payloadStart);
    return new LogRecord(position, kind, bytes.get(at + 5), bytes.getInt(at + 8), name, payload);
  }

  private static int crc(ByteBuffer record, int segment) {
    CRC32C crc = new CRC32C();
    crc.update(segment >>> 24);
    crc.update(segment >>> 16);
    crc.update(segment >>> 8);
    crc.update(segment);
    int start = record.position();
    crc.update(record.slice(start, CRC_OFFSET));
    crc.update(record.position(start + CRC_OFFSET + Integer.BYTES));
    return (int) crc.getValue();
  }
}
