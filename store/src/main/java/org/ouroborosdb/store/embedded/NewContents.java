package org.ouroborosdb.store.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.ErrorCode;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.disk.Guard;
import org.ouroborosdb.store.patch.BytesContent;
import org.ouroborosdb.store.patch.DeltaMaker;
import org.ouroborosdb.store.patch.PatchedContent;

/**
 * Decides how the content of a new event is stored: as it was put, or as a change against what the
 * event replaces; and checks changes that are given ready. For one event.
 */
final class NewContents {
  /** What is longer is put while it is made. */
  private static final int MOST_IN_MEMORY = 1 << 20;

  private final EmbeddedEventStore store;
  private final Snapshot state;

  /** Works on a state that has the event's parent. */
  NewContents(EmbeddedEventStore store, Snapshot state) {
    this.store = store;
    this.state = state;
  }

  /**
   * What is appended.
   *
   * @param type the type, which may be OVERWRITE where a PATCH was asked for
   * @param content the chunks; null if absent
   * @param length the bytes of the content when it is read; -1 if absent
   */
  record Decided(EventType type, @Nullable StoredContent content, long length) {}

  Decided decide(NewEvent draft, @Nullable EventRow parent) {
    InputStream bytes = draft.newContent();
    StoredContent content = draft.content();
    if (bytes == null && content != null && content.patch() != null) {
      try (InputStream patched = state.open(content).stream()) {
        return put(draft, parent, patched);
      } catch (IOException e) {
        throw new UncheckedIOException("a content's stream throws store exceptions only", e);
      }
    }
    if (bytes != null) {
      base(parent);
      return put(draft, parent, bytes);
    }
    if (draft.type() == EventType.PATCH) {
      return new Decided(EventType.PATCH, content, checked(content, base(parent)));
    }
    return new Decided(draft.type(), content, content == null ? -1 : content.length());
  }

  /** Opens what a PATCH changes. */
  private Content base(@Nullable EventRow parent) {
    StoredContent content = parent == null ? null : parent.content();
    if (content == null) {
      throw new StoreException(
          ErrorCode.RULE_VIOLATED,
          "a PATCH changes the content of the version it replaces, which has none");
    }
    return state.open(content);
  }

  /** Applies a ready delta; returns the length of the result. */
  private long checked(@Nullable StoredContent delta, Content base) {
    if (delta == null) {
      throw new StoreException(
          ErrorCode.MISSING_VALUE, "a PATCH needs a content: the delta in docs/FORMAT.md");
    }
    Content bytes = state.open(delta);
    requireShortChain(base);
    if (!Guard.DELTA_CHECK.isOn()) {
      return PatchedContent.lengthOf(bytes);
    }
    try {
      PatchedContent result = PatchedContent.of(bytes, base);
      PatchedContent.verify(result);
      return result.length();
    } catch (StoreException e) {
      if (!PatchedContent.isBadDelta(e)) {
        throw e;
      }
      throw new StoreException(
          ErrorCode.RULE_VIOLATED, "the PATCH is refused: " + e.getMessage(), e);
    }
  }

  private static void requireShortChain(Content base) {
    if (!PatchedContent.mayBeBase(base)) {
      throw new StoreException(
          ErrorCode.LIMIT_EXCEEDED,
          "at most " + Limits.MAX_PATCHES + " PATCHes stand one on the other; append an OVERWRITE");
    }
  }

  private Decided put(NewEvent draft, @Nullable EventRow parent, InputStream bytes) {
    boolean version = draft.type() == EventType.PATCH || draft.type() == EventType.OVERWRITE;
    StoredContent replaced = parent == null || !version ? null : parent.content();
    Content base = replaced == null ? null : state.open(replaced);
    EventType whole = draft.type() == EventType.PATCH ? EventType.OVERWRITE : draft.type();
    if (base == null || !PatchedContent.mayBeBase(base)) {
      return whole(whole, store.put(bytes));
    }
    try {
      return patch(whole, base, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("the maker of deltas throws store exceptions only", e);
    }
  }

  private Decided patch(EventType whole, Content base, InputStream bytes) throws IOException {
    DeltaMaker maker = new DeltaMaker(base, bytes, store::hasChunk);
    byte[] start = maker.readNBytes(MOST_IN_MEMORY);
    Content delta = new BytesContent(start);
    StoredContent stored = null;
    if (start.length == MOST_IN_MEMORY) {
      stored = store.put(new SequenceInputStream(new ByteArrayInputStream(start), maker));
      delta = state.open(stored);
    }
    PatchedContent result = PatchedContent.of(delta, base);
    if (!maker.isWorth()) {
      return whole(whole, store.put(result.stream()));
    }
    PatchedContent.verify(result);
    StoredContent content = stored == null ? store.put(start) : stored;
    return new Decided(EventType.PATCH, content, result.length());
  }

  private static Decided whole(EventType type, StoredContent content) {
    return new Decided(type, content, content.length());
  }

  /**
   * Returns the event to be sealed: as decided, and of a PATCH what it does not say as the version
   * it replaces says it. Metadata is not among it: see {@link #keptMetadata}.
   */
  static NewEvent completed(NewEvent draft, Decided decided, @Nullable EventRow replaced) {
    NewEvent.Builder event =
        NewEvent.of(decided.type(), draft.parent())
            .merges(draft.merges())
            .title(draft.title())
            .mediaType(draft.mediaType())
            .tags(draft.tags())
            .metadata(draft.metadata())
            .content(decided.content())
            .fullTextSearch(draft.fullTextSearch());
    if (draft.temporary()) {
      event.temporary(draft.expiresAt());
    }
    if (draft.type() == EventType.PATCH) {
      keep(draft, Objects.requireNonNull(replaced), event);
    }
    return event.build();
  }

  private static void keep(NewEvent draft, EventRow replaced, NewEvent.Builder event) {
    boolean version = replaced.type().isVersion(); // a base's texts are kept by being absent
    if (version && draft.title() == null) {
      event.title(replaced.title());
    }
    if (version && draft.mediaType() == null) {
      event.mediaType(replaced.mediaType());
    }
    if (draft.tags().isEmpty()) {
      event.tags(replaced.tags());
    }
    event.fullTextSearch(draft.fullTextSearch() || replaced.fullTextSearch());
  }

  /** Returns the stored metadata that a PATCH keeps; null if it says its own, or there is none. */
  static @Nullable StoredContent keptMetadata(NewEvent draft, @Nullable EventRow replaced) {
    boolean keeps = draft.type() == EventType.PATCH && draft.metadata() == null;
    return keeps ? Objects.requireNonNull(replaced).metadata() : null;
  }
}
