package org.ouroborosdb.store.index;

import java.util.ArrayList;
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
  final RowMap rows;

  /** First 16 bytes of the id -> sequence number. */
  final SortedMap<long[], Long> ids;

  /** (parent, level, seq); parent 0 for roots. */
  final KeySet children;

  /** (first 8 bytes of the title, its hash, seq). */
  final KeySet titles;

  /** (parent, hash of the title, seq); parent 0 for roots. */
  final KeySet childTitles;

  /** (root, seq). */
  final KeySet trees;

  /** (hash of the tag, seq). */
  final KeySet tags;

  /** (level, seq). */
  final KeySet levels;

  /** (expires_at, seq) of temporary events that have one. */
  final KeySet expiries;

  /** (base, seq of a version). */
  final KeySet versions;

  /** Base that has versions -> last change, then its {@link Heads}. */
  final SortedMap<Long, long[]> heads;

  /** First 16 bytes of the chunk's name -> {@link ChunkCodec location}. */
  final SortedMap<long[], byte[]> chunks;

  /** Sequence number of a removed event -> that of its tombstone. */
  final SortedMap<Long, Long> removed;

  /** First 16 bytes of the SHA-512 of the target's id -> sequence number of the tombstone. */
  final SortedMap<long[], Long> tombstones;

  /** Sequence number of a tombstone -> the target's id. */
  final SortedMap<Long, byte[]> targets;

  /** Number of a writer, from 0 -> its 16 bytes. */
  final SortedMap<Long, byte[]> writers;

  /** Name -> number: sequence number, position, counters, store id. */
  final SortedMap<String, Long> numbers;

  private final List<KeySet> sets;
  private final List<MVMap<?, ?>> all;

  /** How many tombstones were dropped, which snapshots from before may have counted. */
  final AtomicLong voids = new AtomicLong();

  IndexMaps(MVStore store) {
    rows = new RowMap(store);
    ids = open(store, "ids", new LongsType(2), LongDataType.INSTANCE);
    children = new KeySet(store, "children", 3);
    titles = new KeySet(store, "titles", 3);
    childTitles = new KeySet(store, "childTitles", 3);
    trees = new KeySet(store, "trees", 2);
    tags = new KeySet(store, "tags", 2);
    levels = new KeySet(store, "levels", 2);
    expiries = new KeySet(store, "expiries", 2);
    versions = new KeySet(store, "versions", 2);
    heads = open(store, "heads", LongDataType.INSTANCE, LongListType.INSTANCE);
    chunks = open(store, "chunks", new LongsType(2), ByteArrayDataType.INSTANCE);
    removed = open(store, "removed", LongDataType.INSTANCE, LongDataType.INSTANCE);
    tombstones = open(store, "tombstones", new LongsType(2), LongDataType.INSTANCE);
    targets = open(store, "targets", LongDataType.INSTANCE, ByteArrayDataType.INSTANCE);
    writers = open(store, "writers", LongDataType.INSTANCE, ByteArrayDataType.INSTANCE);
    numbers = open(store, "numbers", StringDataType.INSTANCE, LongDataType.INSTANCE);
    sets = List.of(children, titles, childTitles, trees, tags, levels, expiries, versions);
    List<MVMap<?, ?>> maps = new ArrayList<>();
    sets.forEach(set -> maps.add(set.settled()));
    maps.addAll(List.of(rows.settled(), ids, heads, chunks, removed, tombstones, targets, writers));
    maps.add(numbers);
    all = List.copyOf(maps);
  }

  /** Puts all that waits in memory into the maps; see {@link KeySet} and {@link RowMap}. */
  void settle(Runnable afterEach) {
    rows.settle(afterEach);
    sets.forEach(set -> set.settle(afterEach));
  }

  /** Returns about how many bytes wait in memory. */
  long waitingBytes() {
    long bytes = rows.waitingBytes();
    for (KeySet set : sets) {
      bytes += set.waitingBytes();
    }
    return bytes;
  }

  /** Returns the number of entries in all maps, but for what waits in memory. */
  long entries() {
    return all.stream().mapToLong(MVMap::sizeAsLong).sum();
  }

  private static <K, V> SortedMap<K, V> open(
      MVStore store, String name, DataType<K> keys, DataType<V> values) {
    return SortedMap.open(store, name, keys, values);
  }
}
