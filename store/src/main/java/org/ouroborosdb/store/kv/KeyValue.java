package org.ouroborosdb.store.kv;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;
import org.ouroborosdb.store.WriterId;

/**
 * One version of a key's value. Immutable.
 *
 * @param key the key
 * @param version the event that holds it
 * @param removed whether the key was removed; content and metadata are absent then
 * @param content the bytes, by their chunks; null if absent
 * @param metadata the metadata; null if absent
 * @param level when, as nanoseconds since the epoch, UTC
 * @param writer the store that wrote it
 */
public record KeyValue(
    String key,
    EventId version,
    boolean removed,
    @Nullable StoredContent content,
    @Nullable String metadata,
    long level,
    WriterId writer) {
  static KeyValue of(Snapshot snapshot, String key, EventRow row) {
    return new KeyValue(
        key,
        row.id(),
        row.type() == org.ouroborosdb.store.EventType.REMOVE,
        row.content(),
        snapshot.metadata(row).orElse(null),
        row.level(),
        row.writer());
  }
}
