package org.ouroborosdb.store.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVStore;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.ProgressListener;

/**
 * Writes the live entries of an index into an empty file, in order.
 *
 * <p>Not by {@code MVMap.append}, though it fills pages: MVStore counts the pages of its
 * single-writer maps otherwise, and fails when they are opened as ordinary maps.
 */
final class IndexCopy {
  /** Some 400 bytes of pages an entry: 4 MB. */
  private static final int ENTRIES_PER_COMMIT = 10_000;

  private static final int ENTRIES_AT_ONCE = 100; // a row may be long

  private final IndexMaps from;
  private final IndexMaps to;
  private final MVStore target;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private long copied;
  private long committed;

  IndexCopy(IndexMaps from, MVStore target, Cancellation cancellation, ProgressListener progress) {
    this.from = from;
    this.target = target;
    this.cancellation = cancellation;
    this.progress = progress;
    to = new IndexMaps(target);
  }

  /** Copies all maps, forces the file, and returns its length in bytes. */
  long write() {
    cancellation.check();
    copy(from.rows.settled(), to.rows.settled(), Cursor::getValue);
    copy(from.ids, to.ids, Cursor::getValue);
    copy(from.children, to.children);
    copy(from.titles, to.titles);
    copy(from.childTitles, to.childTitles);
    copy(from.trees, to.trees);
    copy(from.tags, to.tags);
    copy(from.levels, to.levels);
    copy(from.expiries, to.expiries);
    copy(from.versions, to.versions);
    copy(from.heads, to.heads, Cursor::getValue);
    copy(from.chunks, to.chunks, Cursor::getValue);
    copy(from.removed, to.removed, Cursor::getValue);
    copy(from.tombstones, to.tombstones, Cursor::getValue);
    copy(from.targets, to.targets, Cursor::getValue);
    copy(from.writers, to.writers, Cursor::getValue);
    target.commit(); // what is written last must be short, as in a checkpoint
    copy(from.numbers, to.numbers, Cursor::getValue);
    target.commit();
    target.sync();
    progress.progress(copied, copied);
    return target.getFileStore().size();
  }

  private void copy(KeySet source, KeySet copy) {
    copy(source.settled(), copy.settled(), key -> Boolean.TRUE);
  }

  private <K, V> void copy(
      SortedMap<K, V> source, SortedMap<K, V> copy, Function<Cursor<K, V>, V> value) {
    List<K> keys = new ArrayList<>();
    List<V> values = new ArrayList<>();
    for (Cursor<K, V> entries = source.cursor(null); entries.hasNext(); ) {
      keys.add(entries.next());
      values.add(value.apply(entries));
      if (keys.size() == ENTRIES_AT_ONCE || !entries.hasNext()) {
        copy.putSorted(keys, values::get, () -> {});
        copied += keys.size();
        keys.clear();
        values.clear();
        commitSometimes();
      }
    }
  }

  private void commitSometimes() {
    if (copied - committed >= ENTRIES_PER_COMMIT) {
      committed = copied;
      target.commit();
      cancellation.check();
      progress.progress(copied, from.entries());
    }
  }
}
