package org.ouroborosdb.calcite.table;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.schema.TemporalTable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.Concatenated;
import org.ouroborosdb.calcite.scan.DrivingRows;
import org.ouroborosdb.calcite.scan.EventTable;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.EventRow;

/**
 * A table whose rows come from events: some of them, or several rows of one.
 *
 * @param <R> what a row is read from
 */
public abstract class EventBasedTable<R> extends EventTable implements TemporalTable {
  static final long NANOS_PER_MILLI = 1_000_000L;

  /**
   * With these names the validator lets FOR SYSTEM_TIME AS OF follow; no table has such columns.
   */
  static final String SYSTEM_TIME_START = "created_at";

  static final String SYSTEM_TIME_END = "replaced_at";

  EventBasedTable(ScannedSchema schema, TableInfo info) {
    super(schema, info);
  }

  @Override
  public String getSysStartFieldName() {
    return SYSTEM_TIME_START;
  }

  @Override
  public String getSysEndFieldName() {
    return SYSTEM_TIME_END;
  }

  /** Returns what the table's rows are read from for an event; none if it has no row. */
  abstract Iterator<R> sources(ScanContext context, EventRow event);

  /** Reads a column. */
  abstract @Nullable Object value(ScanContext context, R source, int column);

  /** Returns the event whose content the row shows. */
  abstract EventRow contentOf(R source);

  /** Returns the events that a path names. */
  Iterator<EventRow> events(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order) {
    return DrivingRows.of(context, kind, operands, order);
  }

  @Override
  protected Iterator<@Nullable Object[]> rows(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order,
      int[] columns,
      boolean locators) {
    Iterator<EventRow> events = events(context, kind, operands, order);
    Iterator<R> sources =
        new Concatenated<>(
            events,
            event -> {
              context.poll();
              return sources(context, event);
            });
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return sources.hasNext();
      }

      @Override
      public @Nullable Object[] next() {
        R source = sources.next();
        @Nullable Object[] row = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
          row[i] = cell(context, source, columns[i], locators);
        }
        return row;
      }
    };
  }

  private @Nullable Object cell(ScanContext context, R source, int column, boolean locators) {
    if (info().columns().get(column).type() != ColumnType.BLOB) {
      return value(context, source, column);
    }
    EventRow event = contentOf(source);
    if (event.contentLength() < 0) {
      return null;
    }
    return locators
        ? (Object) event.seq()
        : context
            .snapshot()
            .content(event)
            .map(content -> new ByteString(content.readAll(ScanContext.MAX_INLINE_CONTENT)))
            .orElse(null);
  }

  static <T> Iterator<T> only(@Nullable T value) {
    return value == null ? Collections.emptyIterator() : List.of(value).iterator();
  }

  static @Nullable Object text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  /** Returns the milliseconds of a level, which counts nanoseconds. */
  public static Long millis(long level) {
    return Math.floorDiv(level, NANOS_PER_MILLI);
  }

  static @Nullable Long millisOrNull(@Nullable Long nanos) {
    return nanos == null ? null : millis(nanos);
  }

  static @Nullable Long seqOrNull(EventRow row) {
    return row.isPending() ? null : row.seq();
  }

  static @Nullable Long lengthOrNull(EventRow row) {
    long length = row.contentLength();
    return length < 0 ? null : length;
  }
}
