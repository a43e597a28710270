package org.ouroborosdb.store.index;

import org.ouroborosdb.store.Event;
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
 */
public record IndexedEvent(
    Event event,
    long seq,
    long parentSeq,
    long rootSeq,
    long baseSeq,
    int depth,
    Position position) {}
