package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.derived;
import static org.ouroborosdb.calcite.table.Columns.generated;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkInfo;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoredContent;

/** The rows of {@code history(id)}: an event's versions and what each added on disk. */
public final class HistoryTable extends EventBasedTable<HistoryTable.Step> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "history",
          "The versions of one event, oldest first",
          List.of(
              generated("version", ColumnType.VARCHAR, "Id of the version"),
              generated("type", ColumnType.VARCHAR, "Type of the version"),
              generated("level", ColumnType.BIGINT, "Level of the version"),
              generated("created_at", ColumnType.TIMESTAMP, "Time of the version, UTC"),
              generated("writer", ColumnType.VARCHAR, "Which store wrote it"),
              derived("title", ColumnType.VARCHAR, "Title as of the version"),
              derived("length", ColumnType.BIGINT, "Bytes of content; NULL if it has none"),
              generated("added_chunks", ColumnType.BIGINT, "Chunks no earlier version has"),
              generated("added_bytes", ColumnType.BIGINT, "Bytes those take on disk"),
              generated("replaces", ColumnType.VARCHAR_ARRAY, "Ids of the versions it replaces"),
              generated("is_winner", ColumnType.BOOLEAN, "Whether it is the current version"),
              derived("metadata", ColumnType.VARCHAR, "Metadata of the version"),
              derived("content", ColumnType.BLOB, "Content, verified as it is read")),
          List.of("version"),
          List.of());

  /** Creates the table of a schema. */
  public HistoryTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  /** A version, and what is stored for it and for none before it. */
  record Step(EventRow row, long addedChunks, long addedBytes) {}

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of();
  }

  @Override
  Iterator<Step> sources(ScanContext context, EventRow event) {
    List<Step> steps = new ArrayList<>();
    Set<ChunkId> seen = new HashSet<>();
    for (EventRow row : context.snapshot().versions(event.seq())) {
      context.poll();
      int before = seen.size();
      long bytes = added(context, row.content(), seen) + added(context, row.metadata(), seen);
      steps.add(new Step(row, seen.size() - before, bytes));
    }
    return steps.iterator();
  }

  private static long added(
      ScanContext context, @Nullable StoredContent content, Set<ChunkId> seen) {
    long bytes = 0;
    if (content != null) {
      for (ChunkRef chunk : content.chunks()) {
        ChunkInfo stored = seen.add(chunk.id()) ? context.snapshot().chunk(chunk.id()) : null;
        bytes += stored == null ? 0 : stored.storedLength();
      }
    }
    return bytes;
  }

  @Override
  EventRow contentOf(Step source) {
    return source.row();
  }

  @Override
  @Nullable Object value(ScanContext context, Step step, int column) {
    EventRow row = step.row();
    return switch (column) {
      case 0 -> row.id().toString();
      case 1 -> row.type().name();
      case 2 -> row.level();
      case 3 -> millis(row.level());
      case 4 -> row.writer().toString();
      case 5 -> context.effectiveTitle(row);
      case 6 -> lengthOrNull(row);
      case 7 -> step.addedChunks();
      case 8 -> step.addedBytes();
      case 9 -> VersionRows.replaces(row);
      case 10 -> VersionRows.isWinner(context, row);
      case 11 -> context.metadata(row);
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
