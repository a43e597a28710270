package org.ouroborosdb.calcite.table;

import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.ColumnType;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.scan.AccessPath;

/** Describes columns in few words. */
final class Columns {
  private Columns() {}

  /** A column that the store fills and that is never null. */
  static TableInfo.Column generated(String name, ColumnType type, String remarks) {
    return new TableInfo.Column(name, type, false, true, remarks);
  }

  /** A column that may be null and that INSERT takes. */
  static TableInfo.Column optional(String name, ColumnType type, String remarks) {
    return new TableInfo.Column(name, type, true, false, remarks);
  }

  /** A column that INSERT must be given. */
  static TableInfo.Column required(String name, ColumnType type, String remarks) {
    return new TableInfo.Column(name, type, false, false, remarks);
  }

  /** A column that the store fills and that may be null. */
  static TableInfo.Column derived(String name, ColumnType type, String remarks) {
    return new TableInfo.Column(name, type, true, true, remarks);
  }

  /** Returns the ordered index that orders like a column. */
  static AccessPath.@Nullable Kind ordering(String column) {
    return switch (column) {
      case "level" -> AccessPath.Kind.LEVEL_RANGE;
      case "created_at" -> AccessPath.Kind.TIME_RANGE;
      case "seq" -> AccessPath.Kind.SEQ_RANGE;
      default -> null;
    };
  }
}
