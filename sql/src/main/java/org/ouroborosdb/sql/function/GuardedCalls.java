package org.ouroborosdb.sql.function;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.RelHomogeneousShuttle;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.jspecify.annotations.Nullable;

/** Puts {@link GuardedFunctions} in the place of Calcite's functions in a logical plan. */
public final class GuardedCalls extends RexShuttle {
  private static final Set<String> CHANGED =
      Set.of(
          "LENGTH",
          "CHAR_LENGTH",
          "CHARACTER_LENGTH",
          "SUBSTRING",
          "OVERLAY",
          "POSITION",
          "LEFT",
          "RIGHT",
          "SPLIT_PART",
          "LPAD",
          "RPAD",
          "JSON_VALUE",
          "JSON_QUERY",
          "JSON_EXISTS",
          "TO_CHAR",
          "TO_DATE",
          "TO_TIMESTAMP");

  private final RexBuilder builder;

  private GuardedCalls(RexBuilder builder) {
    this.builder = builder;
  }

  /** Replaces the calls in a plan without sub-queries. */
  public static RelNode in(RelNode plan) {
    GuardedCalls calls = new GuardedCalls(plan.getCluster().getRexBuilder());
    return plan.accept(
        new RelHomogeneousShuttle() {
          @Override
          public RelNode visit(RelNode node) {
            return super.visit(node).accept(calls);
          }
        });
  }

