package org.ouroborosdb.calcite.scan;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/** The metadata of an event that has one, read when it is asked for, once. One thread at a time. */
public final class LateMetadata {
  private final Snapshot snapshot;
  private final EventRow row;
  private @Nullable String text;

  LateMetadata(Snapshot snapshot, EventRow row) {
    this.snapshot = snapshot;
    this.row = row;
  }

  /** Returns the text; null if there is none. */
  public @Nullable String text() {
    if (text == null) {
      text = snapshot.metadata(row).orElse(null);
    }
    return text;
  }
}
