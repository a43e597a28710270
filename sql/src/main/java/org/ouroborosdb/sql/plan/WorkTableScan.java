package org.ouroborosdb.sql.plan;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.TransientTable;
import org.apache.calcite.util.BuiltInMethod;

/**
 * Reads the rows that the last round of WITH RECURSIVE found. Calcite itself goes through its
 * interpreter here, which is several times slower to plan.
 */
final class WorkTableScan extends TableScan implements EnumerableRel {
  /** Makes this of the logical scan of such a table. */
  static final RelOptRule RULE =
      ConverterRule.Config.INSTANCE
          .withConversion(
              LogicalTableScan.class,
              scan -> scan.getTable().unwrap(TransientTable.class) != null,
              Convention.NONE,
              EnumerableConvention.INSTANCE,
              "WorkTableScanRule")
          .withRuleFactory(Rule::new)
          .toRule(Rule.class);

  private WorkTableScan(RelOptCluster cluster, RelTraitSet traits, RelOptTable table) {
    super(cluster, traits, List.of(), table);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new WorkTableScan(getCluster(), traits, table);
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    TransientTable rows = table.unwrapOrThrow(TransientTable.class);
    Expression scannable =
        Expressions.convert_(implementor.stash(rows, TransientTable.class), ScannableTable.class);
    Expression arrays = Expressions.call(scannable, "scan", DataContext.ROOT);
    boolean bare = getRowType().getFieldCount() == 1;
    return implementor.result(
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY),
        Blocks.toBlock(bare ? Expressions.call(BuiltInMethod.SLICE0.method, arrays) : arrays));
  }

  private static final class Rule extends ConverterRule {
    Rule(Config config) {
      super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
      RelTraitSet traits = rel.getCluster().traitSetOf(EnumerableConvention.INSTANCE);
      return new WorkTableScan(rel.getCluster(), traits, ((TableScan) rel).getTable());
    }
  }
}
