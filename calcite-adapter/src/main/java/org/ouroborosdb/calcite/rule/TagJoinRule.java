package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.rules.JoinCommuteRule;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.AccessPath;
import org.ouroborosdb.calcite.scan.EventScan;
import org.ouroborosdb.calcite.scan.Operands;
import org.ouroborosdb.calcite.table.EventTagsTable;
import org.ouroborosdb.calcite.table.EventsTable;

/**
 * Makes a join of the rows of one tag in {@code event_tags} with their events a look-up of the
 * events with that tag: each of them has one such row.
 */
final class TagJoinRule extends RelOptRule {
  static final TagJoinRule INSTANCE = new TagJoinRule();

  private TagJoinRule() {
    super(operand(LogicalJoin.class, any()));
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalJoin join = call.rel(0);
    if (join.getJoinType() != JoinRelType.INNER || !join.getVariablesSet().isEmpty()) {
      return;
    }
    RelNode joined = joined(join);
    if (joined == null
        && JoinCommuteRule.swap(join, true) instanceof LogicalProject project
        && project.getInput() instanceof LogicalJoin mirrored) {
      RelNode other = joined(mirrored);
      joined = other == null ? null : project.copy(project.getTraitSet(), List.of(other));
    }
    if (joined != null) {
      call.transformTo(joined);
    }
  }

  /** The rows of one tag: for each field whether it is the tag, else the event. */
  private record OneTag(EventScan scan, RexNode tag, List<Boolean> isTag) {}

  /** Returns the events with the tag that the left side chooses; null if it is no such join. */
  private static @Nullable RelNode joined(LogicalJoin join) {
    OneTag tags = oneTag(LookedUp.current(join.getLeft()));
    int leftCount = join.getLeft().getRowType().getFieldCount();
    if (tags == null
        || !join.getCondition().isA(SqlKind.EQUALS)
        || !(field(join, 0) instanceof RexInputRef event)
        || !(field(join, 1) instanceof RexInputRef id)) {
      return null;
    }
    int left = Math.min(event.getIndex(), id.getIndex());
    int right = Math.max(event.getIndex(), id.getIndex()) - leftCount;
    if (left >= leftCount || right < 0 || tags.isTag().get(left)) {
      return null;
    }
    RelNode found = withTag(LookedUp.current(join.getRight()), right, tags);
    return found == null ? null : project(join, tags, found, right);
  }

  private static RexNode field(LogicalJoin join, int operand) {
    return ((RexCall) join.getCondition()).getOperands().get(operand);
  }

  private static @Nullable OneTag oneTag(RelNode side) {
    if (side instanceof LogicalProject project) {
      OneTag below = oneTag(LookedUp.current(project.getInput()));
      List<Boolean> isTag = new ArrayList<>();
      for (RexNode expression : project.getProjects()) {
        if (below == null || !(expression instanceof RexInputRef ref)) {
          return null;
        }
        isTag.add(below.isTag().get(ref.getIndex()));
      }
      return below == null ? null : new OneTag(below.scan(), below.tag(), isTag);
    }
    if (!(side instanceof LogicalFilter filter)
        || !(LookedUp.current(filter.getInput()) instanceof EventScan scan)
        || !(scan.events instanceof EventTagsTable)
        || scan.request.path().kind() != AccessPath.Kind.BY_TAG
        || scan.request.path().operands().size() != 1
        || !choosesPath(filter.getCondition(), scan)) {
      return null;
    }
    RexNode tag = Operands.plain(scan.request.path().operands().get(0));
    List<Boolean> isTag = new ArrayList<>();
    for (int i = 0; i < scan.request.columns().size(); i++) {
      isTag.add(scan.columnName(i).equals("tag"));
    }
    return tag instanceof RexLiteral || tag instanceof RexDynamicParam
        ? new OneTag(scan, tag, isTag)
        : null;
  }

  /** Returns whether a condition is the one that a scan by tag was chosen for, and no more. */
  private static boolean choosesPath(RexNode condition, EventScan scan) {
    PredicateTranslator.Choice choice =
        PredicateTranslator.choose(scan.withPath(AccessPath.ALL), condition);
    return condition.isA(SqlKind.EQUALS)
        && choice != null
        && choice.path().equals(scan.request.path());
  }

  /** Returns a side that shows an event's id, of the events with a tag. */
  private static @Nullable RelNode withTag(RelNode side, int field, OneTag tags) {
    if (side instanceof EventScan scan) {
      boolean events =
          scan.events instanceof EventsTable
              && scan.columnName(field).equals("id")
              && LookedUp.isReplaceable(scan.request.path().kind())
              && !scan.request.counting()
              && Objects.equals(scan.request.asOf(), tags.scan().request.asOf());
      return events
          ? scan.withPath(new AccessPath(AccessPath.Kind.WITH_TAGS, List.of(tags.tag())))
          : null;
    }
    if (side instanceof LogicalFilter filter && filter.getVariablesSet().isEmpty()) {
      RelNode below = withTag(LookedUp.current(filter.getInput()), field, tags);
      return below == null ? null : filter.copy(filter.getTraitSet(), List.of(below));
    }
    if (side instanceof LogicalProject project
        && project.getProjects().get(field) instanceof RexInputRef ref
        && !project.containsOver()) {
      RelNode below = withTag(LookedUp.current(project.getInput()), ref.getIndex(), tags);
      return below == null ? null : project.copy(project.getTraitSet(), List.of(below));
    }
    return null;
  }

  private static RelNode project(LogicalJoin join, OneTag tags, RelNode found, int id) {
    RexBuilder builder = join.getCluster().getRexBuilder();
    List<RelDataTypeField> fields = join.getRowType().getFieldList();
    List<RexNode> expressions = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      RelDataType type = fields.get(i).getType();
      int right = i - tags.isTag().size();
      boolean isTag = right < 0 && tags.isTag().get(i);
      RexNode value = isTag ? tags.tag() : builder.makeInputRef(found, right < 0 ? id : right);
      expressions.add(
          value.getType().equals(type) ? value : builder.makeAbstractCast(type, value, false));
    }
    return LogicalProject.create(
        found,
        List.of(),
        expressions,
        join.getRowType().getFieldNames(),
        com.google.common.collect.ImmutableSet.of());
  }
}
