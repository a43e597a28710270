package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.derived;
import static org.ouroborosdb.calcite.table.Columns.generated;
import static org.ouroborosdb.calcite.table.Columns.optional;
import static org.ouroborosdb.calcite.table.Columns.required;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.calcite.util.ImmutableIntList;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.Concatenated;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;

/** {@code children}: each normal event under its parent, numbered in order. */
public final class ChildrenTable extends EventBasedTable<EventRow> {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "children",
          "Each normal event as a child of its parent, in order",
          List.of(
              required("parent", ColumnType.VARCHAR, "Id of the parent"),
              generated("child", ColumnType.VARCHAR, "Id of the child"),
              generated("child_index", ColumnType.BIGINT, "Place among its siblings, from 0"),
              generated("type", ColumnType.VARCHAR, "Always NORMAL"),
              optional("title", ColumnType.VARCHAR, "The child's title"),
              generated("level", ColumnType.BIGINT, "The child's level"),
              generated("created_at", ColumnType.TIMESTAMP, "The child's time, UTC"),
              optional("temporary", ColumnType.BOOLEAN, "Whether the child may be deleted"),
              derived("content_length", ColumnType.BIGINT, "Bytes of the child's content")),
          List.of("parent", "child"),
          List.of(
              new TableInfo.ForeignKey("parent", "events", "id"),
              new TableInfo.ForeignKey("child", "events", "id")));

  private static final int CHILD_INDEX = 2;

  /** Creates the table of a schema. */
  public ChildrenTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of(
        "child", AccessPath.Kind.BY_ID,
        "parent", AccessPath.Kind.BY_PARENT,
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

  /** Counting siblings is one walk over each family only where its rows come one by one. */
  @Override
  protected boolean goesByFamily(ImmutableIntList columns) {
    return columns.contains(CHILD_INDEX);
  }

  @Override
  public boolean ordersSiblings(String column) {
    return column.equals("child_index") || column.equals("level") || column.equals("created_at");
  }

  @Override
  protected Iterator<@Nullable Object[]> rows(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order,
      int[] columns,
      boolean locators) {
    if (kind == AccessPath.Kind.FULL_SCAN && contains(columns, CHILD_INDEX)) {
      // Parent by parent, so that counting siblings is one walk over each family.
      Iterator<EventRow> parents = super.events(context, kind, operands, order);
      return new Concatenated<>(
          parents,
          parent ->
              parent.type().isVersion()
                  ? java.util.Collections.emptyIterator()
                  : super.rows(
                      context,
                      AccessPath.Kind.BY_PARENT,
                      new Object[] {parent.id().toString()},
                      AccessPath.Order.AS_FOUND,
                      columns,
                      locators));
    }
    return super.rows(context, kind, operands, order, columns, locators);
  }

  private static boolean contains(int[] columns, int column) {
    for (int each : columns) {
      if (each == column) {
        return true;
      }
    }
    return false;
  }

  @Override
  Iterator<EventRow> sources(ScanContext context, EventRow event) {
    return only(event.type() == EventType.NORMAL ? event : null);
  }

  @Override
  EventRow contentOf(EventRow source) {
    return source;
  }

  @Override
  @Nullable Object value(ScanContext context, EventRow row, int column) {
    return switch (column) {
      case 0 -> text(row.parent());
      case 1 -> row.id().toString();
      case CHILD_INDEX -> context.siblingIndex(row);
      case 3 -> row.type().name();
      case 4 -> row.title();
      case 5 -> row.level();
      case 6 -> millis(row.level());
      case 7 -> row.temporary();
      case 8 -> lengthOrNull(row);
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
