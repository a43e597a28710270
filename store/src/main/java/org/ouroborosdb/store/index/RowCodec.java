package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.Guard;

/**
 * The bytes of a row: id (64), flags (2), level (8), then as variable-length integers what the row
 * is behind parent, root and base, depth, writer's number, position; then what the flags announce,
 * in their order.
 */
final class RowCodec {
  static final int ID_OFFSET = 0;
  static final int FLAGS_OFFSET = 64;
  static final int LEVEL_OFFSET = 66;
  static final int REST_OFFSET = 74;

  static final int TYPE_MASK = 7;
  static final int TEMPORARY = 1 << 3;
  static final int FULL_TEXT_SEARCH = 1 << 4;
  static final int EXPIRES = 1 << 5;
  static final int TITLE = 1 << 6;
  static final int MEDIA_TYPE = 1 << 7;
  static final int CONTENT = 1 << 8;
  static final int METADATA = 1 << 9;
  static final int TAGS = 1 << 10;
  static final int MERGES = 1 << 11;

  /** A number of variable length has at most ten bytes; an integer of them has five. */
  private static final int MOST_NUMBER_BYTES = 10;

  private static final int MOST_UTF8_BYTES = 3; // of each UTF-16 unit

  /** Id, flags, level, expiry, six numbers, and the counts of tags and merges. */
  private static final int MOST_FIXED_BYTES = 64 + 2 + 8 + 8 + 8 * MOST_NUMBER_BYTES;

  private RowCodec() {}

  static byte[] encode(IndexedEvent indexed, int writerNumber) {
    Event event = indexed.event();
    WriteBuffer row = new WriteBuffer(mostBytes(event));
    row.put(event.id().toBytes());
    row.putShort((short) flags(event));
    row.putLong(event.level());
    row.putVarLong(indexed.parentSeq() == 0 ? 0 : indexed.seq() - indexed.parentSeq());
    row.putVarLong(indexed.seq() - indexed.rootSeq());
    row.putVarLong(indexed.seq() - indexed.baseSeq());
    row.putVarInt(indexed.depth());
    row.putVarInt(writerNumber);
    row.putVarLong(indexed.position().toLong());
    if (event.expiresAt() != null) {
      row.putLong(event.expiresAt());
    }
    putText(row, event.title());
    putText(row, event.mediaType());
    putChunks(row, event.content(), indexed.contentNumber());
    StoredContent metadata = event.metadata();
    putChunks(row, metadata, metadata == null ? 0 : metadata.length());
    if (!event.tags().isEmpty()) {
      row.putVarInt(event.tags().size());
      event.tags().forEach(tag -> putText(row, tag));
    }
    if (!event.merges().isEmpty()) {
      row.putVarInt(event.merges().size());
      event.merges().forEach(id -> row.put(id.toBytes()));
    }
    byte[] bytes = new byte[row.position()];
    row.getBuffer().flip();
    row.getBuffer().get(bytes);
    return bytes;
  }

  private static int flags(Event event) {
    return event.type().number()
        | (event.temporary() ? TEMPORARY : 0)
        | (event.fullTextSearch() ? FULL_TEXT_SEARCH : 0)
        | (event.expiresAt() != null ? EXPIRES : 0)
        | (event.title() != null ? TITLE : 0)
        | (event.mediaType() != null ? MEDIA_TYPE : 0)
        | (event.content() != null ? CONTENT : 0)
        | (event.metadata() != null ? METADATA : 0)
        | (event.tags().isEmpty() ? 0 : TAGS)
        | (event.merges().isEmpty() ? 0 : MERGES);
  }

  /** Returns room for the row: a buffer that is too short grows by a whole megabyte. */
  private static int mostBytes(Event event) {
    long most = MOST_FIXED_BYTES + mostBytes(event.title()) + mostBytes(event.mediaType());
    for (String tag : event.tags()) {
      most += mostBytes(tag);
    }
    for (EventId merged : event.merges()) {
      most += merged.toBytes().length;
    }
    most += mostBytes(event.content()) + mostBytes(event.metadata());
    return Math.toIntExact(most);
  }

  private static long mostBytes(@Nullable String text) {
    return text == null ? 0 : MOST_NUMBER_BYTES + MOST_UTF8_BYTES * (long) text.length();
  }

  private static long mostBytes(@Nullable StoredContent content) {
    long chunkBytes = ChunkId.BYTES + MOST_NUMBER_BYTES;
    return content == null ? 0 : 2 * MOST_NUMBER_BYTES + chunkBytes * content.chunks().size();
  }

  private static void putText(WriteBuffer row, @Nullable String text) {
    if (text != null) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      row.putVarInt(bytes.length).put(bytes);
    }
  }

  private static void putChunks(WriteBuffer row, @Nullable StoredContent content, long length) {
    if (content != null) {
      row.putVarLong(length);
      row.putVarInt(content.chunks().size());
      for (ChunkRef chunk : content.chunks()) {
        row.put(chunk.id().toBytes()).putVarInt(chunk.length());
      }
    }
  }

  /** Reads how many items follow, of which the row has room for that many. */
  private static int count(ByteBuffer row, int leastBytes) {
    int count = DataUtils.readVarInt(row);
    if (Guard.ROW_LIMIT.isOn() && (count < 0 || count > row.remaining() / leastBytes)) {
      throw new IndexOutOfBoundsException(count + " items in " + row.remaining() + " bytes");
    }
    return count;
  }

  static String readText(ByteBuffer row) {
    int length = count(row, 1);
    String text =
        new String(row.array(), row.arrayOffset() + row.position(), length, StandardCharsets.UTF_8);
    row.position(row.position() + length);
    return text;
  }

  static void skipText(ByteBuffer row) {
    int length = DataUtils.readVarInt(row);
    row.position(row.position() + length);
  }

  static StoredContent readChunks(ByteBuffer row) {
    DataUtils.readVarLong(row);
    int count = count(row, ChunkId.BYTES + 1);
    List<ChunkRef> chunks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ChunkId id = ChunkId.read(row);
      chunks.add(new ChunkRef(id, DataUtils.readVarInt(row)));
    }
    return new StoredContent(chunks);
  }

  static void skipChunks(ByteBuffer row) {
    DataUtils.readVarLong(row);
    int count = count(row, ChunkId.BYTES + 1);
    for (int i = 0; i < count; i++) {
      row.position(row.position() + ChunkId.BYTES);
      DataUtils.readVarInt(row);
    }
  }

  static List<String> readTags(ByteBuffer row) {
    int count = count(row, 1);
    List<String> tags = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tags.add(readText(row));
    }
    return tags;
  }

  static List<EventId> readMerges(ByteBuffer row) {
    int count = count(row, EventId.BYTES);
    List<EventId> merges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      merges.add(EventId.read(row));
    }
    return merges;
  }
}
