package org.ouroborosdb.calcite.scan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.ImmutableIntList;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.TableInfo;

/** A virtual table: its columns, the indexes that find its rows, and how a row is read. */
public abstract class EventTable extends AbstractTable implements TranslatableTable {
  /** The rows a table is taken to have when a plan is made; plans outlive any true number. */
  static final double ASSUMED_ROWS = 1_000_000;

  private final ScannedSchema schema;
  private final TableInfo info;

  /** Creates a table of a schema. */
  protected EventTable(ScannedSchema schema, TableInfo info) {
    this.schema = schema;
    this.info = info;
  }

  /** Returns the schema that it is of. */
  public ScannedSchema schema() {
    return schema;
  }

  /** Returns what is known of it. */
  public TableInfo info() {
    return info;
  }

  /**
   * Returns the indexes on single columns: column to kind. Equality on such a column is answered by
   * the index alone if {@link #isExact}.
   */
  public abstract Map<String, AccessPath.Kind> indexes();

  /** Returns whether the rows that an index finds all satisfy the equality they were found by. */
  public boolean isExact(AccessPath.Kind kind) {
    return true;
  }

  /**
   * Returns the rows of a scan.
   *
   * @param kind the index
   * @param operands its values, evaluated
   * @param columns the columns wanted, in order
   * @param locators whether content is given as a locator
   */
  protected abstract Iterator<@Nullable Object[]> rows(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order,
      int[] columns,
      boolean locators);

  /** Counts the rows of a scan. */
  protected long count(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    long count = 0;
    for (Iterator<?> rows = rows(context, kind, operands, order, new int[0], true);
        rows.hasNext();
        rows.next()) {
      count++;
    }
    return count;
  }

  /** Returns the column that orders like an ordered index; null if the table has none such. */
  protected AccessPath.@Nullable Kind ordering(String column) {
    return null;
  }

  /** Returns whether a scan of some columns must go from family to family, whatever its order. */
  protected boolean goesByFamily(ImmutableIntList columns) {
    return false;
  }

  /** Returns the index on the rows where a column is NULL; null if there is none. */
  public AccessPath.@Nullable Kind without(String column) {
    return null;
  }

  /** Returns how many rows it is taken to have when a plan is made. */
  protected double assumedRows() {
    return ASSUMED_ROWS;
  }

  /** Returns whether each row has the level of an event that a path names, one row for each. */
  public boolean hasOwnLevels() {
    return false;
  }

  /** Returns whether the rows of one parent come in ascending order of a column. */
  public boolean ordersSiblings(String column) {
    return false;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory types) {
    return info.rowType(types);
  }

  @Override
  public Statistic getStatistic() {
    List<ImmutableBitSet> keys = new ArrayList<>();
    if (!info.primaryKey().isEmpty()) {
      keys.add(ImmutableBitSet.of(info.primaryKey().stream().mapToInt(info::indexOf).toArray()));
    }
    return Statistics.of(assumedRows(), keys);
  }

  @Override
  public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
    return EventScan.all(context.getCluster(), table, this);
  }
}
