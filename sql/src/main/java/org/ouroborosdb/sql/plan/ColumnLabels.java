package org.ouroborosdb.sql.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.function.ExtractCalls;

/**
 * Names the columns of a query that have no alias and are not a column alone: after the function
 * that makes them, as PostgreSQL does, unless another column has that name.
 */
final class ColumnLabels {
  private static final String UNNAMED = "EXPR$";

  private ColumnLabels() {}

  /**
   * Returns a label for each column.
   *
   * @param valid the validated query
   * @param names the names of its columns, those without one as Calcite makes them up
   */
  static List<String> of(SqlNode valid, List<String> names) {
    SqlSelect select = first(valid);
    if (select == null || select.getSelectList().size() != names.size()) {
      return names;
    }
    List<String> labels = new ArrayList<>(names);
    Set<String> taken = new HashSet<>(names);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).startsWith(UNNAMED)) {
        String label = label(select.getSelectList().get(i));
        if (!label.isEmpty() && taken.add(label)) {
          labels.set(i, label);
        }
      }
    }
    return labels;
  }

  /** Returns the SELECT that names the columns of a query; null if it is none, as VALUES. */
  private static @Nullable SqlSelect first(SqlNode query) {
    if (query instanceof SqlSelect select) {
      SqlNode from = select.getFrom();
      SqlNode rows = from != null && from.getKind() == SqlKind.AS ? operand(from) : from;
      boolean passes = select.getSelectList().stream().allMatch(SqlIdentifier.class::isInstance);
      // An ordered UNION has become SELECT * FROM it.
      return passes && rows != null && rows.isA(SqlKind.SET_QUERY) ? first(rows) : select;
    }
    if (query instanceof SqlWith with) {
      return first(with.body);
    }
    if (query instanceof SqlOrderBy ordered) {
      return first(ordered.query);
    }
    return query.isA(SqlKind.SET_QUERY) ? first(operand(query)) : null;
  }

  private static SqlNode operand(SqlNode call) {
    return ((SqlCall) call).operand(0);
  }

  private static String label(SqlNode item) {
    if (item instanceof SqlIdentifier column) {
      return Util.last(column.names);
    }
    if (item instanceof SqlCase) {
      return "case";
    }
    if (!(item instanceof SqlBasicCall call)) {
      return "";
    }
    return switch (call.getKind()) {
      case AS, CAST, FILTER, OVER, WITHIN_GROUP, RESPECT_NULLS, IGNORE_NULLS ->
          label(call.operand(0));
      case JSON_ARRAYAGG, JSON_OBJECTAGG -> call.getKind().lowerName;
      default ->
          call.getOperator() instanceof SqlFunction function
              ? ExtractCalls.named(function.getName()) == null
                  ? function.getName().toLowerCase(Locale.ROOT)
                  : "extract"
              : "";
    };
  }
}
