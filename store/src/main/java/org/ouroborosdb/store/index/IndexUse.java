package org.ouroborosdb.store.index;

import java.util.List;
import org.h2.mvstore.MVStoreException;
import org.ouroborosdb.store.StorageUse;

/** What an index takes on the disk. Stateless. */
public final class IndexUse {
  private IndexUse() {}

  /** Returns the rows for the note of the last checkpoint and for the index file. */
  public static List<StorageUse> of(EventIndex index) {
    try {
      boolean noted = index.isPersistent();
      long bytes = index.fileBytes();
      return List.of(
          new StorageUse("checkpoint", noted ? 1 : 0, noted ? IndexFile.NOTE_BYTES : 0, 0),
          new StorageUse(
              "index", index.maps().entries(), bytes, Math.max(0, bytes - index.liveBytes())));
    } catch (MVStoreException e) {
      throw index.failed("measuring the index", e);
    }
  }

  /** Returns whether anything was ever removed. */
  public static boolean anyTombstone(EventIndex index) {
    return !index.maps().tombstones.isEmpty();
  }
}
