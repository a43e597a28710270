package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.column.TableInfo;
import org.ouroborosdb.calcite.function.TaggedFunction;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventScan;
import org.ouroborosdb.calcite.scan.Operands;
import org.ouroborosdb.calcite.scan.TitleStart;

/**
 * Chooses the access path for a condition. Whatever the path does not guarantee is left over as a
 * condition on the rows it finds.
 */
final class PredicateTranslator {
  /** The bounds of more are not worth to be computed each time. */
  private static final int MOST_RANGES = 8;

  private final EventScan scan;
  private final RexBuilder builder;
  private final List<RexNode> conditions;
  private final Map<String, Equality> equalities = new LinkedHashMap<>();
  private final Map<String, RexNode> lower = new HashMap<>();
  private final Map<String, RexNode> upper = new HashMap<>();
  private final Map<String, List<RexNode>> patterns = new HashMap<>();

  private @Nullable Equality tags;
  private @Nullable Choice absence;

  /** A column that equals one of some values, and the condition that says so. */
  private record Equality(List<RexNode> values, RexNode condition) {}

  /** A path, and the conditions that are left over. */
  record Choice(AccessPath path, List<RexNode> rest) {}

  private PredicateTranslator(EventScan scan, RexNode condition) {
    this.scan = scan;
    this.builder = scan.getCluster().getRexBuilder();
    this.conditions =
        new ArrayList<>(RelOptUtil.conjunctions(RexUtil.expandSearch(builder, null, condition)));
    conditions.forEach(this::read);
  }

  /** Returns the best path for a condition on a full scan; null if no index helps. */
  static @Nullable Choice choose(EventScan scan, RexNode condition) {
    return new PredicateTranslator(scan, condition).choose();
  }

  private void read(RexNode condition) {
    List<RexNode> wanted = TaggedFunction.tags(condition);
    if (wanted != null && tags == null && isTagLookup((RexCall) condition, wanted)) {
      tags = new Equality(wanted, condition);
    }
    if (condition.isA(SqlKind.SOME) && tags == null) {
      readAny((RexCall) condition);
    }
    switch (condition.getKind()) {
      case EQUALS, OR -> readEquality(condition);
      case GREATER_THAN, GREATER_THAN_OR_EQUAL -> readBound((RexCall) condition, lower, upper);
      case LESS_THAN, LESS_THAN_OR_EQUAL -> readBound((RexCall) condition, upper, lower);
      case IS_NULL -> readNull((RexCall) condition);
      case LIKE -> readPrefix((RexCall) condition);
      default -> {
        // no index answers it
      }
    }
  }

  private void readNull(RexCall condition) {
    String column = columnOf(condition.getOperands().get(0));
    AccessPath.Kind kind = column == null ? null : scan.events.without(column);
    if (kind != null) {
      List<RexNode> rest = new ArrayList<>(conditions);
      rest.remove(condition);
      absence = new Choice(new AccessPath(kind, List.of()), rest);
    }
  }

  private boolean isTagLookup(RexCall condition, List<RexNode> wanted) {
    return "tags".equals(columnOf(condition.getOperands().get(0)))
        && wanted.stream().allMatch(Operands::isOperand);
  }

  /** Reads {@code 'a' = ANY(tags)}. */
  private void readAny(RexCall condition) {
    RexNode wanted = condition.getOperands().get(0);
    if (condition.getOperator().equals(SqlStdOperatorTable.SOME_EQ)
        && condition.getOperands().size() == 2
        && "tags".equals(columnOf(condition.getOperands().get(1)))
        && Operands.isOperand(wanted)) {
      tags = new Equality(List.of(wanted), condition);
    }
  }

  private void readEquality(RexNode condition) {
    String column = null;
    List<RexNode> values = new ArrayList<>();
    for (RexNode part : RelOptUtil.disjunctions(condition)) {
      if (!part.isA(SqlKind.EQUALS)) {
        return;
      }
      List<RexNode> sides = ((RexCall) part).getOperands();
      boolean columnFirst = columnOf(sides.get(0)) != null && Operands.isOperand(sides.get(1));
      String found = columnOf(sides.get(columnFirst ? 0 : 1));
      RexNode value = sides.get(columnFirst ? 1 : 0);
      if (found == null
          || !Operands.isOperand(value)
          || (column != null && !column.equals(found))) {
        return;
      }
      column = found;
      values.add(value);
    }
    if (column != null) {
      equalities.putIfAbsent(column, new Equality(values, condition));
    }
  }

