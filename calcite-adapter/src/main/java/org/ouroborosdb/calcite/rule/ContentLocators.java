package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalTableFunctionScan;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.util.ImmutableBitSet;
import org.ouroborosdb.calcite.function.ContextFunction;
import org.ouroborosdb.calcite.scan.EventScan;

/**
 * Keeps content lazy: scans give a BIGINT locator in its place, which travels to the result where
 * the column stays unchanged; where it enters an expression, a call fetches the bytes.
 */
public final class ContentLocators {
  private static final SqlFunction FETCH =
      new SqlUserDefinedFunction(
          new SqlIdentifier("fetch_content", SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.explicit(SqlTypeName.VARBINARY)
              .andThen(org.apache.calcite.sql.type.SqlTypeTransforms.FORCE_NULLABLE),
          null,
          OperandTypes.operandMetadata(
              List.of(org.apache.calcite.sql.type.SqlTypeFamily.INTEGER),
              types -> List.of(types.createSqlType(SqlTypeName.BIGINT)),
              i -> "locator",
              i -> false),
          new ContextFunction(
              "fetch", Long.class, "locator", SqlTypeName.BIGINT, SqlTypeName.VARBINARY)) {
        private static final long serialVersionUID = 1L;

        @Override
        public SqlFunctionCategory getFunctionType() {
          return SqlFunctionCategory.USER_DEFINED_FUNCTION;
        }
      };

  private ContentLocators() {}

  /**
   * A plan with locators.
   *
   * @param rel the plan
   * @param locators the fields that hold a locator instead of the bytes
   */
  public record Placed(RelNode rel, ImmutableBitSet locators) {}

  /** Returns a logical plan with locators in the place of contents. */
  public static Placed place(RelNode rel) {
    if (rel instanceof EventScan scan) {
      int content = scan.contentField();
      return content < 0
          ? new Placed(scan, ImmutableBitSet.of())
          : new Placed(scan.withLocators(), ImmutableBitSet.of(content));
    }
    if (rel instanceof LogicalTableFunctionScan function) {
      EventScan scan = TreeFunctionRule.scanOf(function);
      return scan == null ? new Placed(rel, ImmutableBitSet.of()) : place(scan);
    }
    if (rel instanceof LogicalProject project && project.getVariablesSet().isEmpty()) {
      return place(project);
    }
    if (rel instanceof LogicalFilter filter && filter.getVariablesSet().isEmpty()) {
      return place(filter);
    }
    if (rel instanceof LogicalSort sort) {
      return place(sort);
    }
    if (rel instanceof LogicalJoin join && join.getVariablesSet().isEmpty()) {
      return place(join);
    }
    if (rel instanceof LogicalCorrelate correlate) {
      return place(correlate);
    }
    if (rel instanceof LogicalUnion union && union.all) {
      return placeUnion(union);
    }
    List<RelNode> inputs = new ArrayList<>();
    rel.getInputs().forEach(input -> inputs.add(fetched(place(input))));
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return new Placed(copy, ImmutableBitSet.of());
  }

  private static Placed place(Project project) {
    Placed input = place(project.getInput());
    if (input.locators().isEmpty()) {
      return new Placed(
          project.copy(project.getTraitSet(), List.of(input.rel())), ImmutableBitSet.of());
    }
    RexShuttle fetch = fetching(project, input);
    ImmutableBitSet.Builder locators = ImmutableBitSet.builder();
    List<RexNode> expressions = new ArrayList<>();
    for (RexNode expression : project.getProjects()) {
      if (expression instanceof RexInputRef ref && input.locators().get(ref.getIndex())) {
        locators.set(expressions.size());
        expressions.add(RexInputRef.of(ref.getIndex(), input.rel().getRowType()));
      } else {
        expressions.add(expression.accept(fetch));
      }
    }
    RelNode rel =
        LogicalProject.create(
            input.rel(),
            project.getHints(),
            expressions,
            project.getRowType().getFieldNames(),
            project.getVariablesSet());
    return new Placed(rel, locators.build());
  }

  private static Placed place(Filter filter) {
    Placed input = place(filter.getInput());
    RexNode condition = filter.getCondition().accept(fetching(filter, input));
    return new Placed(filter.copy(filter.getTraitSet(), input.rel(), condition), input.locators());
  }

  private static Placed place(Sort sort) {
    Placed input = place(sort.getInput());
    boolean ordersByContent =
        sort.getCollation().getKeys().stream().anyMatch(input.locators()::get);
    return ordersByContent
        ? new Placed(sort.copy(sort.getTraitSet(), List.of(fetched(input))), ImmutableBitSet.of())
        : new Placed(sort.copy(sort.getTraitSet(), List.of(input.rel())), input.locators());
  }

  private static Placed place(Join join) {
    Placed left = place(join.getLeft());
    Placed right = place(join.getRight());
    int shift = join.getLeft().getRowType().getFieldCount();
    ImmutableBitSet both = left.locators().union(right.locators().shift(shift));
    if (both.isEmpty()) {
      return new Placed(join.copy(join.getTraitSet(), List.of(left.rel(), right.rel())), both);
    }
    RelNode probe =
        LogicalJoin.create(
            left.rel(),
            right.rel(),
            join.getHints(),
            join.getCluster().getRexBuilder().makeLiteral(true),
            join.getVariablesSet(),
            org.apache.calcite.rel.core.JoinRelType.INNER);
    RexNode condition = join.getCondition().accept(fetching(join, new Placed(probe, both)));
    RelNode rel =
        join.copy(
            join.getTraitSet(),
            condition,
            left.rel(),
            right.rel(),
            join.getJoinType(),
            join.isSemiJoinDone());
    return new Placed(rel, join.getJoinType().projectsRight() ? both : left.locators());
  }

  /** The right side reads columns of the left one; a content among them is fetched before. */
  private static Placed place(LogicalCorrelate correlate) {
    Placed left = place(correlate.getLeft());
    if (left.locators().intersects(correlate.getRequiredColumns())) {
      left = new Placed(fetched(left), ImmutableBitSet.of());
    }
    Placed right = place(correlate.getRight());
    RelNode rel = correlate.copy(correlate.getTraitSet(), List.of(left.rel(), right.rel()));
    int shift = correlate.getLeft().getRowType().getFieldCount();
    ImmutableBitSet both = left.locators().union(right.locators().shift(shift));
    return new Placed(rel, correlate.getJoinType().projectsRight() ? both : left.locators());
  }

  private static Placed placeUnion(SetOp union) {
    List<Placed> inputs = new ArrayList<>();
    union.getInputs().forEach(input -> inputs.add(place(input)));
    boolean alike =
        inputs.stream().allMatch(input -> input.locators().equals(inputs.get(0).locators()));
    List<RelNode> rels = new ArrayList<>();
    inputs.forEach(input -> rels.add(alike ? input.rel() : fetched(input)));
    return new Placed(
        union.copy(union.getTraitSet(), rels),
        alike ? inputs.get(0).locators() : ImmutableBitSet.of());
  }

  /** Returns the plan with the bytes in the place of each locator. */
  private static RelNode fetched(Placed placed) {
    if (placed.locators().isEmpty()) {
      return placed.rel();
    }
    RexBuilder builder = placed.rel().getCluster().getRexBuilder();
    List<RexNode> expressions = new ArrayList<>();
    for (int i = 0; i < placed.rel().getRowType().getFieldCount(); i++) {
      RexNode ref = RexInputRef.of(i, placed.rel().getRowType());
      expressions.add(placed.locators().get(i) ? builder.makeCall(FETCH, ref) : ref);
    }
    return LogicalProject.create(
        placed.rel(),
        List.of(),
        expressions,
        placed.rel().getRowType().getFieldNames(),
        java.util.Set.of());
  }

  private static RexShuttle fetching(RelNode rel, Placed input) {
    RexBuilder builder = rel.getCluster().getRexBuilder();
    return new RexShuttle() {
      @Override
      public RexNode visitInputRef(RexInputRef ref) {
        if (!input.locators().get(ref.getIndex())) {
          return ref;
        }
        RexNode locator = RexInputRef.of(ref.getIndex(), input.rel().getRowType());
        RexNode bytes = builder.makeCall(FETCH, locator);
        return ref.getType().isNullable() ? bytes : builder.makeNotNull(bytes);
      }
    };
  }
}
