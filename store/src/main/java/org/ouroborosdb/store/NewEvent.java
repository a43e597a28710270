package org.ouroborosdb.store;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the caller says of an event to be written; the store adds writer, level, salt and id.
 * Immutable; made with a {@link Builder}. The store checks it when it is appended.
 *
 * @param type the type
 * @param parent the parent; for a version, the version it replaces; null for a ROOT only
 * @param merges the other heads that a version replaces
 * @param title the title, 1 byte to {@link Limits#MAX_TITLE_BYTES} in UTF-8; null if absent
 * @param mediaType the media type; null if absent
 * @param tags the tags; order and duplicates do not matter
 * @param metadata the metadata, at most {@link Limits#MAX_METADATA_BYTES} in UTF-8; null if absent
 * @param content the content, already put into the store; null if absent
 * @param temporary whether it may be cleaned up
 * @param expiresAt when it may be cleaned up, ns since the epoch; only if temporary
 * @param fullTextSearch whether its content is meant for full-text search
 * @param newContent the bytes of a {@link #patch}, read once, when it is appended; else null
 */
public record NewEvent(
    EventType type,
    @Nullable EventId parent,
    List<EventId> merges,
    @Nullable String title,
    @Nullable String mediaType,
    List<String> tags,
    @Nullable String metadata,
    @Nullable StoredContent content,
    boolean temporary,
    @Nullable Long expiresAt,
    boolean fullTextSearch,
    @Nullable InputStream newContent) {
  /** Creates an event whose content, if any, is put already. */
  public NewEvent(
      EventType type,
      @Nullable EventId parent,
      List<EventId> merges,
      @Nullable String title,
      @Nullable String mediaType,
      List<String> tags,
      @Nullable String metadata,
      @Nullable StoredContent content,
      boolean temporary,
      @Nullable Long expiresAt,
      boolean fullTextSearch) {
    this(
        type,
        parent,
        merges,
        title,
        mediaType,
        tags,
        metadata,
        content,
        temporary,
        expiresAt,
        fullTextSearch,
        null);
  }

  /** Copies the lists. */
  public NewEvent {
    merges = List.copyOf(merges);
    tags = List.copyOf(tags);
  }

  /** Starts a root. */
  public static Builder root(String title) {
    return new Builder(EventType.ROOT, null).title(title);
  }

  /** Starts a NORMAL event under a parent. */
  public static Builder child(EventId parent) {
    return new Builder(EventType.NORMAL, parent);
  }

  /** Starts a version that is the whole new state of the version it replaces. */
  public static Builder overwrite(EventId replaced) {
    return new Builder(EventType.OVERWRITE, replaced);
  }

  /**
   * Starts a version with another content, stored as its change to that of the version it replaces.
   * What is not set (title, media type, tags, metadata) stays as it is there.
   *
   * <p>The store makes the change when the event is appended, and appends an OVERWRITE with the
   * same state instead if the change would take more than a quarter of the bytes of the chunks that
   * adds, or {@link Limits#MAX_PATCHES} stand one on the other already.
   *
   * @param newContent the new content, read to its end by the append, and left open
   */
  public static Builder patch(EventId replaced, InputStream newContent) {
    Builder builder = new Builder(EventType.PATCH, replaced);
    builder.newContent = newContent;
    return builder;
  }

  /** Starts a version that removes its base. */
  public static Builder remove(EventId replaced) {
    return new Builder(EventType.REMOVE, replaced);
  }

  /** Starts an event of any type. */
  public static Builder of(EventType type, @Nullable EventId parent) {
    return new Builder(type, parent);
  }

  /** Collects what is optional. For one thread. */
  public static final class Builder {
    private final EventType type;
    private final @Nullable EventId parent;
    private final List<EventId> merges = new ArrayList<>();
    private final List<String> tags = new ArrayList<>();
    private @Nullable String title;
    private @Nullable String mediaType;
    private @Nullable String metadata;
    private @Nullable StoredContent content;
    private boolean temporary;
    private @Nullable Long expiresAt;
    private boolean fullTextSearch;
    private @Nullable InputStream newContent;

    private Builder(EventType type, @Nullable EventId parent) {
      this.type = type;
      this.parent = parent;
    }

    /** Sets the title. */
    public Builder title(@Nullable String value) {
      title = value;
      return this;
    }

    /** Sets the media type. */
    public Builder mediaType(@Nullable String value) {
      mediaType = value;
      return this;
    }

    /** Adds tags. */
    public Builder tags(String... values) {
      return tags(List.of(values));
    }

    /** Adds tags. */
    public Builder tags(Collection<String> values) {
      tags.addAll(values);
      return this;
    }

    /** Adds versions that are replaced besides the parent. */
    public Builder merges(Collection<EventId> values) {
      merges.addAll(values);
      return this;
    }

    /** Sets the metadata. */
    public Builder metadata(@Nullable String value) {
      metadata = value;
      return this;
    }

    /** Sets the content. */
    public Builder content(@Nullable StoredContent value) {
      content = value;
      return this;
    }

    /** Marks the event temporary, never cleaned up by time alone. */
    public Builder temporary() {
      return temporary(null);
    }

    /** Marks the event temporary, with the time after which it may be cleaned up (ns UTC). */
    public Builder temporary(@Nullable Long expiresAtNanos) {
      temporary = true;
      expiresAt = expiresAtNanos;
      return this;
    }

    /** Says whether the content is meant for full-text search. */
    public Builder fullTextSearch(boolean value) {
      fullTextSearch = value;
      return this;
    }

    /** Returns what was collected. */
    public NewEvent build() {
      return new NewEvent(
          type,
          parent,
          merges,
          title,
          mediaType,
          tags,
          metadata,
          content,
          temporary,
          expiresAt,
          fullTextSearch,
          newContent);
    }
  }
}
