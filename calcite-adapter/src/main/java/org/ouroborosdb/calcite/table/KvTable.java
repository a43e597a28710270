package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;
import static org.ouroborosdb.calcite.table.Columns.optional;
import static org.ouroborosdb.calcite.table.Columns.required;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.kv.KeySpace;

/** {@code kv}: each key with its current value. */
public final class KvTable extends EventBasedTable<KvTable.Entry> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "kv",
          "Keys and their current values: the children of the root titled kv",
          List.of(
              required("key", ColumnType.VARCHAR, "The key, unique"),
              optional("content", ColumnType.BLOB, "The value's bytes, verified as they are read"),
              optional("metadata", ColumnType.VARCHAR, "The value's metadata"),
              generated("version", ColumnType.VARCHAR, "Id of the event that holds the value"),
              generated("level", ColumnType.BIGINT, "Level of the version"),
              generated("writer", ColumnType.VARCHAR, "Which store wrote it")),
          List.of("key"),
          List.of(new TableInfo.ForeignKey("version", "events", "id")));

  /** Creates the table of a schema. */
  public KvTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  /** A key and its current version. */
  record Entry(String key, EventRow current) {}

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

  /** A key that merged stores hold twice is shown once, where its newest version is. */
  @Override
  Iterator<Entry> sources(ScanContext context, EventRow base) {
    String key = KvRows.keyOf(context, base);
    EventRow newest = key == null ? null : KeySpace.newest(context.snapshot(), key);
    boolean shown =
        newest != null && newest.type() != EventType.REMOVE && newest.baseSeq() == base.seq();
    return only(
        shown ? new Entry(Objects.requireNonNull(key), Objects.requireNonNull(newest)) : null);
  }

  @Override
  EventRow contentOf(Entry source) {
    return source.current();
  }

  @Override
  @Nullable Object value(ScanContext context, Entry entry, int column) {
    EventRow row = entry.current();
    return switch (column) {
      case 0 -> entry.key();
      case 2 -> context.metadata(row);
      case 3 -> row.id().toString();
      case 4 -> row.level();
      case 5 -> row.writer().toString();
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
