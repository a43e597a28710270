package org.ouroborosdb.calcite.table;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.Concatenated;
import org.ouroborosdb.calcite.scan.DrivingRows;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.kv.KeySpace;

/** Finds the events that keys live in. */
final class KvRows {
  private KvRows() {}

  /** Returns the bases that a path names: by key, by the start of a key, or all. */
  static Iterator<EventRow> bases(
      ScanContext context, AccessPath.Kind kind, @Nullable Object[] operands) {
    if (kind == AccessPath.Kind.BY_TITLE) {
      Set<Object> keys = new LinkedHashSet<>(Arrays.asList(operands));
      keys.remove(null);
      return new Concatenated<>(
          keys.iterator(), key -> KeySpace.bases(context.snapshot(), (String) key).iterator());
    }
    if (kind == AccessPath.Kind.TITLE_PREFIX) {
      return DrivingRows.of(context, kind, operands, AccessPath.Order.AS_FOUND);
    }
    return new Concatenated<>(
        context.snapshot().roots(KeySpace.ROOT_TITLE).iterator(),
        root -> context.snapshot().children(root.seq()).iterator());
  }

  /** Returns the key of a base; null if it is none. */
  static @Nullable String keyOf(ScanContext context, EventRow base) {
    return KeySpace.isKey(context.snapshot(), base) ? base.title() : null;
  }
}
