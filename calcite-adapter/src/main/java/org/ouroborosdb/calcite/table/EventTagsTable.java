package org.ouroborosdb.calcite.table;

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

/** {@code event_tags}: a row for each tag of each event. */
public final class EventTagsTable extends EventBasedTable<EventTagsTable.Tagged> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "event_tags",
          "Each tag of each event",
          List.of(
              Columns.generated("event", ColumnType.VARCHAR, "Id of the event"),
              Columns.generated("tag", ColumnType.VARCHAR, "One of its tags")),
          List.of("event", "tag"),
          List.of(new TableInfo.ForeignKey("event", "events", "id")));

  /** Creates the table of a schema. */
  public EventTagsTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  /** One tag of an event. */
  record Tagged(EventRow event, String tag) {}

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of("event", AccessPath.Kind.BY_ID, "tag", AccessPath.Kind.BY_TAG);
  }

  /** An event found by one tag has rows for its others too. */
  @Override
  public boolean isExact(AccessPath.Kind kind) {
    return kind != AccessPath.Kind.BY_TAG;
  }

  @Override
  Iterator<Tagged> sources(ScanContext context, EventRow event) {
    return event.tags().stream().map(tag -> new Tagged(event, tag)).iterator();
  }

  @Override
  EventRow contentOf(Tagged source) {
    return source.event();
  }

  @Override
  @Nullable Object value(ScanContext context, Tagged source, int column) {
    return column == 0 ? source.event().id().toString() : source.tag();
  }
}
