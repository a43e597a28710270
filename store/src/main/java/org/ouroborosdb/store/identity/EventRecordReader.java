package org.ouroborosdb.store.identity;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.identity.proto.ChunkList;
import org.ouroborosdb.store.identity.proto.EventRecord;

/**
 * Reads one event record, with a limit before every allocation. Stricter than protobuf: fields in
 * ascending order as they are written, none unknown, none twice. For one thread, for one record.
 */
final class EventRecordReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;

  private final CodedInputStream in;
  private final List<EventId> merges = new ArrayList<>();
  private final List<String> tags = new ArrayList<>();
  private byte @Nullable [] id;
  private int type;
  private @Nullable WriterId writer;
  private long level;
  private @Nullable EventId parent;
  private boolean temporary;
  private @Nullable Long expiresAt;
  private boolean fullTextSearch;
  private @Nullable StoredContent metadata;
  private @Nullable StoredContent content;
  private byte @Nullable [] salt;
  private @Nullable String title;
  private @Nullable String mediaType;
  private int tagBytesLeft = Limits.MAX_TAGS_BYTES;

  private EventRecordReader(byte[] record) {
    in = CodedInputStream.newInstance(record);
  }

  static SealedEvent read(byte[] record) {
    if (record.length > Limits.MAX_EVENT_RECORD_BYTES) {
      throw corrupt("it has " + record.length + " bytes", null);
    }
    try {
      EventRecordReader reader = new EventRecordReader(record);
      reader.readFields();
      return reader.verified();
    } catch (IOException | IllegalArgumentException e) {
      throw corrupt(String.valueOf(e.getMessage()), e);
    }
  }

  private SealedEvent verified() throws IOException {
    if (id == null || writer == null || salt == null || type < 1 || type > 5) {
      throw new InvalidProtocolBufferException("id, type, writer or salt is missing");
    }
    EventHeader header =
        new EventHeader(
            EventType.ofNumber(type),
            writer,
            level,
            parent,
            merges,
            temporary,
            expiresAt,
            fullTextSearch,
            metadata,
            content);
    SealedEvent sealed = SealedEvent.of(header, new EventText(title, mediaType, tags), salt);
    EventId written = EventId.of(id);
    if (Guard.EVENT_HASH.isOn() && !sealed.id().equals(written)) {
      throw corrupt("its id is written as " + written + " and computed as " + sealed.id(), null);
    }
    return sealed;
  }

  private void readFields() throws IOException {
    int last = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int field = tag >>> 3;
      boolean repeats =
          field == EventRecord.MERGES_FIELD_NUMBER || field == EventRecord.TAGS_FIELD_NUMBER;
      if (field < last || (field == last && !repeats)) {
        throw new InvalidProtocolBufferException("field " + field + " is out of order");
      }
      last = field;
      readField(tag);
    }
  }

  private void readField(int tag) throws IOException {
    switch (tag) {
      case EventRecord.ID_FIELD_NUMBER << 3 | LENGTH_DELIMITED -> id = exactly(EventId.BYTES);
      case EventRecord.TYPE_FIELD_NUMBER << 3 | VARINT -> type = in.readEnum();
      case EventRecord.WRITER_FIELD_NUMBER << 3 | LENGTH_DELIMITED -> writer = writer();
      case EventRecord.LEVEL_FIELD_NUMBER << 3 | FIXED64 -> level = in.readSFixed64();
      case EventRecord.PARENT_FIELD_NUMBER << 3 | LENGTH_DELIMITED -> parent = eventId();
      case EventRecord.MERGES_FIELD_NUMBER << 3 | LENGTH_DELIMITED -> addMerge();
      case EventRecord.TEMPORARY_FIELD_NUMBER << 3 | VARINT -> temporary = isTrue();
      case EventRecord.EXPIRES_AT_FIELD_NUMBER << 3 | FIXED64 -> expiresAt = in.readSFixed64();
      case EventRecord.FULL_TEXT_SEARCH_FIELD_NUMBER << 3 | VARINT -> fullTextSearch = isTrue();
      case EventRecord.METADATA_FIELD_NUMBER << 3 | LENGTH_DELIMITED -> metadata = chunks();
      case EventRecord.CONTENT_FIELD_NUMBER << 3 | LENGTH_DELIMITED -> content = chunks();
      case EventRecord.SALT_FIELD_NUMBER << 3 | LENGTH_DELIMITED ->
          salt = exactly(CanonicalEncoding.SALT_BYTES);
      case EventRecord.TITLE_FIELD_NUMBER << 3 | LENGTH_DELIMITED ->
          title = Utf8.decode(atMost(Limits.MAX_TITLE_BYTES));
      case EventRecord.MEDIA_TYPE_FIELD_NUMBER << 3 | LENGTH_DELIMITED ->
          mediaType = Utf8.decode(atMost(Limits.MAX_MEDIA_TYPE_BYTES));
      case EventRecord.TAGS_FIELD_NUMBER << 3 | LENGTH_DELIMITED -> addTag();
      default -> throw new InvalidProtocolBufferException("tag " + tag + " is unknown");
    }
  }

  /** Only true is ever written; and a damaged 1 must not pass for another true. */
  private boolean isTrue() throws IOException {
    int value = in.readRawVarint32();
    if (value != 1) {
      throw new InvalidProtocolBufferException("a truth value is " + value);
    }
    return true;
  }

  private WriterId writer() throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(exactly(WriterId.BYTES));
    return new WriterId(bytes.getLong(), bytes.getLong());
  }

  private EventId eventId() throws IOException {
    return EventId.of(exactly(EventId.BYTES));
  }

  private void addMerge() throws IOException {
    if (merges.size() == Limits.MAX_MERGES) {
      throw new InvalidProtocolBufferException("more than " + Limits.MAX_MERGES + " merges");
    }
    merges.add(eventId());
  }

  private void addTag() throws IOException {
    byte[] bytes = atMost(tagBytesLeft);
    if (bytes.length == 0 && !tags.isEmpty()) { // ascending, so only the first may be empty
      throw new InvalidProtocolBufferException("tags are not ascending");
    }
    tagBytesLeft -= bytes.length;
    tags.add(Utf8.decode(bytes));
  }

  private StoredContent chunks() throws IOException {
    int size = in.readRawVarint32();
    if (size == 0) {
      return StoredContent.EMPTY;
    }
    int outer = in.pushLimit(size);
    requireTag(ChunkList.NAMES_FIELD_NUMBER);
    byte[] names = atMost(Limits.MAX_CHUNKS_PER_CONTENT * ChunkId.BYTES);
    requireTag(ChunkList.LENGTHS_FIELD_NUMBER);
    int inner = in.pushLimit(in.readRawVarint32());
    List<ChunkRef> chunks = new ArrayList<>(names.length / ChunkId.BYTES);
    for (ByteBuffer left = ByteBuffer.wrap(names); left.remaining() >= ChunkId.BYTES; ) {
      chunks.add(new ChunkRef(ChunkId.read(left), in.readUInt32()));
    }
    if (names.length == 0 || names.length % ChunkId.BYTES != 0 || in.getBytesUntilLimit() != 0) {
      throw new InvalidProtocolBufferException("a chunk list has unequal counts");
    }
    in.popLimit(inner);
    if (in.getBytesUntilLimit() != 0) {
      throw new InvalidProtocolBufferException("a chunk list has bytes behind its end");
    }
    in.popLimit(outer);
    return new StoredContent(chunks);
  }

  private void requireTag(int field) throws IOException {
    int tag = in.readTag();
    if (tag != (field << 3 | LENGTH_DELIMITED)) {
      throw new InvalidProtocolBufferException("a chunk list has tag " + tag);
    }
  }

  private byte[] exactly(int length) throws IOException {
    byte[] bytes = atMost(length);
    if (bytes.length != length) {
      throw new InvalidProtocolBufferException(bytes.length + " bytes, not " + length);
    }
    return bytes;
  }

  /** Reads a length and as many bytes; the length is checked before anything is allocated. */
  private byte[] atMost(int maxBytes) throws IOException {
    int length = in.readRawVarint32();
    if (length < 0 || length > maxBytes) {
      throw new InvalidProtocolBufferException(
          "a field of " + length + " bytes is over the limit of " + maxBytes);
    }
    return in.readRawBytes(length);
  }

  private static StoreException corrupt(String why, @Nullable Throwable cause) {
    return new StoreException(
        ErrorCode.CORRUPT, "an event record is damaged: " + why + "; run verify", cause);
  }
}