  private void readBound(
      RexCall condition, Map<String, RexNode> bounds, Map<String, RexNode> mirrored) {
    RexNode left = firstOfRow(condition.getOperands().get(0));
    RexNode right = firstOfRow(condition.getOperands().get(1));
    String column = columnOf(left);
    if (column != null && Operands.isOperand(right)) {
      bounds.putIfAbsent(column, right);
    } else if (columnOf(right) != null && Operands.isOperand(left)) {
      mirrored.putIfAbsent(String.valueOf(columnOf(right)), left);
    }
  }

  /** Rows that compare as {@code <}, {@code <=} and so on have first values that do, or equal. */
  private static RexNode firstOfRow(RexNode side) {
    RexNode row = side;
    RelDataType type = side.getType();
    if (row.isA(SqlKind.CAST) && type.isStruct()) {
      row = ((RexCall) row).getOperands().get(0);
    }
    if (!row.isA(SqlKind.ROW)) {
      return side;
    }
    RexNode first = ((RexCall) row).getOperands().get(0);
    RelDataType as = type.getFieldList().get(0).getType();
    return first.getType().getSqlTypeName() == as.getSqlTypeName() ? first : side;
  }

  private void readPrefix(RexCall condition) {
    String column = columnOf(condition.getOperands().get(0));
    if (column == null
        || !condition.getOperator().equals(SqlStdOperatorTable.LIKE) // ILIKE is of its kind too
        || !condition.getOperands().stream().skip(1).allMatch(Operands::isOperand)) {
      return;
    }
    RexNode pattern = Operands.plain(condition.getOperands().get(1));
    boolean escaped = condition.getOperands().size() > 2;
    boolean hasPrefix =
        (pattern instanceof RexLiteral literal && !escaped)
            ? Operands.literal(literal) instanceof String text
                && !TitleStart.ofPattern(text, "").isEmpty()
            : pattern.getType().getFamily() == SqlTypeFamily.CHARACTER;
    if (hasPrefix) {
      patterns.putIfAbsent(
          column,
          escaped
              ? List.of(pattern, Operands.plain(condition.getOperands().get(2)))
              : List.of(pattern));
    }
  }

  /** Makes a range of titles a search for what its bounds begin with. */
  private void readTitleRange(String column) {
    RexNode from = lower.get(column);
    RexNode to = upper.get(column);
    if (from != null && to != null && isCharacter(from) && isCharacter(to)) {
      patterns.putIfAbsent(column, List.of(builder.constantNull(), from, to));
    }
  }

  private static boolean isCharacter(RexNode operand) {
    return Operands.plain(operand).getType().getFamily() == SqlTypeFamily.CHARACTER;
  }

  private @Nullable String columnOf(RexNode node) {
    RexNode plain = Operands.plain(node);
    return plain instanceof RexInputRef ref ? scan.columnName(ref.getIndex()) : null;
  }

  private @Nullable Choice choose() {
    Map<String, AccessPath.Kind> indexes = scan.events.indexes();
    Choice pair = choosePair(indexes);
    if (pair != null) {
      return pair;
    }
    AccessPath.Kind best = null;
    Equality equality = null;
    for (Map.Entry<String, Equality> entry : equalities.entrySet()) {
      AccessPath.Kind kind = indexes.get(entry.getKey());
      if (kind != null
          && isText(entry.getValue())
          && (best == null || kind.compareTo(best) < 0)) { // the kinds stand in order of cost
        best = kind;
        equality = entry.getValue();
      }
    }
    Equality all = tags;
    if (all != null && (best == null || best.compareTo(AccessPath.Kind.BY_TITLE) > 0)) {
      List<RexNode> rest = new ArrayList<>(conditions);
      rest.remove(all.condition());
      return new Choice(new AccessPath(AccessPath.Kind.WITH_TAGS, all.values()), rest);
    }
    if (best == AccessPath.Kind.BY_ROOT && equality != null && equality.values().size() == 1) {
      Choice byPath = choosePathStart(indexes, equality.values().get(0));
      if (byPath != null) {
        return byPath;
      }
    }
    if (best != null && equality != null) {
      List<RexNode> rest = new ArrayList<>(conditions);
      if (scan.events.isExact(best)) {
        rest.remove(equality.condition());
      }
      return new Choice(new AccessPath(best, equality.values()), rest);
    }
    return absence == null ? chooseRange(indexes) : absence;
  }

  private static boolean isText(Equality equality) {
    return equality.values().stream()
        .allMatch(
            value ->
                Operands.plain(value).getType().getFamily() == SqlTypeFamily.CHARACTER
                    || RexLiteral.isNullLiteral(Operands.plain(value)));
  }

