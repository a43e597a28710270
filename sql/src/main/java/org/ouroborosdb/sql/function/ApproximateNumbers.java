package org.ouroborosdb.sql.function;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.calcite.DataContext;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * Makes REAL and DOUBLE keys of joins, groups, sets and orders: -0 is 0, and NaN is the greatest,
 * as in PostgreSQL. Calcite's own keys tell -0 from 0, its MAX overlooks NaN, and its sort fails
 * over it. Public only because generated code calls it.
 */
public final class ApproximateNumbers {
  private ApproximateNumbers() {}

  /** The number, but 0 for -0. */
  public static Double withoutSign(DataContext context, Double number) {
    return number + 0.0;
  }

  /** A whole number in the place of each number, in the same order. */
  public static Long ordered(DataContext context, Double number) {
    long bits = Double.doubleToLongBits(number + 0.0);
    return bits >= 0 ? bits : Long.MIN_VALUE - bits;
  }

  /** The number that {@link #ordered} gave a whole one for. */
  public static Double unordered(DataContext context, Long ordered) {
    return Double.longBitsToDouble(ordered >= 0 ? ordered : Long.MIN_VALUE - ordered);
  }

  /** Rewrites the keys in a plan without sub-queries. */
  public static RelNode in(RelNode plan) {
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            return rewritten(super.visit(node));
          }
        });
  }

  private static RelNode rewritten(RelNode node) {
    RexBuilder builder = node.getCluster().getRexBuilder();
    if (node instanceof LogicalJoin) {
      return node.accept(new Equalities(builder));
    }
    if (node instanceof LogicalProject) {
      return node.accept(new Windows(builder));
    }
    if (node instanceof LogicalAggregate aggregate) {
      return aggregate.copy(
          aggregate.getTraitSet(),
          List.of(withoutSigns(aggregate.getInput(), i -> isKey(aggregate, i))));
    }
    if (node instanceof SetOp set && !set.all) {
      return set.copy(
          set.getTraitSet(),
          set.getInputs().stream().map(input -> withoutSigns(input, i -> true)).toList());
    }
    return node instanceof LogicalSort sort ? sorted(sort) : node;
  }

  private static boolean isKey(LogicalAggregate aggregate, int column) {
    return aggregate.getGroupSet().get(column)
        || aggregate.getAggCallList().stream()
            .anyMatch(call -> call.isDistinct() && call.getArgList().contains(column));
  }

  static boolean isApproximate(RelDataType type) {
    return SqlTypeName.APPROX_TYPES.contains(type.getSqlTypeName());
  }

  private static RelNode withoutSigns(RelNode input, IntPredicate column) {
    RexBuilder builder = input.getCluster().getRexBuilder();
    List<RexNode> fields = new ArrayList<>(builder.identityProjects(input.getRowType()));
    boolean changed = false;
    for (int i = 0; i < fields.size(); i++) {
      if (column.test(i) && isApproximate(fields.get(i).getType())) {
        fields.set(i, withoutSign(builder, fields.get(i)));
        changed = true;
      }
    }
    return changed ? project(input, fields, input.getRowType().getFieldNames()) : input;
  }

  private static RelNode project(RelNode input, List<RexNode> fields, List<String> names) {
    return LogicalProject.create(input, List.of(), fields, names, Set.of());
  }

  /** Sorts by whole numbers in a column each, which the result is without. */
  private static RelNode sorted(LogicalSort sort) {
    RelNode input = sort.getInput();
    RexBuilder builder = sort.getCluster().getRexBuilder();
    List<RexNode> fields = new ArrayList<>(builder.identityProjects(input.getRowType()));
    List<String> names = new ArrayList<>(input.getRowType().getFieldNames());
    int width = fields.size();
    List<RelFieldCollation> keys = new ArrayList<>();
    for (RelFieldCollation key : sort.getCollation().getFieldCollations()) {
      RexNode field = fields.get(key.getFieldIndex());
      if (isApproximate(field.getType())) {
        keys.add(key.withFieldIndex(fields.size()));
        names.add("$order" + fields.size());
        fields.add(ordered(builder, field));
      } else {
        keys.add(key);
      }
    }
    if (fields.size() == width) {
      return sort;
    }
    RelCollation collation = RelCollations.of(keys);
    RelNode wide =
        LogicalSort.create(project(input, fields, names), collation, sort.offset, sort.fetch);
    return project(
        wide,
        builder.identityProjects(wide.getRowType()).subList(0, width),
        input.getRowType().getFieldNames());
  }

  private static RexNode withoutSign(RexBuilder builder, RexNode number) {
    RexNode made =
        new Calls(builder).made("withoutSign", number, SqlTypeName.DOUBLE, SqlTypeName.DOUBLE);
    return builder.ensureType(number.getType(), made, true);
  }

  /** Returns a BIGINT in the order of the numbers. */
  static RexNode ordered(RexBuilder builder, RexNode number) {
    return new Calls(builder).made("ordered", number, SqlTypeName.DOUBLE, SqlTypeName.BIGINT);
  }

  /** Returns the number that a BIGINT of {@link #ordered} stands for. */
  static RexNode unordered(RexBuilder builder, RexNode ordered, RelDataType type) {
    RexNode made =
        new Calls(builder).made("unordered", ordered, SqlTypeName.BIGINT, SqlTypeName.DOUBLE);
    return builder.ensureType(type, made, true);
  }

  private record Calls(RexBuilder builder) {
    RexNode made(String method, RexNode of, SqlTypeName from, SqlTypeName to) {
      RexNode operand = builder.ensureType(type(from, of), of, true);
      Class<?> parameter = from == SqlTypeName.DOUBLE ? Double.class : Long.class;
      return builder.makeCall(
          type(to, of), GuardedCalls.operator(method, List.of(parameter)), List.of(operand));
    }

    private RelDataType type(SqlTypeName name, RexNode as) {
      RelDataTypeFactory types = builder.getTypeFactory();
      return types.createTypeWithNullability(types.createSqlType(name), as.getType().isNullable());
    }
  }

  /** Equality in the condition of a join. */
  private static final class Equalities extends RexShuttle {
    private final RexBuilder builder;

    Equalities(RexBuilder builder) {
      this.builder = builder;
    }

    @Override
    public RexNode visitCall(RexCall original) {
      RexNode visited = super.visitCall(original);
      boolean equality =
          visited.getKind() == SqlKind.EQUALS || visited.getKind() == SqlKind.IS_NOT_DISTINCT_FROM;
      return equality
              && visited instanceof RexCall call
              && call.getOperands().stream().anyMatch(o -> isApproximate(o.getType()))
          ? call.clone(
              call.getType(),
              call.getOperands().stream()
                  .map(o -> isApproximate(o.getType()) ? withoutSign(builder, o) : o)
                  .toList())
          : visited;
    }
  }

  /** The keys of windows, and MIN and MAX in them. */
  private static final class Windows extends RexShuttle {
    private final RexBuilder builder;

    Windows(RexBuilder builder) {
      this.builder = builder;
    }

    @Override
    public RexNode visitOver(RexOver original) {
      RexOver over = (RexOver) super.visitOver(original);
      SqlKind kind = over.getAggOperator().getKind();
      boolean extreme =
          (kind == SqlKind.MIN || kind == SqlKind.MAX)
              && isApproximate(over.getOperands().get(0).getType());
      RexWindow window = over.getWindow();
      boolean keys =
          window.partitionKeys.stream().anyMatch(key -> isApproximate(key.getType()))
              || window.orderKeys.stream().anyMatch(key -> isApproximate(key.left.getType()));
      if (!extreme && !keys) {
        return over;
      }
      RexNode operand = extreme ? ordered(builder, over.getOperands().get(0)) : null;
      RexNode made =
          builder.makeOver(
              operand == null
                  ? over.getType()
                  : builder
                      .getTypeFactory()
                      .createTypeWithNullability(operand.getType(), over.getType().isNullable()),
              over.getAggOperator(),
              operand == null ? over.getOperands() : List.of(operand),
              window.partitionKeys.stream().map(this::key).toList(),
              com.google.common.collect.ImmutableList.copyOf(
                  window.orderKeys.stream().map(key -> order(window, key)).toList()),
              window.getLowerBound(),
              window.getUpperBound(),
              window.getExclude(),
              window.isRows(),
              true,
              false,
              over.isDistinct(),
              over.ignoreNulls());
      return operand == null ? made : unordered(builder, made, over.getType());
    }

    private RexNode key(RexNode key) {
      return isApproximate(key.getType()) ? withoutSign(builder, key) : key;
    }

    /** A distance of RANGE is one of the numbers themselves. */
    private RexFieldCollation order(RexWindow window, RexFieldCollation key) {
      boolean distance =
          window.getLowerBound().getOffset() != null || window.getUpperBound().getOffset() != null;
      return !isApproximate(key.left.getType()) || (distance && !window.isRows())
          ? key
          : new RexFieldCollation(ordered(builder, key.left), key.right);
    }
  }

  /** Returns whether a call finds the least or greatest of such numbers. */
  static boolean isExtreme(AggregateCall call, RelDataType argument) {
    SqlKind kind = call.getAggregation().getKind();
    return (kind == SqlKind.MIN || kind == SqlKind.MAX) && isApproximate(argument);
  }
}
