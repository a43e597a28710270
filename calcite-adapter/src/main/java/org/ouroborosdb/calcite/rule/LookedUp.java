package org.ouroborosdb.calcite.rule;

import com.google.common.collect.ImmutableSet;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.hep.HepRelVertex;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.RelFactories;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventScan;
import org.ouroborosdb.calcite.scan.Operands;
import org.ouroborosdb.calcite.table.EventsTable;

/** The side of a join that is looked up: a scan, below what filters, chooses or groups its rows. */
final class LookedUp {
  private LookedUp() {}

  /** Returns the node that stands for another while a Hep planner runs. */
  static RelNode current(RelNode rel) {
    return rel instanceof HepRelVertex vertex ? vertex.getCurrentRel() : rel;
  }

  /** A scan that finds rows by a column, which a side shows. */
  record Indexed(EventScan scan, String column) {
    /** Returns whether every value that is an event's id finds one row. */
    boolean isEveryEvent() {
      return scan.events instanceof EventsTable
          && scan.events.indexes().get(column) == AccessPath.Kind.BY_ID;
    }
  }

  /** Returns the scan that can find rows by one of the side's fields; null if there is none. */
  static @Nullable Indexed indexed(RelNode rel, int field) {
    RelNode at = current(rel);
    if (at instanceof RelSubset subset) {
      RelNode original = subset.getOriginal();
      return original == null ? null : indexed(original, field);
    }
    if (at instanceof EventScan scan) {
      boolean found =
          isReplaceable(scan.request.path().kind())
              && !scan.request.counting()
              && scan.events.indexes().containsKey(scan.columnName(field));
      return found ? new Indexed(scan, scan.columnName(field)) : null;
    }
    if (at instanceof LogicalFilter filter) {
      return indexed(filter.getInput(), field);
    }
    if (isGrouped(at) && field < ((Aggregate) at).getGroupCount()) {
      Aggregate grouped = (Aggregate) at;
      return indexed(grouped.getInput(), grouped.getGroupSet().nth(field));
    }
    if (at instanceof LogicalJoin join && keepsLeft(join, field)) {
      return LookupJoinRule.isLookUp(join) ? indexed(join.getLeft(), field) : null;
    }
    return at instanceof LogicalProject project
            && project.getProjects().get(field) instanceof RexInputRef ref
            && dividesWindows(project, ImmutableBitSet.of(ref.getIndex()))
        ? indexed(project.getInput(), ref.getIndex())
        : null;
  }

  /** Returns whether the condition that a path was chosen for stands above the scan too. */
  static boolean isReplaceable(AccessPath.Kind kind) {
    return kind == AccessPath.Kind.FULL_SCAN
        || kind == AccessPath.Kind.TITLE_PREFIX
        || kind == AccessPath.Kind.PATH_PREFIX
        || kind.isRange();
  }

  /** Returns whether nothing that a scan finds is left out by a side. */
  static boolean isWhole(RelNode rel) {
    RelNode at = current(rel);
    return (at instanceof EventScan scan && scan.request.path().kind() == AccessPath.Kind.FULL_SCAN)
        || (at instanceof LogicalProject project && isWhole(project.getInput()));
  }

  /** Returns whether a side groups or joins rows, so that its size says not what it reads. */
  static boolean isComputed(RelNode rel) {
    RelNode at = current(rel);
    return at instanceof LogicalAggregate
        || at instanceof LogicalJoin
        || (at instanceof LogicalProject project && isComputed(project.getInput()))
        || (at instanceof LogicalFilter filter && isComputed(filter.getInput()));
  }

  private static boolean isGrouped(RelNode at) {
    return at instanceof LogicalAggregate aggregate
        && aggregate.getGroupType() == Aggregate.Group.SIMPLE;
  }

  /** Returns whether rows that differ in some fields never see each other in a window. */
  private static boolean dividesWindows(LogicalProject project, ImmutableBitSet fields) {
    boolean[] all = {true};
    project
        .getProjects()
        .forEach(
            each ->
                each.accept(
                    new RexVisitorImpl<@Nullable Void>(true) {
                      @Override
                      public @Nullable Void visitOver(RexOver over) {
                        ImmutableBitSet keys =
                            RelOptUtil.InputFinder.bits(
                                over.getWindow().partitionKeys.stream()
                                    .filter(RexInputRef.class::isInstance)
                                    .toList(),
                                null);
                        all[0] &= keys.contains(fields);
                        return super.visitOver(over);
                      }
                    }));
    return all[0];
  }

  private static boolean keepsLeft(Join join, int field) {
    boolean kept =
        join.getJoinType() == JoinRelType.INNER || join.getJoinType() == JoinRelType.LEFT;
    return kept && field < join.getLeft().getRowType().getFieldCount();
  }

