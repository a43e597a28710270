package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventTable;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.SegmentInfo;
import org.ouroborosdb.store.SegmentUse;

/** {@code sys.segments}: the files of the log now. What is live is looked for if asked for. */
final class SegmentsTable extends EventTable {
  private static final int FIRST_LIVE = 5;

  static final TableInfo INFO =
      new TableInfo(
          "segments",
          "Each segment file of the log; what is live in it reads all of the index",
          List.of(
              generated("segment", ColumnType.BIGINT, "Its number; greater is younger"),
              generated("length", ColumnType.BIGINT, "Its length in bytes"),
              generated("sealed", ColumnType.BOOLEAN, "Whether nothing is appended any more"),
              generated("path", ColumnType.VARCHAR, "Its file in the directory of segments"),
              generated("generation", ColumnType.INTEGER, "How often space in it was freed"),
              generated("live_bytes", ColumnType.BIGINT, "What can still be read, roughly"),
              Columns.derived("live_ratio", ColumnType.DOUBLE, "live_bytes / length")),
          List.of("segment"),
          List.of());

  private final EventStore store;

  SegmentsTable(ScannedSchema schema, EventStore store) {
    super(schema, INFO);
    this.store = store;
  }

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of();
  }

  @Override
  protected Iterator<@Nullable Object[]> rows(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order,
      int[] columns,
      boolean locators) {
    boolean live = Arrays.stream(columns).anyMatch(column -> column >= FIRST_LIVE);
    Stream<SegmentUse> uses =
        live
            ? store.segmentUse(context.cancellation()).stream()
            : store.segments().stream().map(info -> new SegmentUse(info, 0));
    return uses.map(
            use ->
                Arrays.stream(columns)
                    .mapToObj(column -> value(use, column))
                    .toArray(Object[]::new))
        .iterator();
  }

  private static Object value(SegmentUse use, int column) {
    SegmentInfo segment = use.segment();
    return switch (column) {
      case 0 -> (long) segment.number();
      case 1 -> segment.bytes();
      case 2 -> segment.sealed();
      case 3 -> segment.file();
      case 4 -> segment.generation();
      case FIRST_LIVE -> use.liveBytes();
      default -> use.liveRatio();
    };
  }
}
