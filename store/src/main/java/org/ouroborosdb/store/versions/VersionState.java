package org.ouroborosdb.store.versions;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;

/**
 * What a version says of its base, without its place in the history. Immutable.
 *
 * @param removed whether it ends the life of its base; all else is absent then
 * @param title the title; null keeps the base's
 * @param mediaType the media type; null keeps the base's
 * @param tags the tags
 * @param metadata the metadata; null if absent
 * @param content the content; null if absent
 * @param fullTextSearch whether the content is meant for full-text search
 */
public record VersionState(
    boolean removed,
    @Nullable String title,
    @Nullable String mediaType,
    List<String> tags,
    @Nullable String metadata,
    @Nullable StoredContent content,
    boolean fullTextSearch) {
  /** The state of what is removed. */
  public static final VersionState REMOVED =
      new VersionState(true, null, null, List.of(), null, null, false);

  /** Copies the list. */
  public VersionState {
    tags = List.copyOf(tags);
  }

  /** Returns the state that a version, or a base, says; the next version may start from it. */
  public static VersionState of(Snapshot snapshot, EventRow row) {
    if (row.type() == EventType.REMOVE) {
      return REMOVED;
    }
    boolean version = row.type().isVersion(); // a version without a title keeps its base's
    return new VersionState(
        false,
        version ? row.title() : null,
        version ? row.mediaType() : null,
        row.tags(),
        snapshot.metadata(row).orElse(null),
        row.content(),
        row.fullTextSearch());
  }

  /** Returns the same with another title. */
  public VersionState withTitle(@Nullable String value) {
    return new VersionState(false, value, mediaType, tags, metadata, content, fullTextSearch);
  }

  /** Returns the same with another media type. */
  public VersionState withMediaType(@Nullable String value) {
    return new VersionState(false, title, value, tags, metadata, content, fullTextSearch);
  }

  /** Returns the same with other metadata. */
  public VersionState withMetadata(@Nullable String value) {
    return new VersionState(false, title, mediaType, tags, value, content, fullTextSearch);
  }

  /** Returns the same with another content. */
  public VersionState withContent(@Nullable StoredContent value) {
    return new VersionState(false, title, mediaType, tags, metadata, value, fullTextSearch);
  }

  /**
   * Returns the version with this state that replaces some heads of one base.
   *
   * @param heads the heads, at least one; the first becomes its parent
   */
  public NewEvent replacing(List<EventRow> heads) {
    EventRow first = heads.get(0);
    NewEvent.Builder version =
        (removed ? NewEvent.remove(first.id()) : NewEvent.overwrite(first.id()))
            .merges(heads.subList(1, heads.size()).stream().map(EventRow::id).toList());
    if (first.temporary()) {
      version.temporary(first.expiresAt());
    }
    if (!removed) {
      version
          .title(title)
          .mediaType(mediaType)
          .tags(tags)
          .metadata(metadata)
          .content(content)
          .fullTextSearch(fullTextSearch);
    }
    return version.build();
  }
}
