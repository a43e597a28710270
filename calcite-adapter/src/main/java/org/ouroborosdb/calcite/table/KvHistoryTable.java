package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.derived;
import static org.ouroborosdb.calcite.table.Columns.generated;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.Concatenated;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.kv.KeySpace;

/** {@code kv_history}: every version of every key's value. */
public final class KvHistoryTable extends EventBasedTable<KvHistoryTable.Version> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "kv_history",
          "Every value that any key ever had, and removals",
          List.of(
              generated("key", ColumnType.VARCHAR, "The key"),
              generated("version", ColumnType.VARCHAR, "Id of the event that holds the value"),
              generated("type", ColumnType.VARCHAR, "NORMAL first, then OVERWRITE or REMOVE"),
              generated("level", ColumnType.BIGINT, "Level of the version"),
              generated("created_at", ColumnType.TIMESTAMP, "Time of the version, UTC"),
              generated("writer", ColumnType.VARCHAR, "Which store wrote it"),
              generated("is_current", ColumnType.BOOLEAN, "Whether kv shows it"),
              derived("metadata", ColumnType.VARCHAR, "The value's metadata"),
              derived("content", ColumnType.BLOB, "The value's bytes, verified as they are read")),
          List.of("version"),
          List.of(new TableInfo.ForeignKey("version", "events", "id")));

  /** Creates the table of a schema. */
  public KvHistoryTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  /** One version of a key; {@code currentSeq} is that of the version that kv shows, 0 if none. */
  record Version(String key, EventRow row, long currentSeq) {}

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of("key", AccessPath.Kind.BY_TITLE);
  }

  @Override
  Iterator<EventRow> events(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    return KvRows.bases(context, kind, operands);
  }

  @Override
  Iterator<Version> sources(ScanContext context, EventRow base) {
    String key = KvRows.keyOf(context, base);
    if (key == null) {
      return only(null);
    }
    EventRow current = KeySpace.current(context.snapshot(), key);
    long currentSeq = current == null ? 0 : current.seq();
    return new Concatenated<>(
        context.snapshot().versions(base.seq()).iterator(),
        row -> {
          context.poll();
          return only(new Version(key, row, currentSeq));
        });
  }

  @Override
  EventRow contentOf(Version source) {
    return source.row();
  }

  @Override
  @Nullable Object value(ScanContext context, Version version, int column) {
    EventRow row = version.row();
    return switch (column) {
      case 0 -> version.key();
      case 1 -> row.id().toString();
      case 2 -> row.type().name();
      case 3 -> row.level();
      case 4 -> millis(row.level());
      case 5 -> row.writer().toString();
      case 6 -> row.seq() == version.currentSeq();
      case 7 -> context.metadata(row);
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
