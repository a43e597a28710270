package org.ouroborosdb.store.index;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.WriterId;
import org.ouroborosdb.store.segment.Position;

/** Events whose id and level are their sequence number, put into an index and published. */
final class NumberedEvents {
  private static final WriterId WRITER = new WriterId(1, 2);

  private NumberedEvents() {}

  static EventId id(long number) {
    return EventId.of(ByteBuffer.allocate(EventId.BYTES).putLong(number).array());
  }

  /** Applies an event, a temporary one if it is NORMAL. */
  static void apply(EventIndex index, long seq, long parentSeq, EventType type, long base) {
    apply(index, seq, parentSeq, type, base, type == EventType.NORMAL, List.of());
  }

  static void apply(
      EventIndex index,
      long seq,
      long parentSeq,
      EventType type,
      long base,
      boolean temporary,
      List<Long> merges) {
    Event event =
        new Event(
            id(seq),
            type,
            WRITER,
            seq,
            parentSeq == 0 ? null : id(parentSeq),
            merges.stream().map(NumberedEvents::id).toList(),
            temporary,
            null,
            false,
            type == EventType.ROOT ? "root " + seq : null,
            null,
            List.of("tag"),
            null,
            null);
    int depth = parentSeq == 0 ? 0 : Objects.requireNonNull(index.row(parentSeq)).depth() + 1;
    index.apply(new IndexedEvent(event, seq, parentSeq, 1, base, depth, new Position(1, 64 * seq)));
    index.publish();
  }
}
