package org.ouroborosdb.calcite.scan;

import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Rows that come in the order of the first key of a sort, of which each run with one value of that
 * key is sorted by the others: the first rows are known long before the last is read.
 */
public final class SortedRuns extends SingleRel {
  private final RelCollation collation;
  private final @Nullable RexNode offset;
  private final @Nullable RexNode fetch;

  private SortedRuns(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      RelCollation collation,
      @Nullable RexNode offset,
      @Nullable RexNode fetch) {
    super(cluster, traits, input);
    this.collation = collation;
    this.offset = offset;
    this.fetch = fetch;
  }

  /** Returns what a sort gives, of rows that come in the order of its first key. */
  public static RelNode of(RelNode ordered, Sort sort) {
    RelNode sorted = ordered;
    if (sort.getCollation().getFieldCollations().size() > 1) {
      RelTraitSet traits = ordered.getCluster().traitSetOf(Convention.NONE);
      sorted =
          new SortedRuns(
              ordered.getCluster(), traits, ordered, sort.getCollation(), sort.offset, sort.fetch);
    }
    return sort.offset == null && sort.fetch == null
        ? sorted
        : LogicalSort.create(sorted, RelCollations.EMPTY, sort.offset, sort.fetch);
  }

  /** Returns rows that come in an order of one key, which nothing is to look up in another. */
  public static RelNode kept(RelNode ordered, RelFieldCollation key) {
    RelTraitSet traits = ordered.getCluster().traitSetOf(Convention.NONE);
    return new SortedRuns(ordered.getCluster(), traits, ordered, RelCollations.of(key), null, null);
  }

  /** Returns the order, of whose keys the rows have the first when they come. */
  public RelCollation collation() {
    return collation;
  }

  /** Returns how many rows are left out above; null if none are. */
  public @Nullable RexNode offset() {
    return offset;
  }

  /** Returns how many rows are asked for above; null if all are. */
  public @Nullable RexNode fetch() {
    return fetch;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new SortedRuns(getCluster(), traits, inputs.get(0), collation, offset, fetch);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return planner.getCostFactory().makeTinyCost();
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .item("collation", collation)
        .itemIf("offset", offset, offset != null)
        .itemIf("fetch", fetch, fetch != null);
  }
}
