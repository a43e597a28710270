package org.ouroborosdb.store.segment;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.StoreException;

/** A batch in the log that waits to be forced and published; {@link SegmentLog} guards it. */
final class Appended {
  final Batch batch;
  final List<Position> positions;
  final long firstSeq;
  final Position end;
  boolean published;
  @Nullable StoreException failure;

  Appended(Batch batch, List<Position> positions, long firstSeq, Position end) {
    this.batch = batch;
    this.positions = positions;
    this.firstSeq = firstSeq;
    this.end = end;
  }

  long lastSeq() {
    return firstSeq + positions.size() - 1;
  }
}
