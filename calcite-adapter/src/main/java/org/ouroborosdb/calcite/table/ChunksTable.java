package org.ouroborosdb.calcite.table;

import static org.ouroborosdb.calcite.table.Columns.generated;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.schema.TemporalTable;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.Concatenated;
import org.ouroborosdb.calcite.scan.EventTable;
import org.ouroborosdb.calcite.scan.ScanContext;
import org.ouroborosdb.calcite.scan.ScannedSchema;
import org.ouroborosdb.store.ChunkId;
import org.ouroborosdb.store.ChunkInfo;

/**
 * {@code chunks}: each chunk stored, once. As of a moment, those that the events of then refer to.
 */
public final class ChunksTable extends EventTable implements TemporalTable {
  /** What is known of the table. */
  public static final TableInfo INFO =
      new TableInfo(
          "chunks",
          "Each chunk, stored once however often it occurs",
          List.of(
              generated("hash", ColumnType.VARCHAR, "SHA-512 of the plain bytes"),
              generated("length", ColumnType.BIGINT, "Plain length in bytes"),
              generated("stored_length", ColumnType.BIGINT, "Stored length in bytes"),
              generated("codec", ColumnType.VARCHAR, "none or zstd"),
              generated("segment", ColumnType.BIGINT, "Number of its segment"),
              generated("segment_offset", ColumnType.BIGINT, "Offset of its record, in bytes")),
          List.of("hash"),
          List.of());

  /** Creates the table of a schema. */
  public ChunksTable(ScannedSchema schema) {
    super(schema, INFO);
  }

  @Override
  public String getSysStartFieldName() {
    return EventBasedTable.SYSTEM_TIME_START;
  }

  @Override
  public String getSysEndFieldName() {
    return EventBasedTable.SYSTEM_TIME_END;
  }

  @Override
  public Map<String, AccessPath.Kind> indexes() {
    return Map.of("hash", AccessPath.Kind.BY_HASH);
  }

  @Override
  protected Iterator<@Nullable Object[]> rows(
      ScanContext context,
      AccessPath.Kind kind,
      @Nullable Object[] operands,
      AccessPath.Order order,
      int[] columns,
      boolean locators) {
    Iterator<ChunkInfo> chunks =
        kind == AccessPath.Kind.BY_HASH
            ? found(context, operands)
            : context.snapshot().chunks().iterator();
    ChunkSet then = context.isPast() ? ChunkSet.referredTo(context) : null;
    return new Concatenated<>(
        chunks,
        chunk -> {
          context.poll();
          if (then != null && !then.contains(chunk.id())) {
            return Collections.emptyIterator();
          }
          @Nullable Object[] row = new Object[columns.length];
          for (int i = 0; i < columns.length; i++) {
            row[i] = value(chunk, columns[i]);
          }
          return Collections.<@Nullable Object[]>singletonList(row).iterator();
        });
  }

  private static Iterator<ChunkInfo> found(ScanContext context, @Nullable Object[] hashes) {
    return Arrays.stream(hashes)
        .filter(hash -> hash instanceof String text && ScanContext.isId(text))
        .distinct()
        .map(hash -> context.snapshot().chunk(ChunkId.parse((String) hash)))
        .filter(Objects::nonNull)
        .iterator();
  }

  private static Object value(ChunkInfo chunk, int column) {
    return switch (column) {
      case 0 -> chunk.id().toString();
      case 1 -> (long) chunk.length();
      case 2 -> (long) chunk.storedLength();
      case 3 -> chunk.codec();
      case 4 -> (long) chunk.segment();
      case 5 -> chunk.segmentOffset();
      default -> throw new IllegalArgumentException("column " + column);
    };
  }
}
