package org.ouroborosdb.calcite;

import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.Multimap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.calcite.DataContext;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.schema.Function;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.sql.type.SqlTypeName;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.function.ContextFunction;
import org.ouroborosdb.calcite.function.TaggedFunction;
import org.ouroborosdb.calcite.function.TreeFunction;
import org.ouroborosdb.calcite.rule.EventRules;
import org.ouroborosdb.calcite.scan.EventTable;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.calcite.table.ChildrenTable;
import org.ouroborosdb.calcite.table.ChunksTable;
import org.ouroborosdb.calcite.table.ConflictsTable;
import org.ouroborosdb.calcite.table.EventChunksTable;
import org.ouroborosdb.calcite.table.EventTagsTable;
import org.ouroborosdb.calcite.table.EventsTable;
import org.ouroborosdb.calcite.table.FileVersionsTable;
import org.ouroborosdb.calcite.table.FilesTable;
import org.ouroborosdb.calcite.table.HistoryTable;
import org.ouroborosdb.calcite.table.KvHistoryTable;
import org.ouroborosdb.calcite.table.KvTable;
import org.ouroborosdb.calcite.table.RootsTable;
import org.ouroborosdb.calcite.table.SystemSchema;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Snapshot;

/** The virtual tables and functions over one event store. Thread-safe. */
public final class EventSchema extends AbstractSchema implements ScannedSchema {
  private final EventStore store;
  private final EventTable events = new EventsTable(this);
  private final EventTable history = new HistoryTable(this);
  private final Map<String, Table> tables = new LinkedHashMap<>();

  /** Snapshots of statements that run without an engine, which closes its own. */
  private final Map<DataContext, Snapshot> ownSnapshots = new WeakHashMap<>();

  /** Creates the schema over a store, which it does not close. */
  public EventSchema(EventStore store) {
    this.store = store;
    for (EventTable table :
        List.of(
            events,
            new ChildrenTable(this),
            new RootsTable(this),
            new ChunksTable(this),
            new FilesTable(this),
            new FileVersionsTable(this),
            new ConflictsTable(this),
            new KvTable(this),
            new KvHistoryTable(this),
            new EventChunksTable(this),
            new EventTagsTable(this))) {
      tables.put(table.info().name(), table);
    }
  }

  /** Returns what is known of each table, in a fixed order. */
  public static List<TableInfo> tableInfos() {
    return List.of(
        EventsTable.INFO,
        ChildrenTable.INFO,
        RootsTable.INFO,
        ChunksTable.INFO,
        FilesTable.INFO,
        FileVersionsTable.INFO,
        ConflictsTable.INFO,
        KvTable.INFO,
        KvHistoryTable.INFO,
        EventChunksTable.INFO,
        EventTagsTable.INFO);
  }

  /** Returns the schema {@code sys}, whose tables tell of the store itself. */
  public Schema system() {
    return new SystemSchema(this, store);
  }

  /** Returns what is known of each table of {@code sys}. */
  public static List<TableInfo> systemTableInfos() {
    return SystemSchema.INFOS;
  }

  @Override
  protected Map<String, Schema> getSubSchemaMap() {
    return Map.of(SystemSchema.NAME, system());
  }

  /** Returns what is known of the rows of {@code history}. */
  public static TableInfo historyInfo() {
    return HistoryTable.INFO;
  }

  @Override
  public EventTable events() {
    return events;
  }

  @Override
  public EventTable history() {
    return history;
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  @Override
  protected Multimap<String, Function> getFunctionMultimap() {
    return ImmutableListMultimap.<String, Function>builder()
        .put("subtree", TreeFunction.subtree(events))
        .put("ancestors", TreeFunction.ancestors(events))
        .put("history", TreeFunction.history(history))
        .put("tagged", TreeFunction.tagged(events))
        .put("tagged", new TaggedFunction())
        .put(
            "level",
            new ContextFunction(
                "timeOfLevel", Long.class, "level", SqlTypeName.BIGINT, SqlTypeName.TIMESTAMP))
        .put(
            "seq",
            new ContextFunction(
                "timeOfSeq", Long.class, "seq", SqlTypeName.BIGINT, SqlTypeName.TIMESTAMP))
        .put(
            "effective_metadata",
            new ContextFunction(
                "effectiveMetadata", String.class, "id", SqlTypeName.VARCHAR, SqlTypeName.VARCHAR))
        .put(
            "content_text",
            new ContextFunction(
                "contentText", String.class, "id", SqlTypeName.VARCHAR, SqlTypeName.VARCHAR))
        .build();
  }

  @Override
  public Snapshot snapshotOf(DataContext root) {
    synchronized (ownSnapshots) {
      return ownSnapshots.computeIfAbsent(root, statement -> store.snapshot());
    }
  }

  @Override
  public void register(RelOptPlanner planner) {
    EventRules.register(planner);
  }
}