  /** Returns a side with a condition on its fields, as near to its scan as it can be. */
  static RelNode where(RelNode rel, RexNode condition) {
    RelNode at = current(rel);
    if (at instanceof EventScan scan) {
      return filtered(scan.withPath(AccessPath.ALL), condition);
    }
    if (at instanceof LogicalFilter filter) {
      return filter.copy(
          filter.getTraitSet(), where(filter.getInput(), condition), filter.getCondition());
    }
    if (at instanceof LogicalProject project) {
      RexNode below = RelOptUtil.pushPastProject(condition, project);
      return dividesWindows(project, RelOptUtil.InputFinder.bits(below))
          ? project.copy(project.getTraitSet(), List.of(where(project.getInput(), below)))
          : filtered(rel, condition);
    }
    int fields = RelOptUtil.InputFinder.bits(condition).length();
    if (at instanceof LogicalJoin join && fields > 0 && keepsLeft(join, fields - 1)) {
      RelNode lookUp = LookupJoinRule.lookUp(join, where(join.getLeft(), condition));
      return lookUp == null ? filtered(rel, condition) : lookUp;
    }
    return isGrouped(at) ? whereGrouped((Aggregate) at, condition) : filtered(rel, condition);
  }

  private static RelNode filtered(RelNode rel, RexNode condition) {
    return RelFactories.DEFAULT_FILTER_FACTORY.createFilter(rel, condition, ImmutableSet.of());
  }

  private static RelNode whereGrouped(Aggregate grouped, RexNode condition) {
    RexBuilder builder = grouped.getCluster().getRexBuilder();
    List<RexNode> onKeys = new ArrayList<>();
    List<RexNode> onResults = new ArrayList<>();
    for (RexNode each : RelOptUtil.conjunctions(condition)) {
      boolean keys = RelOptUtil.InputFinder.bits(each).length() <= grouped.getGroupCount();
      (keys ? onKeys : onResults).add(each);
    }
    RelNode input = where(grouped.getInput(), onInput(grouped, onKeys));
    if (grouped.getAggCallList().isEmpty() && fixed(onKeys).contains(varying(grouped))) {
      // All rows make the same group: the first is enough.
      input =
          LogicalSort.create(
              input, RelCollations.EMPTY, null, builder.makeExactLiteral(BigDecimal.ONE));
    }
    RelNode result = grouped.copy(grouped.getTraitSet(), List.of(input));
    RexNode rest = RexUtil.composeConjunction(builder, onResults);
    return rest.isAlwaysTrue() ? result : filtered(result, rest);
  }

  private static RexNode onInput(Aggregate grouped, List<RexNode> conditions) {
    RexBuilder builder = grouped.getCluster().getRexBuilder();
    return RexUtil.composeConjunction(builder, conditions)
        .accept(
            new RexShuttle() {
              @Override
              public RexNode visitInputRef(RexInputRef ref) {
                return builder.makeInputRef(
                    ref.getType(), grouped.getGroupSet().nth(ref.getIndex()));
              }
            });
  }

  /** Returns the fields that conditions make equal to what is known before the side is read. */
  private static ImmutableBitSet fixed(List<RexNode> conditions) {
    ImmutableBitSet.Builder fields = ImmutableBitSet.builder();
    for (RexNode each : conditions) {
      if (each.isA(SqlKind.EQUALS)) {
        List<RexNode> sides = ((RexCall) each).getOperands();
        for (int i = 0; i < 2; i++) {
          if (sides.get(i) instanceof RexInputRef ref && Operands.isOperand(sides.get(1 - i))) {
            fields.set(ref.getIndex());
          }
        }
      }
    }
    return fields.build();
  }

  /** Returns the keys of a group that are no constants. */
  private static ImmutableBitSet varying(Aggregate grouped) {
    RelNode input = current(grouped.getInput());
    ImmutableBitSet.Builder keys = ImmutableBitSet.builder();
    for (int i = 0; i < grouped.getGroupCount(); i++) {
      boolean constant =
          input instanceof LogicalProject project
              && project.getProjects().get(grouped.getGroupSet().nth(i)) instanceof RexLiteral;
      if (!constant) {
        keys.set(i);
      }
    }
    return keys.build();
  }

  /** Returns a condition with {@code =} where it says the same, as one side is never NULL. */
  static RexNode withEqualities(RexBuilder builder, RexNode condition) {
    List<RexNode> conditions = new ArrayList<>();
    for (RexNode each : RelOptUtil.conjunctions(condition)) {
      boolean same =
          each.isA(SqlKind.IS_NOT_DISTINCT_FROM)
              && ((RexCall) each)
                  .getOperands().stream().anyMatch(side -> !side.getType().isNullable());
      conditions.add(
          same
              ? builder.makeCall(SqlStdOperatorTable.EQUALS, ((RexCall) each).getOperands())
              : each);
    }
    return RexUtil.composeConjunction(builder, conditions);
  }
}
