package org.ouroborosdb.store.embedded;

import org.ouroborosdb.store.EventId;

/**
 * Where an event hangs. Sequence numbers from {@code FIRST_PENDING_SEQ} on stand for events of the
 * same transaction, 0 for the event itself (as its own root or base) or no parent.
 *
 * @param parentSeq the parent's; 0 for a root
 * @param rootSeq the root's; 0 for a root
 * @param rootId the root's id; the event's own for a root
 * @param baseSeq the base's; 0 for a base
 * @param depth the edges up to the root
 */
record Place(long parentSeq, long rootSeq, EventId rootId, long baseSeq, int depth) {}
