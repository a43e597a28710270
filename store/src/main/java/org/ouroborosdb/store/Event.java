package org.ouroborosdb.store;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as it was written, whose id has been checked against all of this. Immutable.
 *
 * <p>{@link EventRow} is the same event as the index knows it, with what is derived: sequence
 * number, root and depth.
 *
 * @param id the SHA-512 of everything else, as docs/FORMAT.md specifies
 * @param type the type
 * @param writer the store that wrote it
 * @param level nanoseconds since the epoch, UTC, as a hybrid logical clock; above its parent's
 * @param parent the parent; null for a ROOT only
 * @param merges the other versions that a version replaces; sorted, no duplicates
 * @param temporary whether it may be cleaned up
 * @param expiresAt when it may be cleaned up, nanoseconds since the epoch; null unless temporary
 * @param fullTextSearch whether its content is meant for full-text search
 * @param title the title; null if absent
 * @param mediaType the media type of the content; null if absent
 * @param tags the tags, sorted by their UTF-8 bytes, no duplicates
 * @param metadata the chunks of the metadata; null if absent
 * @param content the chunks of the content, of a PATCH those of its change; null if absent
 */
public record Event(
    EventId id,
    EventType type,
    WriterId writer,
    long level,
    @Nullable EventId parent,
    List<EventId> merges,
    boolean temporary,
    @Nullable Long expiresAt,
    boolean fullTextSearch,
    @Nullable String title,
    @Nullable String mediaType,
    List<String> tags,
    @Nullable StoredContent metadata,
    @Nullable StoredContent content) {
  /** Copies the lists. */
  public Event {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(writer, "writer");
    merges = List.copyOf(merges);
    tags = List.copyOf(tags);
  }
}
