package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.impl.AbstractTable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.Cancellation;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.ProgressListener;
import org.ouroborosdb.store.Statistics;
import org.ouroborosdb.store.StorageUse;
import org.ouroborosdb.store.replication.Replicator;
import org.ouroborosdb.store.replication.Replicator.ReplicaInfo;

/**
 * The schema {@code sys}: what the store is made of now, whatever snapshot the statement has.
 * Thread-safe.
 */
public final class SystemSchema extends AbstractSchema {
  /** Its name. */
  public static final String NAME = "sys";

  private static final TableInfo STATISTICS =
      new TableInfo(
          "statistics",
          "One row: the sizes of the store now",
          List.of(
              generated("events", ColumnType.BIGINT, "Events visible"),
              generated("roots", ColumnType.BIGINT, "Roots among them"),
              generated("chunks", ColumnType.BIGINT, "Distinct chunks"),
              generated("logical_bytes", ColumnType.BIGINT, "Content as often as referred to"),
              generated("unique_bytes", ColumnType.BIGINT, "Plain bytes of the distinct chunks"),
              generated("stored_bytes", ColumnType.BIGINT, "The same as stored"),
              generated("segments", ColumnType.INTEGER, "Segment files"),
              generated("segment_bytes", ColumnType.BIGINT, "Their length"),
              generated("index_bytes", ColumnType.BIGINT, "Length of the index file"),
              Columns.derived(
                  "deduplication", ColumnType.DOUBLE, "logical_bytes / unique_bytes; NULL if none"),
              Columns.derived(
                  "compression", ColumnType.DOUBLE, "unique_bytes / stored_bytes; NULL if none")),
          List.of(),
          List.of());

  private static final TableInfo STORAGE =
      new TableInfo(
          "storage",
          "What takes the space, by kind; reads the header of every record",
          List.of(
              generated("kind", ColumnType.VARCHAR, "Kind of record; index; checkpoint"),
              generated("records", ColumnType.BIGINT, "How many; of the index, entries"),
              generated("bytes", ColumnType.BIGINT, "Their bytes in the files"),
              generated("dead_bytes", ColumnType.BIGINT, "Those that nobody can read any more")),
          List.of("kind"),
          List.of());

  private static final TableInfo REPLICAS =
      new TableInfo(
          "replicas",
          "Each store that changes were taken from",
          List.of(
              generated("peer", ColumnType.VARCHAR, "The other store's id"),
              generated("name", ColumnType.VARCHAR, "What it was called last: its path"),
              generated("taken_seq", ColumnType.BIGINT, "Its last change that was taken"),
              generated("last_seq", ColumnType.BIGINT, "Its last change when it was asked last"),
              generated("behind", ColumnType.BIGINT, "last_seq - taken_seq"),
              generated("synced_at", ColumnType.TIMESTAMP, "When it was asked last")),
          List.of("peer"),
          List.of());

  /** What is known of each of its tables. */
  public static final List<TableInfo> INFOS =
      List.of(REPLICAS, SegmentsTable.INFO, STATISTICS, STORAGE);

  private final Map<String, Table> tables;

  /** Creates the schema within that of a store's events. */
  public SystemSchema(ScannedSchema schema, EventStore store) {
    tables =
        Map.of(
            REPLICAS.name(),
            new Now(REPLICAS, stop -> replicas(Replicator.of(store).replicas())),
            STATISTICS.name(),
            new Now(STATISTICS, stop -> List.<@Nullable Object[]>of(row(store.statistics()))),
            SegmentsTable.INFO.name(),
            new SegmentsTable(schema, store),
            STORAGE.name(),
            new Now(STORAGE, stop -> uses(store.storage(stop, ProgressListener.NONE))));
  }

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  private static @Nullable Object[] row(Statistics now) {
    return new @Nullable Object[] {
      now.events(),
      now.roots(),
      now.chunks(),
      now.logicalBytes(),
      now.uniqueBytes(),
      now.storedBytes(),
      now.segments(),
      now.segmentBytes(),
      now.indexBytes(),
      ratio(now.logicalBytes(), now.uniqueBytes()),
      ratio(now.uniqueBytes(), now.storedBytes())
    };
  }

  private static @Nullable Double ratio(long whole, long part) {
    return part == 0 ? null : (double) whole / part;
  }

  private static List<@Nullable Object[]> replicas(List<ReplicaInfo> replicas) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (ReplicaInfo replica : replicas) {
      rows.add(
          new Object[] {
            replica.storeId().toString(),
            replica.name(),
            replica.cursor(),
            replica.lastSeq(),
            replica.lag(),
            replica.syncedAt().toEpochMilli()
          });
    }
    return rows;
  }

  private static List<@Nullable Object[]> uses(List<StorageUse> uses) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (StorageUse use : uses) {
      rows.add(new Object[] {use.kind(), use.records(), use.bytes(), use.deadBytes()});
    }
    return rows;
  }

  /** A table whose rows are asked for when it is scanned. */
  private static final class Now extends AbstractTable implements ScannableTable {
    private final TableInfo info;
    private final Function<Cancellation, List<@Nullable Object[]>> rows;

    Now(TableInfo info, Function<Cancellation, List<@Nullable Object[]>> rows) {
      this.info = info;
      this.rows = rows;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory types) {
      return info.rowType(types);
    }

    @Override
    public Enumerable<@Nullable Object[]> scan(DataContext root) {
      return new AbstractEnumerable<>() {
        @Override
        public Enumerator<@Nullable Object[]> enumerator() {
          Object given = root.get(ScanContext.CANCELLATION);
          return Linq4j.enumerator(
              rows.apply(given instanceof Cancellation running ? running : Cancellation.create()));
        }
      };
    }
  }
}
