package org.ouroborosdb.store.identity;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;

/** An event with the salt of its commitment: all that its id is computed from. Immutable. */
public final class SealedEvent {
  /** The length of a salt in bytes. */
  public static final int SALT_BYTES = CanonicalEncoding.SALT_BYTES;

  private final Event event;
  private final byte[] salt;

  private SealedEvent(Event event, byte[] salt) {
    this.event = event;
    this.salt = salt;
  }

  /**
   * Makes the event that a draft describes: sorts its sets, checks its texts and counts against
   * {@link Limits}, and computes its id. The rules of the data model (which parent, which metadata)
   * are the caller's to check.
   *
   * @param draft what the caller said; its metadata text is not looked at
   * @param writer the store that writes it
   * @param level its level
   * @param metadata the chunks of its metadata, already stored; null if absent
   * @param salt 16 random bytes
   * @throws StoreException {@link ErrorCode#INVALID_TEXT}, {@link ErrorCode#TOO_LONG} or {@link
   *     ErrorCode#LIMIT_EXCEEDED}
   */
  public static SealedEvent seal(
      NewEvent draft, WriterId writer, long level, @Nullable StoredContent metadata, byte[] salt) {
    if (salt.length != SALT_BYTES) {
      throw new IllegalArgumentException("salt of " + salt.length + " bytes, not " + SALT_BYTES);
    }
    requireChunkCount("metadata", metadata);
    requireChunkCount("content", draft.content());
    EventHeader header =
        new EventHeader(
            draft.type(),
            writer,
            level,
            draft.parent(),
            sortedMerges(draft.merges()),
            draft.temporary(),
            draft.expiresAt(),
            draft.fullTextSearch(),
            metadata,
            draft.content());
    return of(header, checkedText(draft), salt.clone());
  }

  /** Puts an event together and computes its id; the salt is kept, not copied. */
  static SealedEvent of(EventHeader header, EventText text, byte[] salt) {
    EventId id = CanonicalEncoding.eventId(header, CanonicalEncoding.commitment(salt, text));
    Event event =
        new Event(
            id,
            header.type(),
            header.writer(),
            header.level(),
            header.parent(),
            header.merges(),
            header.temporary(),
            header.expiresAt(),
            header.fullTextSearch(),
            text.title(),
            text.mediaType(),
            text.tags(),
            header.metadata(),
            header.content());
    return new SealedEvent(event, salt);
  }

  /** Returns the event. */
  public Event event() {
    return event;
  }

  /** Returns the event's id. */
  public EventId id() {
    return event.id();
  }

  /** Returns a copy of the 16 bytes of salt. */
  public byte[] salt() {
    return salt.clone();
  }

  private static EventText checkedText(NewEvent draft) {
    checkText("title", draft.title(), Limits.MAX_TITLE_BYTES);
    checkText("media_type", draft.mediaType(), Limits.MAX_MEDIA_TYPE_BYTES);
    return new EventText(draft.title(), draft.mediaType(), sortedTags(draft.tags()));
  }

  private static void checkText(String what, @Nullable String text, int maxBytes) {
    if (text != null) {
      Utf8.encode(what, text, maxBytes);
    }
  }

  private static List<String> sortedTags(List<String> tags) {
    if (tags.isEmpty()) {
      return List.of();
    }
    List<String> sorted = tags.stream().distinct().sorted(EventText::compareUtf8).toList();
    int left = Limits.MAX_TAGS_BYTES;
    for (String tag : sorted) {
      left -= Utf8.encode("tag", tag, Limits.MAX_TAGS_BYTES).length;
      if (left < 0) {
        throw new StoreException(
            ErrorCode.TOO_LONG,
            "the tags of the event take more than " + Limits.MAX_TAGS_BYTES + " bytes in UTF-8");
      }
    }
    return sorted;
  }

  private static List<EventId> sortedMerges(List<EventId> merges) {
    if (merges.isEmpty()) {
      return List.of();
    }
    List<EventId> sorted = merges.stream().distinct().sorted().toList();
    if (sorted.size() > Limits.MAX_MERGES) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          sorted.size() + " merges are over the limit of " + Limits.MAX_MERGES);
    }
    return sorted;
  }

  private static void requireChunkCount(String what, @Nullable StoredContent content) {
    if (content != null && content.chunks().size() > Limits.MAX_CHUNKS_PER_CONTENT) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          what
              + " of "
              + content.chunks().size()
              + " chunks is over the limit of "
              + Limits.MAX_CHUNKS_PER_CONTENT);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedEvent that && event.id().equals(that.event.id());
  }

  @Override
  public int hashCode() {
    return event.id().hashCode();
  }

  @Override
  public String toString() {
    return "event " + event.id();
  }
}
