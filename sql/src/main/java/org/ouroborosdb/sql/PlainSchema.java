package org.ouroborosdb.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.store.EventRow;
import org.ouroborosdb.store.EventType;
import org.ouroborosdb.store.Snapshot;

/** Events, roots, children and files as full scans. */
final class PlainSchema extends AbstractSchema {
  private static final int MAX_BYTES = 16 << 20;
  private static final String EVENTS =
      "id v! parent v root v! type v! title v media_type v level l! created_at t! depth i! seq l"
          + " temporary b! expires_at t full_text_search b! tags a! metadata v content_length l"
          + " content c";

  @Override
  protected Map<String, Table> getTableMap() {
    return Map.of(
        "events", new Scan(EVENTS, row -> true),
        "roots",
            new Scan(
                "id v! title v! level l! created_at t! metadata v",
                row -> row.type() == EventType.ROOT),
        "children",
            new Scan(
                "parent v! child v! type v! title v level l! created_at t! temporary b!"
                    + " content_length l",
                row -> row.type() == EventType.NORMAL),
        "files",
            new Scan(
                "id v! version v! parent v! root v! name v! media_type v length l! level l!"
                    + " created_at t! metadata v temporary b! content c",
                row -> row.type() == EventType.NORMAL && row.content() != null));
  }

  private static @Nullable Object value(String name, EventRow row, Snapshot snapshot) {
    return switch (name) {
      case "id", "child", "version" -> row.id().toString();
      case "parent" -> row.parent() == null ? null : row.parent().toString();
      case "root" -> row.root().toString();
      case "type" -> row.type().name();
      case "title", "name" -> row.title();
      case "media_type" -> row.mediaType();
      case "level" -> row.level();
      case "created_at" -> row.level() / 1_000_000L;
      case "depth" -> row.depth();
      case "seq" -> row.isPending() ? null : row.seq();
      case "temporary" -> row.temporary();
      case "expires_at" -> row.expiresAt() == null ? null : row.expiresAt() / 1_000_000L;
      case "full_text_search" -> row.fullTextSearch();
      case "tags" -> row.tags();
      case "metadata" -> snapshot.metadata(row).orElse(null);
      case "content_length", "length" -> row.contentLength() < 0 ? null : row.contentLength();
      case "content" ->
          snapshot.content(row).map(c -> new ByteString(c.readAll(MAX_BYTES))).orElse(null);
      default -> throw new AssertionError(name);
    };
  }

  private static final class Scan extends AbstractTable implements ScannableTable {
    private final String[] columns;
    private final Function<EventRow, Boolean> wanted;

    Scan(String columns, Function<EventRow, Boolean> wanted) {
      this.columns = columns.split(" ");
      this.wanted = wanted;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      RelDataTypeFactory.Builder builder = factory.builder();
      for (int i = 0; i < columns.length; i += 2) {
        RelDataType type =
            switch (columns[i + 1].charAt(0)) {
              case 'v' -> factory.createSqlType(SqlTypeName.VARCHAR);
              case 'l' -> factory.createSqlType(SqlTypeName.BIGINT);
              case 'i' -> factory.createSqlType(SqlTypeName.INTEGER);
              case 'b' -> factory.createSqlType(SqlTypeName.BOOLEAN);
              case 't' -> factory.createSqlType(SqlTypeName.TIMESTAMP, 3);
              case 'a' -> factory.createArrayType(factory.createSqlType(SqlTypeName.VARCHAR), -1);
              default -> factory.createSqlType(SqlTypeName.VARBINARY);
            };
        boolean nullable = !columns[i + 1].endsWith("!");
        builder.add(columns[i], factory.createTypeWithNullability(type, nullable));
      }
      return builder.build();
    }

    @Override
    public Enumerable<@Nullable Object[]> scan(DataContext root) {
      Snapshot snapshot = (Snapshot) root.get(SqlCatalog.SNAPSHOT);
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (EventRow row : snapshot.bySeq(1, Long.MAX_VALUE, false)) {
        if (wanted.apply(row)) {
          @Nullable Object[] values = new Object[columns.length / 2];
          for (int i = 0; i < values.length; i++) {
            values[i] = value(columns[2 * i], row, snapshot);
          }
          rows.add(values);
        }
      }
      return Linq4j.asEnumerable(rows);
    }
  }
}
