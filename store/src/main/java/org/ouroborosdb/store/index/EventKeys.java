package org.ouroborosdb.store.index;

import java.util.List;
import org.h2.mvstore.MVMap;
import org.ouroborosdb.store.Event;
import org.ouroborosdb.store.EventRow;

/** The keys under which an event stands in the maps that are sets. */
final class EventKeys {
  private EventKeys() {}

  /** What to do with one key of one map. */
  @FunctionalInterface
  interface Use {
    void of(MVMap<long[], Boolean> map, long[] key);
  }

  static void forEach(
      IndexMaps maps, Event event, long seq, long parentSeq, long rootSeq, long baseSeq, Use use) {
    use.of(maps.children, new long[] {parentSeq, event.level(), seq});
    use.of(maps.trees, new long[] {rootSeq, seq});
    use.of(maps.levels, new long[] {event.level(), seq});
    if (event.title() != null) {
      long hash = Keys.hash(event.title());
      use.of(maps.titles, new long[] {Keys.prefix(event.title(), 0), hash, seq});
      use.of(maps.childTitles, new long[] {parentSeq, hash, seq});
    }
    for (String tag : event.tags()) {
      use.of(maps.tags, new long[] {Keys.hash(tag), seq});
    }
    if (event.expiresAt() != null) {
      use.of(maps.expiries, new long[] {event.expiresAt(), seq});
    }
    if (event.type().isVersion()) {
      use.of(maps.versions, new long[] {baseSeq, seq});
    }
  }

  /** Adds the names of the maps that lack a key of an event. */
  static void addLacking(IndexMaps maps, Event event, EventRow row, List<String> lacking) {
    forEach(
        maps,
        event,
        row.seq(),
        row.parentSeq(),
        row.rootSeq(),
        row.baseSeq(),
        (map, key) -> {
          if (!map.containsKey(key)) {
            lacking.add(map.getName());
          }
        });
  }
}
