package org.ouroborosdb.store.promises;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Rows;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.embedded.ReplicaStore;
import org.ouroborosdb.store.index.Changed;
import org.ouroborosdb.store.index.IdRange;

/** All that a store shows but for its own numbers, as one text. */
final class ReplicaState {
  private ReplicaState() {}

  static String of(EventStore store) {
    StringBuilder text = new StringBuilder();
    try (Snapshot snapshot = store.snapshot()) {
      text.append(snapshot.eventCount()).append(" events, roots ").append(ids(snapshot.roots()));
      for (String title : List.of("a", "b", "c")) {
        text.append('\n').append(title).append(' ').append(ids(snapshot.roots(title)));
      }
      snapshot.bySeq(1, Long.MAX_VALUE, false).stream()
          .sorted(Comparator.comparing(EventRow::id))
          .forEach(row -> text.append('\n').append(describe(snapshot, row)));
    }
    return text.append("\nremoved ").append(tombstones(store)).toString();
  }

  private static String describe(Snapshot snapshot, EventRow row) {
    EventRow base = snapshot.find(row.baseSeq());
    EventRow winner = snapshot.winner(row.baseSeq());
    return row.id().toString().substring(0, 16)
        + " "
        + row.type()
        + " in "
        + (base == null ? "nothing" : base.id().toString().substring(0, 16))
        + " root "
        + row.root().toString().substring(0, 16)
        + " depth "
        + row.depth()
        + " children "
        + ids(snapshot.withParent(row.seq()))
        + " heads "
        + ids(snapshot.heads(row.baseSeq()))
        + " winner "
        + (winner == null ? "none" : winner.id().toString().substring(0, 16))
        + " metadata "
        + snapshot.effectiveMetadata(row)
        + " content "
        + snapshot.content(row).map(content -> content.readAll(1 << 20).length);
  }

  private static String ids(Rows rows) {
    return rows.stream()
        .map(row -> row.id().toString().substring(0, 16))
        .collect(Collectors.joining(" ", "[", "]"));
  }

  private static String tombstones(EventStore store) {
    try (ReplicaStore.View view = ReplicaStore.of(store).view()) {
      List<Changed> all = view.ranges().list(true, IdRange.ALL, null, 1 << 20);
      return all.stream()
          .map(change -> view.id(change).toString().substring(0, 16))
          .collect(Collectors.joining(" ", "[", "]"));
    }
  }
}