  @Override
  public RexNode visitCall(RexCall original) {
    RexNode visited = super.visitCall(original);
    if (!(visited instanceof RexCall call)) {
      return visited;
    }
    if (call.getKind() == SqlKind.CAST) {
      return cast(call);
    }
    String extracts = ExtractCalls.method(call);
    if (extracts != null) {
      return extracted(call, extracts);
    }
    return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "LIKE" -> texts(call, "like", call.getOperands().size());
      case "ILIKE" -> texts(call, "ilike", call.getOperands().size());
      case "SIMILAR TO" -> texts(call, "similar", call.getOperands().size());
      case "REGEXP_REPLACE" -> texts(call, "regexpReplace", call.getOperands().size());
      case "REGEXP_LIKE", "RLIKE", "REGEXP" -> texts(call, "regexpLike", call.getOperands().size());
      case "REPLACE" -> texts(call, "replace", 3);
      case "||" -> isBinary(call) ? made(call, "concat", bytes(2)) : texts(call, "concat", 2);
      case "REPEAT" -> padded(call, "repeat");
      case "LPAD" -> padded(call, "lpad");
      case "RPAD" -> padded(call, "rpad");
      case "ABS" -> abs(call);
      case "LENGTH", "CHAR_LENGTH", "CHARACTER_LENGTH" -> length(call);
      case "SUBSTRING" -> counted(call, "substring", 1);
      case "OVERLAY" -> counted(call, "overlay", 2);
      case "POSITION" -> counted(call, "position", 2);
      case "LEFT" -> counted(call, "left", 1);
      case "RIGHT" -> counted(call, "right", 1);
      case "TO_CHAR", "TO_DATE", "TO_TIMESTAMP" -> patterned(call);
      case "JSON_VALUE", "JSON_QUERY", "JSON_EXISTS" -> JsonCalls.of(builder, call);
      case "SPLIT_PART" -> counted(call, "splitPart", 2);
      default -> call;
    };
  }

  private RexNode length(RexCall call) {
    return isBinary(call)
        ? builder.makeCall(call.getType(), SqlStdOperatorTable.OCTET_LENGTH, call.getOperands())
        : texts(call, "length", 1);
  }

  /** A function of a moment and its pattern. */
  private RexNode patterned(RexCall call) {
    RexNode typed = call.getOperands().get(1);
    boolean quotes = true;
    RexNode pattern;
    if (typed instanceof RexLiteral literal && !literal.isNull()) {
      // A literal is rewritten once, not for each row.
      String read = MomentPattern.of(RexLiteral.stringValue(literal));
      quotes = MomentPattern.hides(read);
      pattern = builder.makeLiteral(read);
    } else {
      pattern = made(typed.getType(), "momentPattern", List.of(String.class), List.of(typed));
    }
    RexNode made =
        builder.makeCall(
            call.getType(), call.getOperator(), List.of(call.getOperands().get(0), pattern));
    return quotes && SqlTypeUtil.inCharFamily(call.getType())
        ? made(call.getType(), "momentText", List.of(String.class), List.of(made))
        : made;
  }

  /** EXTRACT of a unit with a fraction. */
  private RexNode extracted(RexCall call, String method) {
    RexNode operand = call.getOperands().get(0);
    RelDataTypeFactory types = builder.getTypeFactory();
    RelDataType number =
        types.createTypeWithNullability(
            types.createSqlType(isInteger(operand) ? SqlTypeName.INTEGER : SqlTypeName.BIGINT),
            operand.getType().isNullable());
    RexNode raw = builder.makeCall(number, SqlStdOperatorTable.REINTERPRET, List.of(operand));
    return made(
        call.getType(), method, List.of(Long.class), List.of(widened(raw, SqlTypeName.BIGINT)));
  }

  /** Returns whether generated code has a moment, or an interval, as 32 bits. */
  private static boolean isInteger(RexNode moment) {
    return switch (moment.getType().getSqlTypeName()) {
      case DATE, TIME, INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> true;
      default -> false;
    };
  }

  /** A function of some texts, then of numbers that count characters. */
  private RexNode counted(RexCall call, String method, int texts) {
    List<RexNode> operands = new ArrayList<>();
    List<Class<?>> classes = new ArrayList<>();
    for (RexNode operand : call.getOperands()) {
      boolean text = SqlTypeUtil.inCharFamily(operand.getType());
      if (text != (operands.size() < texts)) {
        return call;
      }
      operands.add(text ? operand : widened(operand, SqlTypeName.BIGINT));
      classes.add(text ? String.class : Long.class);
    }
    return made(call.getType(), method, classes, operands);
  }

  private RexNode abs(RexCall call) {
    if (!SqlTypeName.INT_TYPES.contains(call.getType().getSqlTypeName())) {
      return call;
    }
    RexNode wide = widened(call.getOperands().get(0), SqlTypeName.BIGINT);
    RexNode abs = made(wide.getType(), "abs", List.of(Long.class), List.of(wide));
    return builder.ensureType(call.getType(), abs, true);
  }

  /** Returns whether a call gives another value than Calcite's own, and not an error only. */
  public static boolean changes(RexCall call) {
    return call.getKind() == SqlKind.CAST
        ? cutsMoment(call) || roundsApproximate(call) || fitsText(call)
        : ExtractCalls.method(call) != null
            || CHANGED.contains(call.getOperator().getName().toUpperCase(Locale.ROOT));
  }

  private static boolean roundsApproximate(RexCall cast) {
    return SqlTypeName.EXACT_TYPES.contains(cast.getType().getSqlTypeName())
        && SqlTypeName.APPROX_TYPES.contains(cast.getOperands().get(0).getType().getSqlTypeName());
  }

  /** Returns whether a CAST leaves a moment fewer digits, which Calcite's own keeps. */
  private static boolean cutsMoment(RexCall cast) {
    RelDataType from = cast.getOperands().get(0).getType();
    return cast.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
        && from.getSqlTypeName() == SqlTypeName.TIMESTAMP
        && cast.getType().getPrecision() < from.getPrecision();
  }

  /** Returns whether a CAST cuts a text, or fills it up. */
  private static boolean fitsText(RexCall cast) {
    RelDataType from = cast.getOperands().get(0).getType();
    RelDataType to = cast.getType();
    return SqlTypeUtil.inCharFamily(from)
        && SqlTypeUtil.inCharFamily(to)
        && to.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED
        && to.getPrecision() != Integer.MAX_VALUE;
  }

  private RexNode cast(RexCall call) {
    RexNode operand = call.getOperands().get(0);
    if (fitsText(call)) {
      RexNode length = builder.makeExactLiteral(BigDecimal.valueOf(call.getType().getPrecision()));
      String method = call.getType().getSqlTypeName() == SqlTypeName.CHAR ? "filled" : "cutText";
      return made(
          call.getType(), method, List.of(String.class, Integer.class), List.of(operand, length));
    }
    if (cutsMoment(call)) {
      RexNode digits = builder.makeExactLiteral(BigDecimal.valueOf(call.getType().getPrecision()));
      return made(
          call.getType(), "cut", List.of(Long.class, Integer.class), List.of(operand, digits));
    }
    if (!SqlTypeName.INT_TYPES.contains(call.getType().getSqlTypeName())
        || !SqlTypeName.APPROX_TYPES.contains(operand.getType().getSqlTypeName())) {
      return call;
    }
    RexNode number = widened(operand, SqlTypeName.DOUBLE);
    RelDataType whole =
        builder
            .getTypeFactory()
            .createTypeWithNullability(
                builder.getTypeFactory().createSqlType(SqlTypeName.BIGINT),
                operand.getType().isNullable());
    return builder.ensureType(
        call.getType(), made(whole, "whole", List.of(Double.class), List.of(number)), true);
  }

  private RexNode widened(RexNode node, SqlTypeName name) {
    RelDataTypeFactory types = builder.getTypeFactory();
    RelDataType type =
        types.createTypeWithNullability(types.createSqlType(name), node.getType().isNullable());
    return builder.ensureType(type, node, true);
  }

  private static boolean isBinary(RexCall call) {
    return call.getOperands().stream().allMatch(o -> SqlTypeUtil.isBinary(o.getType()));
  }

  private RexNode padded(RexCall call, String method) {
    int count = call.getOperands().size();
    List<RexNode> operands = new ArrayList<>(call.getOperands());
    if (count < 2
        || !SqlTypeUtil.inCharFamily(operands.get(0).getType())
        || (count == 3 && !SqlTypeUtil.inCharFamily(operands.get(2).getType()))) {
      return call;
    }
    operands.set(1, widened(operands.get(1), SqlTypeName.INTEGER));
    List<Class<?>> classes = new ArrayList<>(List.of(String.class, Integer.class));
    if (count == 3) {
      classes.add(String.class);
    }
    return made(call.getType(), method, classes, operands);
  }

  private RexNode texts(RexCall call, String method, int count) {
    boolean texts =
        call.getOperands().size() == count
            && call.getOperands().stream().allMatch(o -> SqlTypeUtil.inCharFamily(o.getType()));
    return texts ? made(call, method, java.util.Collections.nCopies(count, String.class)) : call;
  }

  private static List<Class<?>> bytes(int count) {
    return java.util.Collections.nCopies(count, ByteString.class);
  }

  private RexNode made(RexCall call, String method, List<? extends Class<?>> classes) {
    return made(call.getType(), method, classes, call.getOperands());
  }

  private RexNode made(
      RelDataType type, String method, List<? extends Class<?>> classes, List<RexNode> operands) {
    return builder.makeCall(type, operator(method, classes), operands);
  }

  private static Class<?> place(String method) {
    return switch (method) {
      case "length",
          "substring",
          "overlay",
          "position",
          "left",
          "right",
          "splitPart",
          "cutText",
          "filled" ->
          CharacterFunctions.class;
      case "second", "secondOfInterval", "noSecond", "epoch", "epochOfDay", "epochOfMonths" ->
          ExtractCalls.class;
      case "jsonValue", "jsonQuery", "jsonExists" -> JsonCalls.class;
      case "withoutSign", "ordered", "unordered" -> ApproximateNumbers.class;
      default -> GuardedFunctions.class;
    };
  }

  /** Returns a function that one of the public methods computes, but for NULL. */
  static SqlOperator operator(String method, List<? extends Class<?>> classes) {
    return operator(method, classes, NullPolicy.STRICT);
  }

  /** Returns a function that one of the public methods computes, NULLs too. */
  static SqlOperator nullable(String method, List<? extends Class<?>> classes) {
    return operator(method, classes, NullPolicy.NONE);
  }

  private static SqlOperator operator(
      String method, List<? extends Class<?>> classes, NullPolicy nulls) {
    Class<?>[] parameters = new Class<?>[classes.size() + 1];
    parameters[0] = DataContext.class;
    for (int i = 0; i < classes.size(); i++) {
      parameters[i + 1] = classes.get(i);
    }
    try {
      Method found = place(method).getMethod(method, parameters);
      return new SqlUserDefinedFunction(
          new SqlIdentifier(method.toUpperCase(Locale.ROOT), SqlParserPos.ZERO),
          SqlKind.OTHER_FUNCTION,
          ReturnTypes.ARG0,
          null,
          null,
          new Called(found, nulls));
    } catch (NoSuchMethodException e) {
      throw new AssertionError(method + Arrays.toString(parameters), e);
    }
  }

  /** A function that one of the guarded methods computes. */
  private record Called(Method method, NullPolicy nulls)
      implements ScalarFunction, ImplementableFunction {
    @Override
    public RelDataType getReturnType(RelDataTypeFactory types) {
      return types.createJavaType(method.getReturnType());
    }

    @Override
    public List<FunctionParameter> getParameters() {
      return List.of();
    }

    @Override
    public CallImplementor getImplementor() {
      return RexImpTable.createImplementor(
          (translator, call, operands) -> {
            List<Expression> arguments = new ArrayList<>(List.of(translator.getRoot()));
            for (int i = 0; i < operands.size(); i++) {
              @Nullable Expression operand = operands.get(i);
              arguments.add(
                  Expressions.convert_(
                      Expressions.box(operand), method.getParameterTypes()[i + 1]));
            }
            return Expressions.call(method, arguments);
          },
          nulls,
          false);
    }
  }
}
