package org.ouroborosdb.jdbc;

import java.util.ArrayList;
import java.util.List;
import org.ouroborosdb.sql.ColumnInfo;
import org.ouroborosdb.sql.SqlType;

/** Describes the columns of catalogue result sets: names with I, S, L or B for other than text. */
final class MetaColumns {
  private MetaColumns() {}

  static List<ColumnInfo> parse(String columns) {
    List<ColumnInfo> parsed = new ArrayList<>();
    for (String column : columns.split(" ", -1)) {
      int colon = column.indexOf(':');
      String name = colon < 0 ? column : column.substring(0, colon);
      parsed.add(
          RowSource.column(name, colon < 0 ? SqlType.VARCHAR : type(column.charAt(colon + 1))));
    }
    return parsed;
  }

  private static SqlType type(char letter) {
    return switch (letter) {
      case 'I' -> SqlType.INTEGER;
      case 'S' -> SqlType.SMALLINT;
      case 'L' -> SqlType.BIGINT;
      case 'B' -> SqlType.BOOLEAN;
      default -> throw new IllegalArgumentException("type " + letter);
    };
  }
}
