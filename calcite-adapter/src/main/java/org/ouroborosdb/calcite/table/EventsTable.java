package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;
import static org.ouroborosdb.calcite.table.Columns.optional;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.DrivingRows;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventRow;

/** {@code events}: every event, versions too. */
public final class EventsTable extends EventBasedTable<EventRow> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "events",
          "Every event: roots, normal events and versions",
          List.of(
              generated("id", ColumnType.VARCHAR, "SHA-512 of the event, 128 hexadecimal digits"),
              optional("parent", ColumnType.VARCHAR, "Id of the parent; NULL for a root"),
              generated("root", ColumnType.VARCHAR, "Id of the root of its tree"),
              new TableInfo.Column(
                  "type",
                  ColumnType.VARCHAR,
                  false,
                  false,
                  "ROOT, NORMAL, OVERWRITE, PATCH or REMOVE"),
              optional("title", ColumnType.VARCHAR, "Title"),
              optional("media_type", ColumnType.VARCHAR, "Media type of the content"),
              generated(
                  "level",
                  ColumnType.BIGINT,
                  "Hybrid logical clock: nanoseconds since the epoch, above its parent's"),
              generated("created_at", ColumnType.TIMESTAMP, "Time of the level, UTC"),
              generated("depth", ColumnType.INTEGER, "Edges up to the root"),
              new TableInfo.Column(
                  "seq",
                  ColumnType.BIGINT,
                  true,
                  true,
                  "Number in order of commits here; NULL until committed"),
              optional("temporary", ColumnType.BOOLEAN, "Whether it may be deleted"),
              optional("expires_at", ColumnType.TIMESTAMP, "When it may be cleaned up"),
              optional("full_text_search", ColumnType.BOOLEAN, "Whether to index its content"),
              optional("tags", ColumnType.VARCHAR_ARRAY, "Tags, sorted"),
              optional("metadata", ColumnType.VARCHAR, "Its own metadata, usually JSON"),
              new TableInfo.Column(
                  "content_length",
                  ColumnType.BIGINT,
                  true,
                  true,
                  "Bytes of content; NULL if absent"),
              optional("content", ColumnType.BLOB, "Content, verified as it is read")),
          List.of("id"),
          List.of(
              new TableInfo.ForeignKey("parent", "events", "id"),
              new TableInfo.ForeignKey("root", "events", "id")));

  /** Creates the table of a schema. */
  public EventsTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of(
        "id", AccessPath.Kind.BY_ID,
        "parent", AccessPath.Kind.BY_PARENT,
        "root", AccessPath.Kind.BY_ROOT,
        "title", AccessPath.Kind.BY_TITLE);
  }

  @Override
  protected AccessPath.@Nullable Kind ordering(String column) {
    return Columns.ordering(column);
  }

  @Override
  public boolean hasOwnLevels() {
    return true;
  }

  @Override
  public AccessPath.@Nullable Kind without(String column) {
    return column.equals("parent") ? AccessPath.Kind.ROOTS : null;
  }

  @Override
  public boolean ordersSiblings(String column) {
    return column.equals("level") || column.equals("created_at");
  }

  @Override
  protected long count(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    return switch (kind) {
      case FULL_SCAN -> context.snapshot().eventCount();
      case SUBTREE -> {
        long seq = context.seqOf(operands[0]);
        int depth = DrivingRows.depth(operands[1]);
        yield seq == 0 || depth < 0 ? 0 : context.snapshot().subtreeCount(seq, depth);
      }
      case BY_PARENT, BY_ROOT -> {
        long count = 0;
        for (Object id : new HashSet<>(Arrays.asList(operands))) {
          count += countOf(context, kind, id);
        }
        yield count;
      }
      default -> super.count(context, kind, operands, order);
    };
  }

  /** Counts without reading the rows. */
  private static long countOf(ScanContext context, AccessPath.Kind kind, @Nullable Object id) {
    EventRow top = context.find(id);
    boolean children = kind == AccessPath.Kind.BY_PARENT;
    if (top == null || !(children || top.parentSeq() == 0)) {
      return 0;
    }
    long below = context.snapshot().subtreeCount(top.seq(), children ? 1 : Integer.MAX_VALUE);
    return children ? below - 1 : below;
  }

  @Override
  Iterator<EventRow> sources(ScanContext context, EventRow event) {
    return only(event);
  }

  @Override
  EventRow contentOf(EventRow source) {
    return source;
  }

  @Override
  @Nullable Object value(ScanContext context, EventRow row, int column) {
    return switch (column) {
      case 0 -> row.id().toString();
      case 1 -> text(row.parent());
      case 2 -> row.root().toString();
      case 3 -> row.type().name();
      case 4 -> row.title();
      case 5 -> row.mediaType();
      case 6 -> row.level();
      case 7 -> millis(row.level());
      case 8 -> row.depth();
      case 9 -> seqOrNull(row);
      case 10 -> row.temporary();
      case 11 -> millisOrNull(row.expiresAt());
      case 12 -> row.fullTextSearch();
      case 13 -> row.tags();
      case 14 -> context.metadata(row);
      case 15 -> lengthOrNull(row);
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
