package org.ouroborosdb.calcite.rule;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableAggregate;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLocalRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeTransforms;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.util.ImmutableBitSet;
import org.ouroborosdb.calcite.function.ContextFunction;
import org.ouroborosdb.calcite.scan.EnumerableEventScan;

/**
 * Makes scans leave metadata unread until the condition on their rows holds, or asks for it.
 * Whether there is any the row knows.
 */
public final class MetadataLast {
  private static final SqlFunction READ =
      new SqlUserDefinedFunction(
          new SqlIdentifier("read_metadata", SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.explicit(SqlTypeName.VARCHAR).andThen(SqlTypeTransforms.FORCE_NULLABLE),
          null,
          OperandTypes.operandMetadata(
              List.of(SqlTypeFamily.ANY),
              types -> List.of(types.createSqlType(SqlTypeName.ANY)),
              i -> "metadata",
              i -> false),
          new ContextFunction(
              "metadata", Object.class, "metadata", SqlTypeName.ANY, SqlTypeName.VARCHAR)) {
        private static final long serialVersionUID = 1L;

        @Override
        public SqlFunctionCategory getFunctionType() {
          return SqlFunctionCategory.USER_DEFINED_FUNCTION;
        }
      };

  private MetadataLast() {}

  /** Rewrites the scans of a physical plan whose rows are tested or only counted. */
  public static RelNode in(RelNode plan) {
    return in(plan, all(plan));
  }

  /** Rewrites a plan of which some columns are used. */
  private static RelNode in(RelNode node, ImmutableBitSet used) {
    if (node instanceof EnumerableCalc calc
        && calc.getInput() instanceof EnumerableEventScan scan) {
      return late(calc, scan, used);
    }
    if (node instanceof EnumerableAggregate aggregate
        && aggregate.getInput() instanceof EnumerableEventScan scan
        && onlyCounts(aggregate, scan)) {
      return aggregate.copy(aggregate.getTraitSet(), List.of(scan.late()));
    }
    List<RelNode> inputs = new ArrayList<>();
    for (int i = 0; i < node.getInputs().size(); i++) {
      inputs.add(in(node.getInput(i), usedOf(node, i, used)));
    }
    return inputs.equals(node.getInputs()) ? node : node.copy(node.getTraitSet(), inputs);
  }

  private static ImmutableBitSet all(RelNode node) {
    return ImmutableBitSet.range(node.getRowType().getFieldCount());
  }

  /** Returns the columns of an input that a node uses, of which some columns are used. */
  private static ImmutableBitSet usedOf(RelNode node, int input, ImmutableBitSet used) {
    if (node instanceof Aggregate aggregate) {
      ImmutableBitSet.Builder columns = aggregate.getGroupSet().rebuild();
      for (AggregateCall call : aggregate.getAggCallList()) {
        columns.addAll(call.getArgList());
        call.getCollation().getKeys().forEach(columns::set);
        if (call.filterArg >= 0) {
          columns.set(call.filterArg);
        }
      }
      return columns.build();
    }
    if (node instanceof Calc calc) {
      RexProgram program = calc.getProgram();
      RexLocalRef condition = program.getCondition();
      List<RexNode> read = new ArrayList<>();
      used.forEach(i -> read.add(program.expandLocalRef(program.getProjectList().get(i))));
      if (condition != null) {
        read.add(program.expandLocalRef(condition));
      }
      return RelOptUtil.InputFinder.bits(read, null);
    }
    if (node instanceof Join join && join.getJoinType().projectsRight()) {
      ImmutableBitSet columns = used.union(RelOptUtil.InputFinder.bits(join.getCondition()));
      int left = join.getLeft().getRowType().getFieldCount();
      return input == 0
          ? columns.intersect(all(join.getLeft()))
          : columns.except(all(join.getLeft())).shift(-left);
    }
    return all(node.getInput(input));
  }

  private static EnumerableCalc late(
      EnumerableCalc calc, EnumerableEventScan scan, ImmutableBitSet used) {
    RexProgram program = calc.getProgram();
    RexLocalRef condition = program.getCondition();
    EnumerableEventScan unread = scan.late();
    RexBuilder builder = scan.getCluster().getRexBuilder();
    Reading reading = new Reading(unread, builder);
    List<RexNode> columns = new ArrayList<>();
    for (RexNode column : program.expandList(program.getProjectList())) {
      boolean needed = used.get(columns.size()) || !(column instanceof RexInputRef);
      RexNode read = column.accept(reading);
      columns.add(needed || read.equals(column) ? read : builder.makeNullLiteral(read.getType()));
      reading.asked |= !needed && !read.equals(column);
    }
    if (condition == null && !reading.asked) {
      return calc; // each is read for its row anyway
    }
    RexNode tested = condition == null ? null : program.expandLocalRef(condition).accept(reading);
    return reading.found
        ? EnumerableCalc.create(
            unread,
            RexProgram.create(
                unread.getRowType(), columns, tested, program.getOutputRowType(), builder))
        : calc;
  }

  /** Returns whether metadata is in the arguments of COUNT, and nowhere else. */
  private static boolean onlyCounts(EnumerableAggregate aggregate, EnumerableEventScan scan) {
    boolean found = false;
    for (int field = 0; field < scan.getRowType().getFieldCount(); field++) {
      if (!scan.isMetadata(field)) {
        continue;
      }
      found = true;
      if (aggregate.getGroupSet().get(field)) {
        return false;
      }
      for (AggregateCall call : aggregate.getAggCallList()) {
        boolean counts = call.getAggregation().getKind() == SqlKind.COUNT && !call.isDistinct();
        if (!counts && call.getArgList().contains(field)) {
          return false;
        }
      }
    }
    return found;
  }

  /** Puts a call that reads the metadata where an expression has it. */
  private static final class Reading extends RexShuttle {
    private final EnumerableEventScan scan;
    private final RexBuilder builder;
    private boolean found;
    private boolean asked;

    Reading(EnumerableEventScan scan, RexBuilder builder) {
      this.scan = scan;
      this.builder = builder;
    }

    @Override
    public RexNode visitInputRef(RexInputRef ref) {
      if (!scan.isMetadata(ref.getIndex())) {
        return ref;
      }
      found = true;
      return builder.makeCall(READ, RexInputRef.of(ref.getIndex(), scan.getRowType()));
    }

    @Override
    public RexNode visitCall(RexCall call) {
      boolean asks = call.isA(SqlKind.IS_NULL) || call.isA(SqlKind.IS_NOT_NULL);
      if (asks
          && call.getOperands().get(0) instanceof RexInputRef ref
          && scan.isMetadata(ref.getIndex())) {
        found = true;
        asked = true;
        RexNode unread = RexInputRef.of(ref.getIndex(), scan.getRowType());
        return builder.makeCall(call.getOperator(), unread);
      }
      return super.visitCall(call);
    }
  }
}
