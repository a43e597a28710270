package org.ouroborosdb.sql.run;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.Pair;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.calcite.scan.SortedRuns;

/** Sorts each run of rows with one value of the first key as it comes. */
public final class EnumerableSortedRuns extends SingleRel implements EnumerableRel {
  /** Makes the sort of runs that the adapter asks for run. */
  public static final RelOptRule RULE =
      ConverterRule.Config.INSTANCE
          .withConversion(
              SortedRuns.class,
              Convention.NONE,
              EnumerableConvention.INSTANCE,
              "EnumerableSortedRunsRule")
          .withRuleFactory(Rule::new)
          .toRule();

  private final RelCollation collation;
  private final List<RexNode> bounds;

  private EnumerableSortedRuns(
      RelTraitSet traits, RelNode input, RelCollation collation, List<RexNode> bounds) {
    super(input.getCluster(), traits, input);
    this.collation = collation;
    this.bounds = bounds;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new EnumerableSortedRuns(traits, inputs.get(0), collation, bounds);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return planner.getCostFactory().makeTinyCost();
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    super.explainTerms(writer);
    List<RelFieldCollation> order = collation.getFieldCollations();
    for (int i = 0; i < order.size(); i++) {
      writer.item("sort" + i, "$" + order.get(i).getFieldIndex());
    }
    for (int i = 0; i < order.size(); i++) {
      writer.item("dir" + i, order.get(i).shortString());
    }
    return writer;
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder block = new BlockBuilder();
    Result child = implementor.visitChild(this, 0, (EnumerableRel) getInput(), prefer);
    PhysType type = child.physType;
    List<RelFieldCollation> order = collation.getFieldCollations();
    List<Expression> arguments = new ArrayList<>();
    arguments.add(block.append("rows", child.block));
    arguments.add(implementor.getRootExpression());
    for (List<RelFieldCollation> keys : List.of(order.subList(0, 1), order)) {
      Pair<Expression, Expression> key = type.generateCollationKey(keys);
      arguments.add(block.append("key", key.left));
      Expression comparator = key.right;
      arguments.add(
          comparator == null ? Expressions.constant(null) : block.append("order", comparator));
    }
    for (RexNode bound : bounds) {
      arguments.add(WatchRel.number(bound, implementor));
    }
    block.add(
        Expressions.return_(
            null,
            Expressions.call(RunSorter.class, bounds.isEmpty() ? "all" : "first", arguments)));
    return implementor.result(type, block.toBlock());
  }

  private static final class Rule extends ConverterRule {
    Rule(Config config) {
      super(config);
    }

    @Override
    public @Nullable RelNode convert(RelNode rel) {
      SortedRuns runs = (SortedRuns) rel;
      RelTraitSet traits = runs.getTraitSet().replace(EnumerableConvention.INSTANCE);
      RelNode input =
          convert(
              runs.getInput(),
              runs.getInput().getTraitSet().replace(EnumerableConvention.INSTANCE));
      if (runs.collation().getFieldCollations().size() == 1) {
        return input; // all rows of a run are alike
      }
      return new EnumerableSortedRuns(
          traits,
          input,
          runs.collation(),
          WatchRel.bounds(runs.getCluster(), runs.offset(), runs.fetch()));
    }
  }
}
