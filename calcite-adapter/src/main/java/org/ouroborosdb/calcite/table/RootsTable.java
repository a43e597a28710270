package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;
import static org.ouroborosdb.calcite.table.Columns.optional;
import static org.ouroborosdb.calcite.table.Columns.required;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;

/** {@code roots}: the roots of the trees. */
public final class RootsTable extends EventBasedTable<EventRow> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "roots",
          "The root of each tree",
          List.of(
              generated("id", ColumnType.VARCHAR, "Id of the root event"),
              required("title", ColumnType.VARCHAR, "Title, unique within a store"),
              generated("level", ColumnType.BIGINT, "Hybrid logical clock, ns since the epoch"),
              generated("created_at", ColumnType.TIMESTAMP, "Time of the level, UTC"),
              optional("metadata", ColumnType.VARCHAR, "Metadata, usually JSON")),
          List.of("id"),
          List.of(new TableInfo.ForeignKey("id", "events", "id")));

  /** Creates the table of a schema. */
  public RootsTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of("id", AccessPath.Kind.BY_ID, "title", AccessPath.Kind.BY_TITLE);
  }

  @Override
  protected double assumedRows() {
    return super.assumedRows() / 100;
  }

  @Override
  Iterator<EventRow> events(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    return kind == AccessPath.Kind.FULL_SCAN
        ? context.snapshot().roots().iterator()
        : super.events(context, kind, operands, order);
  }

  @Override
  Iterator<EventRow> sources(ScanContext context, EventRow event) {
    return only(event.type() == EventType.ROOT ? event : null);
  }

  @Override
  EventRow contentOf(EventRow source) {
    return source;
  }

  @Override
  @Nullable Object value(ScanContext context, EventRow row, int column) {
    return switch (column) {
      case 0 -> row.id().toString();
      case 1 -> row.title();
      case 2 -> row.level();
      case 3 -> millis(row.level());
      case 4 -> context.metadata(row);
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
