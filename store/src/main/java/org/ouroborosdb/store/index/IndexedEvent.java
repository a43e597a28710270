package org.ouroborosdb.store.index;

import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.segment.Position;

/**
 * An event with what is derived from its place.
 *
 * @param event the event
 * @param seq its sequence number
 * @param parentSeq its parent's; 0 for a root
 * @param rootSeq its root's; its own for a root
 * @param baseSeq its base's; its own for a ROOT or NORMAL event
 * @param depth the edges up to the root
 * @param position where its record starts in the log
 * @param contentLength the length of a PATCH's content, or {@link #UNKNOWN_LENGTH}; no other has it
 */
public record IndexedEvent(
    Event event,
    long seq,
    long parentSeq,
    long rootSeq,
    long baseSeq,
    int depth,
    Position position,
    long contentLength) {
  /** Stands for the length of a PATCH's content that is not known: its delta says it. */
  public static final long UNKNOWN_LENGTH = -1;

  /** Takes the content's length from the event; that of a PATCH is unknown. */
  public IndexedEvent(
      Event event,
      long seq,
      long parentSeq,
      long rootSeq,
      long baseSeq,
      int depth,
      Position position) {
    this(event, seq, parentSeq, rootSeq, baseSeq, depth, position, UNKNOWN_LENGTH);
  }

  /** Returns the number that a row has for the content's length; that of a PATCH is one more. */
  long contentNumber() {
    StoredContent content = event.content();
    return event.type() == EventType.PATCH
        ? contentLength + 1
        : content == null ? 0 : content.length();
  }
}
