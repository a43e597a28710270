package org.ouroborosdb.calcite.scan;

import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableIntList;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;

/** The logical scan of a virtual table through an access path, of some of its columns. */
public class EventScan extends TableScan {
  /** The table. */
  public final EventTable events;

  /** What the scan is to give. */
  public final Request request;

  /**
   * What a scan is to give.
   *
   * @param path how rows are found
   * @param columns the table's columns, in the order of the scan's
   * @param locators whether content is given as a BIGINT locator instead of bytes
   * @param late whether metadata is given as what reads it, where it is needed
   * @param counting whether only the number of rows is given
   * @param asOf the moment whose state is read; null for the statement's own
   */
  public record Request(
      AccessPath path,
      ImmutableIntList columns,
      boolean locators,
      boolean late,
      boolean counting,
      @Nullable AsOf asOf) {
    Request withPath(AccessPath other) {
      return new Request(other, columns, locators, late, counting, asOf);
    }

    Request withColumns(ImmutableIntList others) {
      return new Request(path, others, locators, late, counting, asOf);
    }
  }

  EventScan(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelOptTable table,
      EventTable events,
      Request request) {
    super(cluster, traits, List.of(), table);
    this.events = events;
    this.request = request;
  }

  /** Returns the scan of all rows and columns. */
  public static EventScan all(RelOptCluster cluster, RelOptTable table, EventTable events) {
    ImmutableIntList columns = ImmutableIntList.identity(events.info().columns().size());
    return new EventScan(
        cluster,
        cluster.traitSetOf(Convention.NONE),
        table,
        events,
        new Request(AccessPath.ALL, columns, false, false, false, null));
  }

  EventScan with(Request other) {
    return new EventScan(getCluster(), getTraitSet(), table, events, other);
  }

  /** Returns the scan through another path. */
  public EventScan withPath(AccessPath path) {
    return with(request.withPath(path));
  }

  /** Returns the scan of the table as it was. */
  public EventScan asOf(AsOf moment) {
    return with(
        new Request(
            request.path,
            request.columns,
            request.locators,
            request.late,
            request.counting,
            moment));
  }

  /** Returns the scan of other columns. */
  public EventScan withColumns(ImmutableIntList columns) {
    return with(request.withColumns(columns));
  }

  /** Returns the scan that gives content as a locator. */
  public EventScan withLocators() {
    return with(
        new Request(
            request.path, request.columns, true, request.late, request.counting, request.asOf));
  }

  /** Returns the scan that only counts its rows. */
  public EventScan counting() {
    return with(
        new Request(
            request.path, request.columns, request.locators, request.late, true, request.asOf));
  }

  /** Returns the name of the table's column that one of the scan's fields shows. */
  public String columnName(int field) {
    return events.info().columns().get(request.columns.get(field)).name();
  }

  /** Returns the column's order as an index that the scan may read; null if there is none. */
  public AccessPath.@Nullable Kind ordering(String column) {
    return events.goesByFamily(request.columns) ? null : events.ordering(column);
  }

  /** Returns whether a field shows the metadata of events. */
  public boolean isMetadata(int field) {
    return !request.counting && columnName(field).equals(TableInfo.METADATA);
  }

  /** Returns the field that shows the table's content; -1 if none does. */
  public int contentField() {
    for (int i = 0; i < request.columns.size(); i++) {
      if (events.info().columns().get(request.columns.get(i)).type() == ColumnType.BLOB) {
        return i;
      }
    }
    return -1;
  }

  /** Brings the adapter's rules into a planner that was not told of them. */
  @Override
  public void register(RelOptPlanner planner) {
    events.schema().register(planner);
  }

  @Override
  public RelDataType deriveRowType() {
    RelDataTypeFactory types = getCluster().getTypeFactory();
    if (request.counting) {
      return types.builder().add("EXPR$0", SqlTypeName.BIGINT).build();
    }
    RelDataTypeFactory.Builder row = types.builder();
    List<RelDataTypeField> fields = table.getRowType().getFieldList();
    for (int column : request.columns) {
      RelDataTypeField field = fields.get(column);
      if (request.late && field.getName().equals(TableInfo.METADATA)) {
        RelDataType any = types.createSqlType(SqlTypeName.ANY);
        row.add(field.getName(), types.createTypeWithNullability(any, true));
        continue;
      }
      boolean locator =
          request.locators && events.info().columns().get(column).type() == ColumnType.BLOB;
      row.add(
          field.getName(),
          locator
              ? types.createTypeWithNullability(types.createSqlType(SqlTypeName.BIGINT), true)
              : field.getType());
    }
    return row.build();
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new EventScan(getCluster(), traits, table, events, request);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return request.counting ? 1 : request.path.estimateRows(events.assumedRows());
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return planner.getCostFactory().makeCost(estimateRowCount(mq), 0, 0);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    StringBuilder columns = new StringBuilder();
    for (int column : request.columns) {
      columns.append(columns.isEmpty() ? "" : ", ");
      columns.append(events.info().columns().get(column).name());
    }
    return super.explainTerms(writer)
        .item("path", request.path)
        .itemIf("asOf", request.asOf, request.asOf != null)
        .itemIf("columns", columns, !request.counting)
        .itemIf("content", "locator", request.locators && contentField() >= 0)
        .itemIf("metadata", "late", request.late)
        .itemIf("count", "true", request.counting);
  }
}
