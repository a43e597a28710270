package org.ouroborosdb.store.verify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkInfo;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Limits;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoreException;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.patch.PatchedContent;
import org.ouroborosdb.store.segment.Position;

/**
 * Says, from the index, which events and chunks damage in the segments affects. One verification.
 */
final class Affected {
  private final Snapshot snapshot;
  private final EventIndex index;

  Affected(Snapshot snapshot, EventIndex index) {
    this.snapshot = snapshot;
    this.index = index;
  }

  /** Says which records are damaged. */
  @FunctionalInterface
  interface Damage {
    boolean at(int segment, long offset);
  }

  /** Returns a sentence about each event whose record is damaged, and each use of such chunks. */
  List<String> by(Damage damage) {
    Map<ChunkId, Position> chunks = new HashMap<>();
    for (ChunkInfo chunk : snapshot.chunks()) {
      if (damage.at(chunk.segment(), chunk.segmentOffset())) {
        chunks.put(chunk.id(), new Position(chunk.segment(), chunk.segmentOffset()));
      }
    }
    Set<ChunkId> unused = new HashSet<>(chunks.keySet());
    List<String> sentences = new ArrayList<>();
    for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
      Position position = index.position(row.seq());
      if (damage.at(position.place(), position.offset())) {
        sentences.add(at(position) + "event " + row.id() + " is damaged, and its row is not");
      }
      if (!chunks.isEmpty()) {
        affect(row, "content", row.content(), chunks, unused, sentences);
        if (row.type() == EventType.PATCH && !isReadable(row)) {
          bases(row)
              .forEach(base -> affect(row, "content", base.content(), chunks, unused, sentences));
        }
        affect(row, "metadata", row.metadata(), chunks, unused, sentences);
      }
    }
    chunks.keySet().retainAll(unused);
    chunks.forEach((id, at) -> sentences.add(at(at) + "chunk " + id + " is damaged, and unused"));
    return sentences;
  }

  /** Returns the events whose content that of a PATCH is made of. */
  private List<EventRow> bases(EventRow patch) {
    List<EventRow> bases = new ArrayList<>();
    EventRow at = patch;
    while (at != null && at.type() == EventType.PATCH && bases.size() <= Limits.MAX_PATCHES) {
      at = snapshot.find(at.parentSeq());
      if (at != null) {
        bases.add(at);
      }
    }
    return bases;
  }

  /** A PATCH does not need all of what it changes. */
  private boolean isReadable(EventRow patch) {
    try {
      snapshot.content(patch).ifPresent(PatchedContent::read);
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  private static String at(Position position) {
    return "segment " + position.place() + " at offset " + position.offset() + ": ";
  }

  private static void affect(
      EventRow row,
      String part,
      @Nullable StoredContent content,
      Map<ChunkId, Position> chunks,
      Set<ChunkId> unused,
      List<String> sentences) {
    for (ChunkRef chunk : content == null ? List.<ChunkRef>of() : content.chunks()) {
      Position position = chunks.get(chunk.id());
      if (position != null) {
        unused.remove(chunk.id());
        sentences.add(
            at(position)
                + "chunk "
                + chunk.id()
                + " is damaged, so the "
                + part
                + " of event "
                + row.id()
                + " cannot be read");
      }
    }
  }
}