  private @Nullable Choice choosePair(Map<String, AccessPath.Kind> indexes) {
    if (indexes.containsKey("id") && equalities.containsKey("id")) {
      return null;
    }
    String title = indexes.containsKey("name") ? "name" : "title";
    Choice byTitle = pair("parent", title, AccessPath.Kind.BY_PARENT_AND_TITLE, indexes);
    if (byTitle != null || !indexes.containsKey("name")) {
      return byTitle;
    }
    return pair("root", "path", AccessPath.Kind.BY_ROOT_AND_PATH, indexes);
  }

  private @Nullable Choice pair(
      String first, String second, AccessPath.Kind kind, Map<String, AccessPath.Kind> indexes) {
    Equality a = equalities.get(first);
    Equality b = equalities.get(second);
    if (!indexes.containsKey(first)
        || a == null
        || a.values().size() != 1
        || !isText(a)
        || b == null
        || b.values().size() != 1
        || !isText(b)) {
      return null;
    }
    List<RexNode> operands = List.of(a.values().get(0), b.values().get(0));
    return new Choice(new AccessPath(kind, operands), conditions);
  }

  private @Nullable Choice chooseRange(Map<String, AccessPath.Kind> indexes) {
    for (TableInfo.Column column : scan.events.info().columns()) {
      AccessPath.Kind kind = scan.ordering(column.name());
      if (kind == null) {
        continue;
      }
      Equality equality = equalities.get(column.name());
      RexNode from =
          equality != null && equality.values().size() == 1
              ? equality.values().get(0)
              : lower.get(column.name());
      RexNode to =
          equality != null && equality.values().size() == 1
              ? equality.values().get(0)
              : upper.get(column.name());
      if (isOrdinal(from) && isOrdinal(to) && (from != null || to != null)) {
        return new Choice(new AccessPath(kind, List.of(orNull(from), orNull(to))), conditions);
      }
    }
    for (RexNode or : conditions) {
      AccessPath hull = or.isA(SqlKind.OR) ? hull(or) : null;
      if (hull != null) {
        return new Choice(hull, conditions);
      }
    }
    for (Map.Entry<String, AccessPath.Kind> index : indexes.entrySet()) {
      if (index.getValue() == AccessPath.Kind.BY_TITLE) {
        readTitleRange(index.getKey());
        List<RexNode> start = patterns.get(index.getKey());
        if (start != null) {
          return new Choice(new AccessPath(AccessPath.Kind.TITLE_PREFIX, start), conditions);
        }
      }
    }
    return choosePathStart(indexes, builder.constantNull());
  }

  private @Nullable Choice choosePathStart(Map<String, AccessPath.Kind> indexes, RexNode root) {
    if (indexes.get("path") != AccessPath.Kind.BY_PATH) {
      return null;
    }
    readTitleRange("path");
    List<RexNode> start = patterns.get("path");
    if (start == null) {
      return null;
    }
    List<RexNode> operands = new ArrayList<>(List.of(root));
    operands.addAll(start);
    return new Choice(new AccessPath(AccessPath.Kind.PATH_PREFIX, operands), conditions);
  }

  /** Returns the range around those of one column that an OR chooses from; null if it does not. */
  private @Nullable AccessPath hull(RexNode or) {
    List<AccessPath> ranges = new ArrayList<>();
    List<RexNode> parts = RelOptUtil.disjunctions(or);
    for (RexNode part : parts.size() > MOST_RANGES ? List.<RexNode>of() : parts) {
      Choice choice = choose(scan, part);
      if (choice == null
          || !choice.path().kind().isRange()
          || (!ranges.isEmpty() && ranges.get(0).kind() != choice.path().kind())) {
        return null;
      }
      ranges.add(choice.path());
    }
    List<RexNode> operands = new ArrayList<>();
    ranges.forEach(range -> operands.addAll(range.operands()));
    return isBound(ranges, 0) || isBound(ranges, 1)
        ? new AccessPath(ranges.get(0).kind(), operands)
        : null;
  }

  private static boolean isBound(List<AccessPath> ranges, int end) {
    return !ranges.isEmpty()
        && ranges.stream().noneMatch(range -> RexLiteral.isNullLiteral(range.operands().get(end)));
  }

  private static boolean isOrdinal(@Nullable RexNode bound) {
    if (bound == null) {
      return true;
    }
    // A bound that turns out NULL leaves the range open; the condition left over finds no row.
    return switch (Operands.plain(bound).getType().getSqlTypeName()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, TIMESTAMP -> true;
      default -> false;
    };
  }

  private RexNode orNull(@Nullable RexNode bound) {
    return bound == null ? builder.constantNull() : bound;
  }
}
