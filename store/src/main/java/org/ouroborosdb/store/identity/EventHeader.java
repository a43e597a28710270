package org.ouroborosdb.store.identity;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;

/**
 * The part of an event that is hashed in the open. Immutable.
 *
 * <p>The components are those of {@link org.ouroborosdb.store.Event}. The scope of the chunk names,
 * also part of the header, is always absent (public) in this version.
 */
record EventHeader(
    EventType type,
    WriterId writer,
    long level,
    @Nullable EventId parent,
    List<EventId> merges,
    boolean temporary,
    @Nullable Long expiresAt,
    boolean fullTextSearch,
    @Nullable StoredContent metadata,
    @Nullable StoredContent content) {
  EventHeader {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(writer, "writer");
    merges = List.copyOf(merges);
    for (int i = 1; i < merges.size(); i++) {
      if (merges.get(i - 1).compareTo(merges.get(i)) >= 0) {
        throw new IllegalArgumentException("merges are not ascending at index " + i);
      }
    }
  }
}
