package org.ouroborosdb.store.embedded;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;

/**
 * An event of a transaction that is not committed yet.
 *
 * @param event the event
 * @param record its record's payload
 * @param seq its number within the transaction, from {@code FIRST_PENDING_SEQ}
 * @param place where it hangs
 * @param contentLength the bytes of its content, of a PATCH those it makes; -1 if absent
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; nobody writes to the payload
record PendingEvent(Event event, byte[] record, long seq, Place place, long contentLength)
    implements EventRow {
  /** Returns all chunks that an event refers to. */
  static List<ChunkRef> chunks(Event event) {
    return Stream.of(Optional.ofNullable(event.content()), Optional.ofNullable(event.metadata()))
        .flatMap(Optional::stream)
        .flatMap(content -> content.chunks().stream())
        .toList();
  }

  /** Returns all chunks that it refers to. */
  List<ChunkRef> chunks() {
    return chunks(event);
  }

  @Override
  public EventId id() {
    return event.id();
  }

  @Override
  public EventType type() {
    return event.type();
  }

  @Override
  public long parentSeq() {
    return place.parentSeq();
  }

  @Override
  public @Nullable EventId parent() {
    return event.parent();
  }

  @Override
  public long rootSeq() {
    return place.rootSeq() == 0 ? seq : place.rootSeq();
  }

  @Override
  public EventId root() {
    return place.rootSeq() == 0 ? event.id() : place.rootId();
  }

  @Override
  public long baseSeq() {
    return place.baseSeq() == 0 ? seq : place.baseSeq();
  }

  @Override
  public int depth() {
    return place.depth();
  }

  @Override
  public WriterId writer() {
    return event.writer();
  }

  @Override
  public long level() {
    return event.level();
  }

  @Override
  public boolean temporary() {
    return event.temporary();
  }

  @Override
  public @Nullable Long expiresAt() {
    return event.expiresAt();
  }

  @Override
  public boolean fullTextSearch() {
    return event.fullTextSearch();
  }

  @Override
  public @Nullable String title() {
    return event.title();
  }

  @Override
  public @Nullable String mediaType() {
    return event.mediaType();
  }

  @Override
  public List<String> tags() {
    return event.tags();
  }

  @Override
  public List<EventId> merges() {
    return event.merges();
  }

  @Override
  public @Nullable StoredContent metadata() {
    return event.metadata();
  }

  @Override
  public @Nullable StoredContent content() {
    StoredContent content = event.content();
    return content == null || type() != EventType.PATCH
        ? content
        : new StoredContent(content.chunks(), id());
  }
}
