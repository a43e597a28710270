package org.ouroborosdb.store.index;

import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
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

  private final IndexMaps from;
  private final IndexMaps to;
  private final MVStore target;
  private final Cancellation cancellation;
  private final ProgressListener progress;
  private long copied;

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
    copy(from.rows, to.rows);
    copy(from.ids, to.ids);
    copy(from.children, to.children);
    copy(from.titles, to.titles);
    copy(from.childTitles, to.childTitles);
    copy(from.trees, to.trees);
    copy(from.tags, to.tags);
    copy(from.levels, to.levels);
    copy(from.expiries, to.expiries);
    copy(from.versions, to.versions);
    copy(from.heads, to.heads);
    copy(from.chunks, to.chunks);
    copy(from.removed, to.removed);
    copy(from.tombstones, to.tombstones);
    copy(from.targets, to.targets);
    copy(from.writers, to.writers);
    target.commit(); // what is written last must be short, as in a checkpoint
    copy(from.numbers, to.numbers);
    target.commit();
    target.sync();
    progress.progress(copied, copied);
    return target.getFileStore().size();
  }

  private <K, V> void copy(MVMap<K, V> source, MVMap<K, V> copy) {
    for (Cursor<K, V> entries = source.cursor(null); entries.hasNext(); ) {
      K key = entries.next();
      copy.put(key, entries.getValue());
      if (++copied % ENTRIES_PER_COMMIT == 0) {
        target.commit();
        cancellation.check();
        progress.progress(copied, from.entries());
      }
    }
  }
}
