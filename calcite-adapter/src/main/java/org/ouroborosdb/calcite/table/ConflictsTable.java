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
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventRow;

/** {@code conflicts}: the heads of each base that has several. */
public final class ConflictsTable extends EventBasedTable<EventRow> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "conflicts",
          "Every head of every event whose versions went apart",
          List.of(
              generated("base", ColumnType.VARCHAR, "Id of the event that has several heads"),
              generated("head", ColumnType.VARCHAR, "Id of one of them"),
              generated("is_winner", ColumnType.BOOLEAN, "Whether it is the current version"),
              generated("heads", ColumnType.BIGINT, "Number of heads of the base"),
              generated("type", ColumnType.VARCHAR, "OVERWRITE, PATCH or REMOVE"),
              generated("level", ColumnType.BIGINT, "Level of the head"),
              generated("created_at", ColumnType.TIMESTAMP, "Time of the head, UTC"),
              generated("writer", ColumnType.VARCHAR, "Which store wrote it"),
              derived("title", ColumnType.VARCHAR, "Title as of the head"),
              derived("content_length", ColumnType.BIGINT, "Bytes of content; NULL if none")),
          List.of("head"),
          List.of(
              new TableInfo.ForeignKey("base", "events", "id"),
              new TableInfo.ForeignKey("head", "events", "id")));

  /** Creates the table of a schema. */
  public ConflictsTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of("base", AccessPath.Kind.BY_ID, "head", AccessPath.Kind.BY_ID);
  }

  @Override
  public boolean isExact(AccessPath.Kind kind) {
    return kind != AccessPath.Kind.BY_ID;
  }

  @Override
  protected AccessPath.@Nullable Kind ordering(String column) {
    return Columns.ordering(column);
  }

  @Override
  Iterator<EventRow> events(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    return VersionRows.of(context, kind, operands, order);
  }

  /** Only versions can be several heads: a base is one only while it has none. */
  @Override
  Iterator<EventRow> sources(ScanContext context, EventRow row) {
    return only(
        row.type().isVersion() && heads(context, row) > 1 && VersionRows.isHead(context, row)
            ? row
            : null);
  }

  private static long heads(ScanContext context, EventRow row) {
    return context.snapshot().heads(row.baseSeq()).count();
  }

  @Override
  EventRow contentOf(EventRow source) {
    return source;
  }

  @Override
  @Nullable Object value(ScanContext context, EventRow row, int column) {
    return switch (column) {
      case 0 -> text(java.util.Objects.requireNonNull(VersionRows.baseOf(context, row)).id());
      case 1 -> row.id().toString();
      case 2 -> VersionRows.isWinner(context, row);
      case 3 -> heads(context, row);
      case 4 -> row.type().name();
      case 5 -> row.level();
      case 6 -> millis(row.level());
      case 7 -> row.writer().toString();
      case 8 -> context.effectiveTitle(row);
      case 9 -> lengthOrNull(row);
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
