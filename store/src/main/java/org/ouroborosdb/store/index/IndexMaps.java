package org.ouroborosdb.store.index;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/** The maps of the index, by name; docs/FORMAT.md lists their keys and values. */
final class IndexMaps {
  /** Changes with every change of a key, a value or a map. */
  static final int VERSION = 5;

  /** Sequence number -> {@link RowCodec row}. */
  final MVMap<Long, byte[]> rows;

  /** First 16 bytes of the id -> sequence number. */
  final MVMap<long[], Long> ids;

  /** (parent, level, seq); parent 0 for roots. */
  final MVMap<long[], Boolean> children;

  /** (first 8 bytes of the title, its hash, seq). */
  final MVMap<long[], Boolean> titles;

  /** (parent, hash of the title, seq); parent 0 for roots. */
  final MVMap<long[], Boolean> childTitles;

  /** (root, seq). */
  final MVMap<long[], Boolean> trees;

  /** (hash of the tag, seq). */
  final MVMap<long[], Boolean> tags;

  /** (level, seq). */
  final MVMap<long[], Boolean> levels;

  /** (expires_at, seq) of temporary events that have one. */
  final MVMap<long[], Boolean> expiries;

  /** (base, seq of a version). */
  final MVMap<long[], Boolean> versions;

  /** Base that has versions -> last change, then its {@link Heads}. */
  final MVMap<Long, long[]> heads;

  /** First 16 bytes of the chunk's name -> {@link ChunkCodec location}. */
  final MVMap<long[], byte[]> chunks;

  /** Sequence number of a removed event -> that of its tombstone. */
  final MVMap<Long, Long> removed;

  /** First 16 bytes of the SHA-512 of the target's id -> sequence number of the tombstone. */
  final MVMap<long[], Long> tombstones;

  /** Sequence number of a tombstone -> the target's id. */
  final MVMap<Long, byte[]> targets;

  /** Number of a writer, from 0 -> its 16 bytes. */
  final MVMap<Long, byte[]> writers;

  /** Name -> number: sequence number, position, counters, store id. */
  final MVMap<String, Long> numbers;

  private final List<MVMap<?, ?>> all;

  /** How many tombstones were dropped, which snapshots from before may have counted. */
  final AtomicLong voids = new AtomicLong();

  IndexMaps(MVStore store) {
    rows = open(store, "rows", LongDataType.INSTANCE, ByteArrayDataType.INSTANCE);
    ids = open(store, "ids", new LongsType(2), LongDataType.INSTANCE);
    children = open(store, "children", new LongsType(3), NothingType.INSTANCE);
    titles = open(store, "titles", new LongsType(3), NothingType.INSTANCE);
    childTitles = open(store, "childTitles", new LongsType(3), NothingType.INSTANCE);
    trees = open(store, "trees", new LongsType(2), NothingType.INSTANCE);
    tags = open(store, "tags", new LongsType(2), NothingType.INSTANCE);
    levels = open(store, "levels", new LongsType(2), NothingType.INSTANCE);
    expiries = open(store, "expiries", new LongsType(2), NothingType.INSTANCE);
    versions = open(store, "versions", new LongsType(2), NothingType.INSTANCE);
    heads = open(store, "heads", LongDataType.INSTANCE, LongListType.INSTANCE);
    chunks = open(store, "chunks", new LongsType(2), ByteArrayDataType.INSTANCE);
    removed = open(store, "removed", LongDataType.INSTANCE, LongDataType.INSTANCE);
    tombstones = open(store, "tombstones", new LongsType(2), LongDataType.INSTANCE);
    targets = open(store, "targets", LongDataType.INSTANCE, ByteArrayDataType.INSTANCE);
    writers = open(store, "writers", LongDataType.INSTANCE, ByteArrayDataType.INSTANCE);
    numbers = open(store, "numbers", StringDataType.INSTANCE, LongDataType.INSTANCE);
    all =
        List.of(
            rows,
            ids,
            children,
            titles,
            childTitles,
            trees,
            tags,
            levels,
            expiries,
            versions,
            heads,
            chunks,
            removed,
            tombstones,
            targets,
            writers,
            numbers);
  }

  /** Returns the number of entries in all maps. */
  long entries() {
    return all.stream().mapToLong(MVMap::sizeAsLong).sum();
  }

  private static <K, V> MVMap<K, V> open(
      MVStore store, String name, DataType<K> keys, DataType<V> values) {
    return store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
  }
}
