package org.ouroborosdb.calcite.function;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.EventTable;
import org.ouroborosdb.calcite.scan.LateMetadata;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.calcite.table.EventBasedTable;
import org.ouroborosdb.calcite.table.EventsTable;
import org.ouroborosdb.store.Content;
import org.ouroborosdb.store.EventId;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.Snapshot;

/** The functions that generated code calls with the statement's context. */
public final class ContentFunctions {
  private ContentFunctions() {}

  /** Returns the bytes that a locator stands for. */
  public static @Nullable ByteString fetch(DataContext root, @Nullable Long locator) {
    Content content = ScanContext.content(snapshot(root), locator);
    return content == null ? null : new ByteString(content.readAll(limit(root)));
  }

  /** Returns the metadata that a scan left unread. */
  public static @Nullable String metadata(DataContext root, @Nullable Object late) {
    return late instanceof LateMetadata unread ? unread.text() : null;
  }

  /** Returns the time of a level; behind FOR SYSTEM_TIME AS OF it means the level itself. */
  public static @Nullable Long timeOfLevel(DataContext root, @Nullable Long level) {
    return level == null ? null : EventBasedTable.millis(level);
  }

  /** Returns when the event of a sequence number was created; behind AS OF it means the number. */
  public static @Nullable Long timeOfSeq(DataContext root, @Nullable Long seq) {
    EventRow row = seq == null ? null : snapshot(root).find(seq);
    return row == null ? null : EventBasedTable.millis(row.level());
  }

  /** Returns the content of an event as UTF-8 text. */
  public static @Nullable String contentText(DataContext root, @Nullable String id) {
    Snapshot snapshot = snapshot(root);
    EventRow row = find(snapshot, id);
    return row == null
        ? null
        : snapshot
            .content(row)
            .map(content -> new String(content.readAll(limit(root)), StandardCharsets.UTF_8))
            .orElse(null);
  }

  /** Returns an event's own metadata, or that of the nearest ancestor that has any. */
  public static @Nullable String effectiveMetadata(DataContext root, @Nullable String id) {
    Snapshot snapshot = snapshot(root);
    EventRow row = find(snapshot, id);
    return row == null ? null : snapshot.effectiveMetadata(row).orElse(null);
  }

  /** Returns whether all of the tags wanted that are not null, at least one, are among some. */
  public static @Nullable Boolean tagged(@Nullable List<?> tags, @Nullable Object[] wanted) {
    if (tags == null) {
      return null;
    }
    boolean any = false;
    for (Object tag : wanted) {
      if (tag != null && !tags.contains(tag)) {
        return false;
      }
      any |= tag != null;
    }
    return any;
  }

  private static @Nullable EventRow find(Snapshot snapshot, @Nullable String id) {
    return id != null && ScanContext.isId(id) ? snapshot.find(EventId.parse(id)) : null;
  }

  private static int limit(DataContext root) {
    Object limit = root.get(ScanContext.INLINE_CONTENT);
    return limit instanceof Integer bytes ? bytes : ScanContext.MAX_INLINE_CONTENT;
  }

  private static Snapshot snapshot(DataContext root) {
    Object given = root.get(ScanContext.SNAPSHOT);
    return given instanceof Snapshot running ? running : anySchemaOf(root).snapshotOf(root);
  }

  /** Returns the first event schema among those a statement can see. */
  static ScannedSchema anySchemaOf(DataContext root) {
    SchemaPlus all = root.getRootSchema();
    if (all != null) {
      for (String name : all.getSubSchemaNames()) {
        SchemaPlus schema = all.getSubSchema(name);
        Table table = schema == null ? null : schema.getTable(EventsTable.INFO.name());
        if (table instanceof EventTable events) {
          return events.schema();
        }
      }
    }
    throw new IllegalStateException("no event schema is in reach of the statement");
  }
}
