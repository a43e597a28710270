package org.ouroborosdb.jdbc.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.NewEvent;
import org.ouroborosdb.store.Snapshot;

/**
 * What the store has of one file: the base, and its heads, the winner first. Immutable; usable
 * while its snapshot is open.
 *
 * @param metadata the winner's; null if it has none
 */
record Known(EventRow base, List<EventRow> heads, @Nullable String metadata) {
  static Known of(Snapshot before, EventRow base) {
    List<EventRow> heads = before.heads(base.seq()).stream().toList();
    return new Known(base, heads, before.metadata(heads.get(0)).orElse(null));
  }

  /**
   * Returns what is known under a parent, by {@link #key}. Where several events have one key, which
   * merged stores and SQL can bring about, the oldest counts, and the others are left alone.
   */
  static Map<String, EventRow> under(Snapshot before, long parentSeq) {
    Map<String, EventRow> bases = new HashMap<>();
    if (parentSeq != 0) {
      for (EventRow row : before.children(parentSeq)) {
        String title = row.title();
        if (title != null) {
          bases.putIfAbsent(key(before, row, title), row);
        }
      }
    }
    return bases;
  }

  /** Returns what tells a name from all others of its directory: the text, or the bytes. */
  static String key(RawName name) {
    return name.raw() == null ? name.text() : "\0" + name.raw();
  }

  private static String key(Snapshot before, EventRow base, String title) {
    if (title.indexOf('%') < 0) {
      return title; // no escaped byte in it
    }
    FileMetadata metadata = FileMetadata.parse(before.metadata(base).orElse(null));
    return key(new RawName(title, metadata == null ? null : metadata.name()));
  }

  EventRow winner() {
    return heads.get(0);
  }

  boolean isRemoved() {
    return winner().type() == EventType.REMOVE;
  }

  /** Starts a version that replaces all heads. */
  NewEvent.Builder version() {
    return NewEvent.overwrite(winner().id()).merges(otherHeads());
  }

  /** Returns the version that removes it. */
  NewEvent removal() {
    return NewEvent.remove(winner().id()).merges(otherHeads()).build();
  }

  private List<EventId> otherHeads() {
    List<EventId> others = new ArrayList<>();
    heads.subList(1, heads.size()).forEach(head -> others.add(head.id()));
    return others;
  }
}
