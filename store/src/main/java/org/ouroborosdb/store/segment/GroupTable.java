package org.ouroborosdb.store.segment;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;

/**
 * Which chunks one record holds, in the order of their plain bytes. Immutable.
 *
 * <p>The payload of a CHUNK_GROUP starts with it: count (4), then for each chunk its id (64) and
 * its plain length (4). A CHUNK record stands for a table of the one chunk that it is named after.
 *
 * @param entries the chunks, at least one
 * @param rawLength the plain length of all of them in bytes
 */
public record GroupTable(List<Entry> entries, int rawLength) {
  private static final int COUNT_BYTES = Integer.BYTES;
  private static final int ENTRY_BYTES = ChunkId.BYTES + Integer.BYTES;

  /** The most bytes that a table takes. */
  static final int MAX_BYTES = COUNT_BYTES + Limits.MAX_CHUNKS_PER_GROUP * ENTRY_BYTES;

  /**
   * One chunk.
   *
   * @param id its name
   * @param offset where its plain bytes start among those of the group
   * @param length its plain length in bytes
   */
  public record Entry(ChunkId id, int offset, int length) {}

  /** Copies the list. */
  public GroupTable {
    entries = List.copyOf(entries);
  }

  /**
   * Returns the table of a record.
   *
   * @param record a CHUNK or CHUNK_GROUP record
   * @throws StoreException {@link ErrorCode#CORRUPT} if a group's table is none
   */
  public static GroupTable of(LogRecord record) {
    if (record.kind() == RecordKind.CHUNK) {
      ChunkId id = ChunkId.read(record.name().duplicate());
      return new GroupTable(List.of(new Entry(id, 0, record.rawLength())), record.rawLength());
    }
    ByteBuffer payload = record.payload().duplicate();
    int count = payload.remaining() < COUNT_BYTES ? 0 : payload.getInt();
    if (!isCount(count, record.payload().remaining())) {
      throw corrupt(record, "it announces " + count + " chunks");
    }
    List<Entry> entries = new ArrayList<>(count);
    int offset = 0;
    for (int i = 0; i < count; i++) {
      ChunkId id = ChunkId.read(payload);
      int length = payload.getInt();
      if (!isLength(length, record.rawLength() - offset)) {
        throw corrupt(record, "chunk " + id + " is " + length + " bytes long in it");
      }
      entries.add(new Entry(id, offset, length));
      offset += length;
    }
    if (offset != record.rawLength()) {
      throw corrupt(record, "its chunks have " + offset + " bytes, not " + record.rawLength());
    }
    return new GroupTable(entries, offset);
  }

  /**
   * Returns whether the payload of a CHUNK_GROUP starts with a table, in which ids are not read.
   */
  static boolean isOf(LogRecord record) {
    ByteBuffer payload = record.payload();
    int at = payload.position();
    int count = payload.remaining() < COUNT_BYTES ? 0 : payload.getInt(at);
    if (!isCount(count, payload.remaining())) {
      return false;
    }
    int offset = 0;
    for (int i = 1; i <= count; i++) {
      int length = payload.getInt(at + i * ENTRY_BYTES); // the count is as long as a length
      if (!isLength(length, record.rawLength() - offset)) {
        return false;
      }
      offset += length;
    }
    return offset == record.rawLength();
  }

  private static boolean isCount(int count, int payloadBytes) {
    return count >= 1
        && count <= Limits.MAX_CHUNKS_PER_GROUP
        && COUNT_BYTES + count * ENTRY_BYTES <= payloadBytes;
  }

  private static boolean isLength(int length, int left) {
    return length >= 1 && length <= Limits.MAX_CHUNK_BYTES && length <= left;
  }

  /** Returns the stored form of the chunks: what follows the table in the record's payload. */
  public ByteBuffer stored(LogRecord record) {
    ByteBuffer payload = record.payload().duplicate();
    return record.kind() == RecordKind.CHUNK
        ? payload
        : payload.position(payload.position() + bytes());
  }

  /** Returns whether the table is written as a group, not as the name of a single chunk. */
  boolean isGroup() {
    return entries.size() > 1;
  }

  /**
   * Returns what stands in a record before the stored form: a single chunk's name, or the table.
   */
  ByteBuffer lead() {
    if (!isGroup()) {
      return ByteBuffer.wrap(entries.get(0).id().toBytes());
    }
    ByteBuffer table = ByteBuffer.allocate(bytes()).putInt(entries.size());
    for (Entry entry : entries) {
      entry.id().write(table);
      table.putInt(entry.length());
    }
    return table.flip();
  }

  /**
   * Hands over where each chunk is, once its record is at a position. The stored length is shared
   * out among the chunks by their plain lengths.
   */
  public void locate(
      Position position, byte codec, int storedLength, BiConsumer<ChunkId, ChunkLocation> target) {
    for (Entry entry : entries) {
      int share = share(storedLength, entry.offset() + entry.length());
      share -= share(storedLength, entry.offset());
      target.accept(
          entry.id(), new ChunkLocation(position, entry.length(), share, codec, isGroup()));
    }
  }

  private int share(int storedLength, int rawBytes) {
    return (int) ((long) storedLength * rawBytes / Math.max(1, rawLength));
  }

  private int bytes() {
    return COUNT_BYTES + entries.size() * ENTRY_BYTES;
  }

  private static StoreException corrupt(LogRecord record, String why) {
    return new StoreException(
        ErrorCode.CORRUPT,
        "the chunk group at " + record.position() + " is damaged: " + why + "; run verify");
  }
}
