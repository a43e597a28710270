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
import org.ouroborosdb.store.EventType;

/** {@code file_versions}: every version of every file, the first and removals too. */
public final class FileVersionsTable extends EventBasedTable<FileVersionsTable.Version> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "file_versions",
          "Every version of every file, removed files too",
          List.of(
              generated("id", ColumnType.VARCHAR, "Id of the file's first event, its base"),
              generated("version", ColumnType.VARCHAR, "Id of the version; the base's own first"),
              generated("root", ColumnType.VARCHAR, "Id of the root of its tree"),
              generated("type", ColumnType.VARCHAR, "NORMAL, OVERWRITE, PATCH or REMOVE"),
              generated("level", ColumnType.BIGINT, "Level of the version"),
              generated("created_at", ColumnType.TIMESTAMP, "Time of the version, UTC"),
              derived("seq", ColumnType.BIGINT, "Local sequence number; NULL before the commit"),
              generated("writer", ColumnType.VARCHAR, "Which store wrote it"),
              derived("name", ColumnType.VARCHAR, "Title as of the version"),
              derived("media_type", ColumnType.VARCHAR, "Media type as of the version"),
              derived("length", ColumnType.BIGINT, "Bytes of content; NULL if it has none"),
              generated("replaces", ColumnType.VARCHAR_ARRAY, "Ids of the versions it replaces"),
              generated("is_head", ColumnType.BOOLEAN, "Whether no version replaces it"),
              generated("is_winner", ColumnType.BOOLEAN, "Whether it is the current version"),
              derived("metadata", ColumnType.VARCHAR, "Metadata of the version"),
              derived("content", ColumnType.BLOB, "Content, verified as it is read")),
          List.of("version"),
          List.of(
              new TableInfo.ForeignKey("id", "events", "id"),
              new TableInfo.ForeignKey("version", "events", "id"),
              new TableInfo.ForeignKey("root", "events", "id")));

  /** Creates the table of a schema. */
  public FileVersionsTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  /** A version and its base. */
  record Version(EventRow base, EventRow row) {}

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of(
        "id", AccessPath.Kind.BY_ID,
        "version", AccessPath.Kind.BY_ID,
        "root", AccessPath.Kind.BY_ROOT);
  }

  /** One look-up finds a base with all its versions, whichever column was meant. */
  @Override
  public boolean isExact(AccessPath.Kind kind) {
    return kind != AccessPath.Kind.BY_ID;
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
  Iterator<EventRow> events(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    return VersionRows.of(context, kind, operands, order);
  }

  @Override
  Iterator<Version> sources(ScanContext context, EventRow row) {
    EventRow base = VersionRows.baseOf(context, row);
    boolean isFile =
        base != null
            && base.type() == EventType.NORMAL
            && ((base.title() != null && base.contentLength() >= 0)
                || VersionRows.isFile(context.snapshot(), base));
    return only(isFile && base != null ? new Version(base, row) : null);
  }

  @Override
  EventRow contentOf(Version source) {
    return source.row();
  }

  @Override
  @Nullable Object value(ScanContext context, Version version, int column) {
    EventRow row = version.row();
    return switch (column) {
      case 0 -> version.base().id().toString();
      case 1 -> row.id().toString();
      case 2 -> row.root().toString();
      case 3 -> row.type().name();
      case 4 -> row.level();
      case 5 -> millis(row.level());
      case 6 -> seqOrNull(row);
      case 7 -> row.writer().toString();
      case 8 -> context.effectiveTitle(row);
      case 9 -> context.effectiveMediaType(row);
      case 10 -> lengthOrNull(row);
      case 11 -> VersionRows.replaces(row);
      case 12 -> VersionRows.isHead(context, row);
      case 13 -> VersionRows.isWinner(context, row);
      case 14 -> context.metadata(row);
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
