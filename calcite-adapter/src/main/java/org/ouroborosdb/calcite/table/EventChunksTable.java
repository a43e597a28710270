package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.ChunkRef;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.StoredContent;

/** {@code event_chunks}: a row for each chunk of each event's content and metadata. */
public final class EventChunksTable extends EventBasedTable<EventChunksTable.Part> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "event_chunks",
          "The chunks of each event's content and metadata, in order",
          List.of(
              generated("event", ColumnType.VARCHAR, "Id of the event"),
              generated("part", ColumnType.VARCHAR, "CONTENT or METADATA"),
              generated("chunk_index", ColumnType.BIGINT, "Place in the part, from 0"),
              generated("chunk", ColumnType.VARCHAR, "Hash of the chunk"),
              generated("byte_offset", ColumnType.BIGINT, "Where it starts in the part, in bytes"),
              generated("length", ColumnType.BIGINT, "Plain length in bytes")),
          List.of("event", "part", "chunk_index"),
          List.of(
              new TableInfo.ForeignKey("event", "events", "id"),
              new TableInfo.ForeignKey("chunk", "chunks", "hash")));

  /** Creates the table of a schema. */
  public EventChunksTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  /** One chunk of an event. */
  record Part(EventRow event, String part, long index, ChunkRef chunk, long offset) {}

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of("event", AccessPath.Kind.BY_ID);
  }

  @Override
  Iterator<Part> sources(ScanContext context, EventRow event) {
    List<Part> parts = new ArrayList<>();
    add(parts, event, "CONTENT", event.content());
    add(parts, event, "METADATA", event.metadata());
    return parts.iterator();
  }

  private static void add(
      List<Part> parts, EventRow event, String name, @Nullable StoredContent content) {
    if (content == null) {
      return;
    }
    long offset = 0;
    long index = 0;
    for (ChunkRef chunk : content.chunks()) {
      parts.add(new Part(event, name, index++, chunk, offset));
      offset += chunk.length();
    }
  }

  @Override
  EventRow contentOf(Part source) {
    return source.event();
  }

  @Override
  @Nullable Object value(ScanContext context, Part part, int column) {
    return switch (column) {
      case 0 -> part.event().id().toString();
      case 1 -> part.part();
      case 2 -> part.index();
      case 3 -> part.chunk().id().toString();
      case 4 -> part.offset();
      case 5 -> (long) part.chunk().length();
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
