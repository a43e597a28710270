package org.ouroborosdb.store.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.StorageUse;
import org.ouroborosdb.store.index.EventIndex;
import org.ouroborosdb.store.index.IndexSnapshot;
import org.ouroborosdb.store.index.IndexUse;
import org.ouroborosdb.store.segment.RecordSizes;

/** Says what takes the space of an open store. Thread-safe. */
final class StorageSizes {
  private final OpenStore files;
  private final RecordSizes records;

  StorageSizes(OpenStore files) {
    this.files = files;
    this.records = new RecordSizes(files.log());
  }

  /**
   * Returns a row for each kind.
   *
   * @param now a snapshot that is newer than all that is published
   */
  List<StorageUse> count(IndexSnapshot now, Cancellation cancellation, ProgressListener progress) {
    EventIndex index = files.index();
    @Nullable Predicate<EventId> removed =
        IndexUse.anyTombstone(index) ? id -> now.find(id) == null : null;
    List<StorageUse> rows = new ArrayList<>(records.count(removed, cancellation, progress));
    rows.addAll(IndexUse.of(index));
    return rows;
  }
}
