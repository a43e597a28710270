package org.ouroborosdb.store;

import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One unchanging state of a store: all the events with a sequence number up to {@link #seq}, less
 * those cleaned up by then; within a transaction its own events too. Thread-safe.
 *
 * <p>Every call throws {@link StoreException} {@link ErrorCode#CLOSED} after {@link #close}, and
 * {@link ErrorCode#CORRUPT} or {@link ErrorCode#IO_FAILED} where the disk fails it. Reading a row
 * that does not exist gives null; giving the {@code seq} of no event to a scan gives no rows.
 */
public interface Snapshot extends AutoCloseable {
  /** Returns the greatest committed sequence number that this snapshot may show; 0 if none. */
  long seq();

  /** Returns the number of events visible. Constant time where nothing was cleaned up. */
  long eventCount();

  /** Finds an event by its id. */
  @Nullable EventRow find(EventId id);

  /** Finds an event by its sequence number. */
  @Nullable EventRow find(long seq);

  /** Reads an event from the log, checked whole against its id. */
  Optional<Event> event(EventId id);

  /**
   * Reads the event of a row from the log, checked whole against its id; empty if this snapshot
   * does not show it. Of many rows in order sooner than by their ids.
   */
  default Optional<Event> event(EventRow row) {
    return event(row.id());
  }

  /** Returns events in order of sequence number (or the reverse), bounds inclusive. */
  Rows bySeq(long from, long to, boolean descending);

  /** Returns events in order of (level, seq) (or the reverse), bounds on level inclusive. */
  Rows byLevel(long from, long to, boolean descending);

  /** Returns all events whose parent this is, versions too, in order of (level, id). */
  Rows withParent(long parentSeq);

  /** Returns the NORMAL events whose parent this is, in order of (level, id). */
  default Rows children(long parentSeq) {
    Rows all = withParent(parentSeq);
    return () -> all.stream().filter(row -> row.type() == EventType.NORMAL).iterator();
  }

  /** Returns all roots in order of (level, id). */
  Rows roots();

  /** Returns the roots of exactly this title in order of (level, id). */
  Rows roots(String title);

  /** Returns the events of any type with exactly this title, in order of seq. */
  Rows titled(String title);

  /** Returns the events of any type whose title starts with a text, in no particular order. */
  Rows titledFrom(String prefix);

  /** Returns the events with this parent and exactly this title, in order of seq. */
  Rows titled(long parentSeq, String title);

  /** Returns the events that have every one of the tags, at least one, in order of seq. */
  Rows tagged(Collection<String> tags);

  /** Returns the events of a tree, its root first, in order of seq. */
  Rows tree(long rootSeq);

  /**
   * Returns an event and all its descendants, versions too, parents before children and siblings in
   * order of (level, id), depth first.
   *
   * @param maxDepth the most edges below the event; 0 for itself alone
   */
  Rows subtree(long seq, int maxDepth);

  /** Counts what {@link #subtree} returns. */
  default long subtreeCount(long seq, int maxDepth) {
    return subtree(seq, maxDepth).count();
  }

  /** Returns the ancestors of an event, its parent first, the root last. */
  Rows ancestors(long seq);

  /** Returns a base and its versions in order of seq; of a version, those of its base. */
  Rows versions(long baseSeq);

  /**
   * Returns the heads of a base, the versions that no other replaces (the base itself while it has
   * none), greatest (level, id) first: the first is the winner; several are a conflict.
   */
  Rows heads(long baseSeq);

  /** Returns the winner among the heads of a base. */
  default @Nullable EventRow winner(long baseSeq) {
    return heads(baseSeq).first().orElse(null);
  }

  /** Returns the content of an event, not of its versions; empty if absent. */
  Optional<Content> content(EventRow row);

  /** Returns the event's own metadata; empty if absent. */
  Optional<String> metadata(EventRow row);

  /** Returns the event's own metadata, or that of the nearest ancestor that has any. */
  Optional<String> effectiveMetadata(EventRow row);

  /** Opens stored content by its chunk list, whichever event refers to it. */
  Content open(StoredContent content);

  /** Returns how a chunk is stored; null if it is not. */
  @Nullable ChunkInfo chunk(ChunkId id);

  /** Returns all chunks in order of their ids. */
  Iterable<ChunkInfo> chunks();

  /**
   * Returns what was committed up to a sequence number, and is not cleaned up by now: events,
   * versions, heads and winners as of then. Valid while this snapshot is open; its close does
   * nothing.
   */
  Snapshot asOfSeq(long seq);

  /**
   * Returns the committed events whose level is at most this one (nanoseconds since the epoch,
   * UTC), and that are not cleaned up by now; otherwise like {@link #asOfSeq}. Events that came
   * later from another store with such a level are among them.
   */
  Snapshot asOfLevel(long level);

  /** Releases the state. Idempotent. */
  @Override
  void close();
}
