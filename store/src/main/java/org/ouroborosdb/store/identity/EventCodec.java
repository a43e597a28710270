package org.ouroborosdb.store.identity;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.identity.proto.ChunkList;
import org.ouroborosdb.store.identity.proto.EventRecord;

/**
 * Event records, the protobuf form of an event on disk (event.proto). Stateless.
 *
 * <p>Written and read through protobuf's coded streams, not its message classes: those would build
 * every list that a hostile record announces before anything could be checked, and load a hundred
 * classes at the first event. The numbers of the fields are the generated constants.
 */
public final class EventCodec {
  private static final int MOST_UTF8_BYTES = 3; // of each UTF-16 unit

  /** Tag and length of a field. */
  private static final int MOST_LEAD_BYTES = 11;

  /** Id, parent, type, writer, level, expiry, two flags, salt, and what leads each of 16 fields. */
  private static final int MOST_FIXED_BYTES = 2 * EventId.BYTES + 64 + 16 * MOST_LEAD_BYTES;

  private EventCodec() {}

  /** Returns the record of an event. */
  public static byte[] encode(SealedEvent sealed) {
    byte[] record = new byte[mostBytes(sealed.event())];
    CodedOutputStream out = CodedOutputStream.newInstance(record);
    try {
      write(out, sealed.event(), sealed.salt());
    } catch (IOException e) {
      throw new AssertionError("a byte array that is long enough takes all that is written", e);
    }
    int length = out.getTotalBytesWritten();
    if (length > Limits.MAX_EVENT_RECORD_BYTES) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          "event record of "
              + length
              + " bytes is over the limit of "
              + Limits.MAX_EVENT_RECORD_BYTES);
    }
    return Arrays.copyOf(record, length);
  }

  /** Returns room for the record: a stream of its own took a tenth of an append. */
  private static int mostBytes(Event event) {
    long most = MOST_FIXED_BYTES + mostBytes(event.title()) + mostBytes(event.mediaType());
    for (String tag : event.tags()) {
      most += mostBytes(tag);
    }
    most += (long) event.merges().size() * (EventId.BYTES + MOST_LEAD_BYTES);
    most += mostBytes(event.metadata()) + mostBytes(event.content());
    return Math.toIntExact(most);
  }

  private static long mostBytes(@Nullable String text) {
    return text == null ? 0 : MOST_LEAD_BYTES + MOST_UTF8_BYTES * (long) text.length();
  }

  private static long mostBytes(@Nullable StoredContent content) {
    long chunkBytes = ChunkId.BYTES + MOST_LEAD_BYTES;
    return content == null ? 0 : 2 * MOST_LEAD_BYTES + chunkBytes * content.chunks().size();
  }

  /**
   * Reads a record and computes its event's id anew. Allocates nothing that {@link Limits} does not
   * allow, whatever the bytes are.
   *
   * @throws StoreException {@link ErrorCode#CORRUPT} if the bytes are no event record, or the id
   *     computed is not the id written
   */
  public static SealedEvent decodeVerified(byte[] record) {
    return EventRecordReader.read(record);
  }

  private static void write(CodedOutputStream out, Event event, byte[] salt) throws IOException {
    out.writeByteArray(EventRecord.ID_FIELD_NUMBER, event.id().toBytes());
    out.writeEnum(EventRecord.TYPE_FIELD_NUMBER, event.type().number());
    out.writeByteArray(EventRecord.WRITER_FIELD_NUMBER, bytes(event.writer()));
    out.writeSFixed64(EventRecord.LEVEL_FIELD_NUMBER, event.level());
    EventId parent = event.parent();
    if (parent != null) {
      out.writeByteArray(EventRecord.PARENT_FIELD_NUMBER, parent.toBytes());
    }
    for (EventId merge : event.merges()) {
      out.writeByteArray(EventRecord.MERGES_FIELD_NUMBER, merge.toBytes());
    }
    if (event.temporary()) {
      out.writeBool(EventRecord.TEMPORARY_FIELD_NUMBER, true);
    }
    Long expiresAt = event.expiresAt();
    if (expiresAt != null) {
      out.writeSFixed64(EventRecord.EXPIRES_AT_FIELD_NUMBER, expiresAt);
    }
    if (event.fullTextSearch()) {
      out.writeBool(EventRecord.FULL_TEXT_SEARCH_FIELD_NUMBER, true);
    }
    writeChunks(out, EventRecord.METADATA_FIELD_NUMBER, event.metadata());
    writeChunks(out, EventRecord.CONTENT_FIELD_NUMBER, event.content());
    out.writeByteArray(EventRecord.SALT_FIELD_NUMBER, salt);
    writeText(out, EventRecord.TITLE_FIELD_NUMBER, event.title());
    writeText(out, EventRecord.MEDIA_TYPE_FIELD_NUMBER, event.mediaType());
    for (String tag : event.tags()) {
      out.writeString(EventRecord.TAGS_FIELD_NUMBER, tag);
    }
  }

  private static void writeText(CodedOutputStream out, int field, @Nullable String text)
      throws IOException {
    if (text != null) {
      out.writeString(field, text);
    }
  }

  private static void writeChunks(CodedOutputStream out, int field, @Nullable StoredContent content)
      throws IOException {
    if (content == null) {
      return;
    }
    int namesBytes = content.chunks().size() * ChunkId.BYTES;
    int lengthsBytes = 0;
    for (ChunkRef chunk : content.chunks()) {
      lengthsBytes += CodedOutputStream.computeUInt32SizeNoTag(chunk.length());
    }
    out.writeTag(field, EventRecordReader.LENGTH_DELIMITED);
    out.writeUInt32NoTag(namesBytes == 0 ? 0 : partSize(namesBytes) + partSize(lengthsBytes));
    if (content.chunks().isEmpty()) {
      return;
    }
    out.writeTag(ChunkList.NAMES_FIELD_NUMBER, EventRecordReader.LENGTH_DELIMITED);
    out.writeUInt32NoTag(namesBytes);
    for (ChunkRef chunk : content.chunks()) {
      out.writeRawBytes(chunk.id().toBytes());
    }
    out.writeTag(ChunkList.LENGTHS_FIELD_NUMBER, EventRecordReader.LENGTH_DELIMITED);
    out.writeUInt32NoTag(lengthsBytes);
    for (ChunkRef chunk : content.chunks()) {
      out.writeUInt32NoTag(chunk.length());
    }
  }

  private static int partSize(int bytes) {
    return 1 + CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes;
  }

  private static byte[] bytes(WriterId writer) {
    return ByteBuffer.allocate(WriterId.BYTES).putLong(writer.high()).putLong(writer.low()).array();
  }
}
