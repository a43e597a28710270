package org.ouroborosdb.calcite.table;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.DrivingRows;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/** What the tables of versions ask of events: which belong to an id, what each replaces. */
final class VersionRows {
  private VersionRows() {}

  /**
   * Returns the events of a path; where it names ids, with each base all its versions, so that one
   * path serves the column of bases and that of versions.
   */
  static Iterator<EventRow> of(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    Iterator<EventRow> found = DrivingRows.of(context, kind, operands, order);
    if (kind != AccessPath.Kind.BY_ID) {
      return found;
    }
    Map<Long, EventRow> rows = new LinkedHashMap<>();
    while (found.hasNext()) {
      EventRow row = found.next();
      rows.putIfAbsent(row.seq(), row);
      if (row.type().isBase()) {
        context.snapshot().versions(row.seq()).forEach(each -> rows.putIfAbsent(each.seq(), each));
      }
    }
    return rows.values().iterator();
  }

  /** Returns the base of a version; the event itself if it is a base. */
  static @Nullable EventRow baseOf(ScanContext context, EventRow row) {
    return row.type().isBase() ? row : context.snapshot().find(row.baseSeq());
  }

  /** Returns the ids of the versions that one replaces, its parent first. */
  static List<String> replaces(EventRow row) {
    List<String> ids = new ArrayList<>();
    if (row.type().isVersion()) {
      ids.add(String.valueOf(row.parent()));
      for (EventId merged : row.merges()) {
        ids.add(merged.toString());
      }
    }
    return ids;
  }

  static boolean isWinner(ScanContext context, EventRow row) {
    EventRow winner = context.snapshot().winner(row.baseSeq());
    return winner != null && winner.seq() == row.seq();
  }

  static boolean isHead(ScanContext context, EventRow row) {
    return context.snapshot().heads(row.baseSeq()).stream().anyMatch(h -> h.seq() == row.seq());
  }

  /** Returns whether a base is a file, or was one in some version: it has a title and content. */
  static boolean isFile(Snapshot snapshot, EventRow base) {
    boolean titled = false;
    boolean filled = false;
    for (EventRow row : snapshot.versions(base.seq())) {
      titled |= row.title() != null;
      filled |= row.contentLength() >= 0;
      if (titled && filled) {
        return true;
      }
    }
    return false;
  }
}
