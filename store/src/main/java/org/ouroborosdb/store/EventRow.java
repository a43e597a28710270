package org.ouroborosdb.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as the index of one store knows it: what was written, and what is derived from its
 * place. Immutable and usable from any thread while its snapshot is open.
 *
 * <p>Accessors decode on demand: ask only for what is needed.
 */
public interface EventRow {
  /**
   * Returns the local sequence number, from 1. Rows that an open transaction has not committed yet
   * have one above {@link #FIRST_PENDING_SEQ}, valid within that transaction only.
   */
  long seq();

  /** The least sequence number that stands for a row not committed yet. */
  long FIRST_PENDING_SEQ = 1L << 48;

  /** Returns whether the row belongs to a transaction that is not committed yet. */
  default boolean isPending() {
    return seq() >= FIRST_PENDING_SEQ;
  }

  /** Returns the event's id. */
  EventId id();

  /** Returns the type. */
  EventType type();

  /** Returns the parent's sequence number; 0 for a root. */
  long parentSeq();

  /** Returns the parent's id; null for a root. */
  @Nullable EventId parent();

  /** Returns the sequence number of the root of its tree; its own for a root. */
  long rootSeq();

  /** Returns the id of the root of its tree; its own for a root. */
  EventId root();

  /**
   * Returns the sequence number of its base: its own for a ROOT or NORMAL event, for a version the
   * event whose versions form its chain.
   */
  long baseSeq();

  /** Returns the number of edges up to the root; 0 for a root. */
  int depth();

  /** Returns the writer. */
  WriterId writer();

  /** Returns the level: nanoseconds since the epoch, UTC. */
  long level();

  /** Returns whether the event is temporary. */
  boolean temporary();

  /** Returns when the event may be cleaned up, nanoseconds since the epoch; null if unset. */
  @Nullable Long expiresAt();

  /** Returns whether the content is meant for full-text search. */
  boolean fullTextSearch();

  /** Returns the title; null if absent. */
  @Nullable String title();

  /** Returns the media type; null if absent. */
  @Nullable String mediaType();

  /** Returns the tags, sorted by their UTF-8 bytes. */
  List<String> tags();

  /** Returns the merged versions. */
  List<EventId> merges();

  /** Returns the chunks of the event's own metadata; null if absent. */
  @Nullable StoredContent metadata();

  /** Returns the chunks of the content, of a PATCH those of its change; null if absent. */
  @Nullable StoredContent content();

  /** Returns the length of the content in bytes, of a PATCH what it makes; -1 if absent. */
  long contentLength();
}
