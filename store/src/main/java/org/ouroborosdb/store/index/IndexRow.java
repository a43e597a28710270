package org.ouroborosdb.store.index;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.h2.mvstore.DataUtils;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.patch.PatchedContent;
import org.ouroborosdb.store.segment.Position;

/** A row of the index, decoded where it is asked. Immutable but for what it remembers. */
final class IndexRow implements EventRow {
  private final EventIndex index;
  private final long seq;
  private final byte[] bytes;
  private final int flags;

  // Decoded together at the first question for one of them; racing threads write the same.
  private volatile int textsOffset;
  private long parentSeq;
  private long rootSeq;
  private long baseSeq;
  private int depth;
  private int writerNumber;
  private long position;

  private volatile long patchLength; // one more than the length that a delta said; 0 if not asked
  private volatile @Nullable EventId id;
  private volatile @Nullable Event verified;

  IndexRow(EventIndex index, long seq, byte[] bytes) {
    this.index = index;
    this.seq = seq;
    this.bytes = bytes;
    if (bytes.length < RowCodec.REST_OFFSET) {
      throw damaged(null);
    }
    this.flags =
        ((bytes[RowCodec.FLAGS_OFFSET] & 0xff) << 8) | (bytes[RowCodec.FLAGS_OFFSET + 1] & 0xff);
  }

  private int decodePlace() {
    int offset = textsOffset;
    if (offset == 0) {
      ByteBuffer row = ByteBuffer.wrap(bytes).position(RowCodec.REST_OFFSET);
      try {
        long parent = DataUtils.readVarLong(row);
        parentSeq = parent == 0 ? 0 : seq - parent;
        rootSeq = seq - DataUtils.readVarLong(row);
        baseSeq = seq - DataUtils.readVarLong(row);
        depth = DataUtils.readVarInt(row);
        writerNumber = DataUtils.readVarInt(row);
        position = DataUtils.readVarLong(row);
      } catch (BufferUnderflowException e) {
        throw damaged(e);
      }
      offset = row.position();
      textsOffset = offset;
    }
    return offset;
  }

  private StoreException damaged(@Nullable RuntimeException cause) {
    return new StoreException(
        ErrorCode.CORRUPT, "row " + seq + " of the index is damaged; rebuild the index", cause);
  }

  /** Reads a field; null if the row has none. */
  private <T> @Nullable T field(int flag, Function<ByteBuffer, T> read) {
    if (!has(flag)) {
      return null;
    }
    try {
      return read.apply(at(flag));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw damaged(e);
    }
  }

  /** Returns a buffer at the field of a flag, which must be set; fields lie in the flags' order. */
  private ByteBuffer at(int field) {
    ByteBuffer row = ByteBuffer.wrap(bytes).position(decodePlace());
    for (int flag = RowCodec.EXPIRES; flag < field; flag <<= 1) {
      if ((flags & flag) != 0) {
        switch (flag) {
          case RowCodec.EXPIRES -> row.position(row.position() + Long.BYTES);
          case RowCodec.TITLE, RowCodec.MEDIA_TYPE -> RowCodec.skipText(row);
          case RowCodec.CONTENT, RowCodec.METADATA -> RowCodec.skipChunks(row);
          default -> RowCodec.readTags(row);
        }
      }
    }
    return row;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  public long seq() {
    return seq;
  }

  @Override
  public EventId id() {
    EventId known = id;
    if (known == null) {
      known = EventId.read(ByteBuffer.wrap(bytes));
      id = known;
    }
    return known;
  }

  /** Returns a copy of the row. */
  byte[] bytes() {
    return bytes.clone();
  }

  /** Returns the bytes of the row. */
  int length() {
    return bytes.length;
  }

  /** Returns the event, if it was read from the log and verified before. */
  @Nullable Event verified() {
    return verified;
  }

  void setVerified(Event event) {
    verified = event;
  }

  @Override
  public EventType type() {
    return EventType.ofNumber(flags & RowCodec.TYPE_MASK);
  }

  @Override
  public long parentSeq() {
    decodePlace();
    return parentSeq;
  }

  @Override
  public @Nullable EventId parent() {
    long parent = parentSeq();
    return parent == 0 ? null : index.idOf(parent);
  }

  @Override
  public long rootSeq() {
    decodePlace();
    return rootSeq;
  }

  @Override
  public EventId root() {
    long root = rootSeq();
    return root == seq ? id() : index.idOf(root);
  }

  @Override
  public long baseSeq() {
    decodePlace();
    return baseSeq;
  }

  @Override
  public int depth() {
    decodePlace();
    return depth;
  }

  @Override
  public WriterId writer() {
    decodePlace();
    try {
      return index.writer(writerNumber);
    } catch (IndexOutOfBoundsException e) {
      throw damaged(e);
    }
  }

  /** Returns where its record starts in the log. */
  Position position() {
    decodePlace();
    try {
      return Position.ofLong(position);
    } catch (IllegalArgumentException e) {
      throw damaged(e);
    }
  }

  @Override
  public long level() {
    return ByteBuffer.wrap(bytes).getLong(RowCodec.LEVEL_OFFSET);
  }

  @Override
  public boolean temporary() {
    return has(RowCodec.TEMPORARY);
  }

  @Override
  public @Nullable Long expiresAt() {
    return field(RowCodec.EXPIRES, ByteBuffer::getLong);
  }

  @Override
  public boolean fullTextSearch() {
    return has(RowCodec.FULL_TEXT_SEARCH);
  }

  @Override
  public @Nullable String title() {
    return field(RowCodec.TITLE, RowCodec::readText);
  }

  @Override
  public @Nullable String mediaType() {
    return field(RowCodec.MEDIA_TYPE, RowCodec::readText);
  }

  @Override
  public List<String> tags() {
    List<String> tags = field(RowCodec.TAGS, RowCodec::readTags);
    return tags == null ? List.of() : tags;
  }

  @Override
  public List<EventId> merges() {
    List<EventId> merges = field(RowCodec.MERGES, RowCodec::readMerges);
    return merges == null ? List.of() : merges;
  }

  @Override
  public @Nullable StoredContent metadata() {
    return field(RowCodec.METADATA, RowCodec::readChunks);
  }

  @Override
  public @Nullable StoredContent content() {
    StoredContent content = field(RowCodec.CONTENT, RowCodec::readChunks);
    return content == null || type() != EventType.PATCH
        ? content
        : new StoredContent(content.chunks(), id());
  }

  @Override
  public long contentLength() {
    Long length = field(RowCodec.CONTENT, DataUtils::readVarLong);
    if (length == null) {
      return -1;
    }
    return type() == EventType.PATCH ? patchLength(length) : length;
  }

  /** A row of a PATCH has one more than the length, or 0 where only the delta can tell. */
  private long patchLength(long number) {
    if (number > 0) {
      return number - 1;
    }
    LogReads log = index.log();
    if (number < 0 || log == null) {
      throw damaged(null);
    }
    if (patchLength == 0) {
      StoredContent delta = Objects.requireNonNull(field(RowCodec.CONTENT, RowCodec::readChunks));
      patchLength = PatchedContent.lengthOf(log.content(delta, () -> {})) + 1;
    }
    return patchLength - 1;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventRow row && row.seq() == seq && row.id().equals(id());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(seq);
  }

  @Override
  public String toString() {
    return type() + " " + id() + " (seq " + seq + ")";
  }
}
