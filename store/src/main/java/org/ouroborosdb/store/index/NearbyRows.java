package org.ouroborosdb.store.index;

import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.Page;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a scan, whose sequence numbers mostly lie near to each other: what is in the
 * page of the row before is found there, most often right behind it. For one thread.
 */
final class NearbyRows {
  private final EventIndex index;
  private @Nullable Page<Long, byte[]> page; // a page never changes: what changes is copied
  private int last; // the place in the page where the row before was

  NearbyRows(EventIndex index) {
    this.index = index;
  }

  /** Returns the row of a sequence number; null if there is none. */
  @Nullable IndexRow row(long seq) {
    try {
      byte[] near = inPage(seq);
      if (near != null) {
        return new IndexRow(index, seq, near);
      }
      IndexRow cached = index.rows().get(seq);
      if (cached != null) {
        return cached;
      }
      page = leaf(seq);
      last = -1;
      byte[] found = inPage(seq);
      return found == null ? null : new IndexRow(index, seq, found);
    } catch (MVStoreException e) {
      throw index.failed("reading an event's row", e);
    }
  }

  private byte @Nullable [] inPage(long seq) {
    Page<Long, byte[]> at = page;
    if (at == null) {
      return null;
    }
    int count = at.getKeyCount();
    int next = last + 1;
    if (next >= count || at.getKey(next) != seq) {
      next = keysUpTo(at, seq) - 1;
      if (next < 0 || at.getKey(next) != seq) {
        return null;
      }
    }
    last = next;
    return at.getValue(next);
  }

  private Page<Long, byte[]> leaf(long seq) {
    Page<Long, byte[]> at = index.maps().rows.getRootPage();
    while (!at.isLeaf()) {
      at = at.getChildPage(keysUpTo(at, seq));
    }
    return at;
  }

  /** Returns the number of keys that are not greater. */
  private static int keysUpTo(Page<Long, byte[]> page, long seq) {
    int low = 0;
    int high = page.getKeyCount();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (page.getKey(middle) <= seq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
