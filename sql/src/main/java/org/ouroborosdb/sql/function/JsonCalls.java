package org.ouroborosdb.sql.function;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.runtime.JsonFunctions;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.dialect.Dialect;
import org.ouroborosdb.sql.dialect.ParameterValues;

/**
 * JSON_VALUE, JSON_QUERY and JSON_EXISTS as the standard has them: paths are lax, a JSON null is
 * found, what is found becomes a value of the type behind RETURNING, or an error for ON ERROR.
 * Public only because generated code calls it.
 */
public final class JsonCalls {
  /** The length of Calcite's type of a call without RETURNING, which cuts nothing. */
  private static final int NO_LENGTH = 2000;

  private static final String NULL = "NULL";
  private static final String DEFAULT = "DEFAULT";

  private static final ParameterValues VALUES = new ParameterValues(0);
  private static final Dialect.TypeFactory TYPES = new Dialect.TypeFactory();

  private JsonCalls() {}

  /** Returns a call with our function, or as it is where that reads no text. */
  static RexNode of(RexBuilder builder, RexCall call) {
    RexNode json = text(call.getOperands().get(0));
    if (json == null) {
      return call;
    }
    RexNode path = call.getOperands().get(1);
    return switch (call.getOperator().getName()) {
      case "JSON_EXISTS" -> {
        String onError =
            call.getOperands().size() > 2 ? symbol(call.getOperands().get(2)) : "FALSE";
        yield made(
            builder,
            call,
            "jsonExists",
            List.of(String.class, String.class, String.class),
            List.of(json, path, builder.makeLiteral(onError)));
      }
      case "JSON_QUERY" ->
          SqlTypeUtil.inCharFamily(call.getType()) ? query(builder, call, json) : call;
      default -> new Value(builder, call).made(json);
    };
  }

  private static @Nullable RexNode text(RexNode json) {
    if (SqlTypeUtil.inCharFamily(json.getType())) {
      return json;
    }
    return json instanceof RexCall call
            && call.getOperator().getName().startsWith("JSON_VALUE_EXPRESSION")
            && SqlTypeUtil.inCharFamily(call.getOperands().get(0).getType())
        ? call.getOperands().get(0)
        : null;
  }

  private static RexNode query(RexBuilder builder, RexCall call, RexNode json) {
    List<RexNode> operands = new ArrayList<>(List.of(json, call.getOperands().get(1)));
    for (int i = 2; i < 5; i++) {
      operands.add(builder.makeLiteral(symbol(call.getOperands().get(i))));
    }
    return made(
        builder, call, "jsonQuery", java.util.Collections.nCopies(5, String.class), operands);
  }

  private static RexNode made(
      RexBuilder builder,
      RexCall call,
      String method,
      List<? extends Class<?>> classes,
      List<RexNode> operands) {
    return builder.makeCall(call.getType(), GuardedCalls.nullable(method, classes), operands);
  }

  private static String symbol(RexNode node) {
    return node instanceof RexLiteral literal && literal.getValue() instanceof Enum<?> symbol
        ? symbol.name()
        : "";
  }

  /** A call of JSON_VALUE. */
  private static final class Value {
    private final RexBuilder builder;
    private final RexCall call;
    private String onEmpty = NULL;
    private String onError = NULL;
    private RexNode emptyDefault;
    private RexNode errorDefault;

    Value(RexBuilder builder, RexCall call) {
      this.builder = builder;
      this.call = call;
      this.emptyDefault = builder.makeNullLiteral(call.getType());
      this.errorDefault = emptyDefault;
    }

    RexNode made(RexNode json) {
      SqlTypeName type = call.getType().getSqlTypeName();
      if (SqlTypeUtil.isCollection(call.getType()) || type == SqlTypeName.ANY) {
        throw new SqlException(
            SqlState.NOT_SUPPORTED, "JSON_VALUE returns no " + type + "; write JSON_QUERY", null);
      }
      readBehaviours();
      List<Class<?>> classes =
          List.of(
              String.class,
              String.class,
              String.class,
              Object.class,
              String.class,
              Object.class,
              String.class,
              Integer.class,
              Integer.class);
      return JsonCalls.made(
          builder,
          call,
          "jsonValue",
          classes,
          List.of(
              json,
              call.getOperands().get(1),
              builder.makeLiteral(onEmpty),
              emptyDefault,
              builder.makeLiteral(onError),
              errorDefault,
              builder.makeLiteral(type.name()),
              number(call.getType().getPrecision()),
              number(call.getType().getScale())));
    }

    private RexNode number(int value) {
      return builder.makeExactLiteral(BigDecimal.valueOf(value));
    }

    private void readBehaviours() {
      List<RexNode> operands = call.getOperands();
      for (int i = 2; i + 1 < operands.size(); i += 2) {
        String behaviour = symbol(operands.get(i));
        RexNode value = emptyDefault;
        if (behaviour.equals(DEFAULT)) {
          i++;
          value = builder.ensureType(call.getType(), operands.get(i), true);
        }
        if (symbol(operands.get(i + 1)).equals("EMPTY")) {
          onEmpty = behaviour;
          emptyDefault = value;
        } else {
          onError = behaviour;
          errorDefault = value;
        }
      }
    }
  }

  /** JSON_EXISTS. */
  public static @Nullable Boolean jsonExists(
      DataContext context, @Nullable String json, @Nullable String path, String onError) {
    if (json == null || path == null) {
      return null;
    }
    try {
      return !JsonPaths.find(json, path).isEmpty();
    } catch (JsonPaths.Mismatch e) {
      return switch (onError) {
        case "TRUE" -> true;
        case "UNKNOWN" -> null;
        case "ERROR" -> throw failure(e);
        default -> false;
      };
    }
  }

  /** JSON_QUERY. */
  public static @Nullable String jsonQuery(
      DataContext context,
      @Nullable String json,
      @Nullable String path,
      String wrapper,
      String onEmpty,
      String onError) {
    if (json == null || path == null) {
      return null;
    }
    try {
      List<@Nullable Object> items = JsonPaths.find(json, path);
      if (items.isEmpty()) {
        return instead(onEmpty, new JsonPaths.Mismatch("the path finds nothing"));
      }
      Object only = items.size() == 1 ? items.get(0) : null;
      boolean structure = only instanceof Map || only instanceof Collection;
      if (wrapper.equals("WITH_UNCONDITIONAL_ARRAY")
          || (wrapper.equals("WITH_CONDITIONAL_ARRAY") && !structure)) {
        return JsonFunctions.jsonize(items);
      }
      if (!structure) {
        throw new JsonPaths.Mismatch("the path finds no one array or object");
      }
      return JsonFunctions.jsonize(only);
    } catch (JsonPaths.Mismatch e) {
      return instead(onError, e);
    }
  }

  private static @Nullable String instead(String behaviour, JsonPaths.Mismatch reason) {
    return switch (behaviour) {
      case "ERROR" -> throw failure(reason);
      case "EMPTY_ARRAY" -> "[]";
      case "EMPTY_OBJECT" -> "{}";
      default -> null;
    };
  }

  /** JSON_VALUE. */
  public static @Nullable Object jsonValue(
      DataContext context,
      @Nullable String json,
      @Nullable String path,
      String onEmpty,
      @Nullable Object emptyDefault,
      String onError,
      @Nullable Object errorDefault,
      String type,
      Integer precision,
      Integer scale) {
    if (json == null || path == null) {
      return null;
    }
    try {
      List<@Nullable Object> items = JsonPaths.find(json, path);
      if (items.isEmpty()) {
        return switch (onEmpty) {
          case DEFAULT -> emptyDefault;
          case "ERROR" -> throw failure(new JsonPaths.Mismatch("the path finds nothing"));
          default -> null;
        };
      }
      Object value = items.get(0);
      if (items.size() > 1 || value instanceof Map || value instanceof Collection) {
        throw new JsonPaths.Mismatch("the path finds no single value");
      }
      return value == null ? null : returned(value, SqlTypeName.valueOf(type), precision, scale);
    } catch (JsonPaths.Mismatch e) {
      return switch (onError) {
        case DEFAULT -> errorDefault;
        case "ERROR" -> throw failure(e);
        default -> null;
      };
    }
  }

  private static @Nullable Object returned(Object value, SqlTypeName name, int precision, int scale)
      throws JsonPaths.Mismatch {
    boolean text = SqlTypeName.CHAR_TYPES.contains(name);
    boolean truth = name == SqlTypeName.BOOLEAN;
    if ((truth && value instanceof Number) || (!truth && !text && value instanceof Boolean)) {
      throw new JsonPaths.Mismatch("the value is no " + name);
    }
    if (text) {
      String given = ParameterValues.text(value);
      int characters = CharacterFunctions.count(given);
      if (precision >= 0 && precision != NO_LENGTH && characters > precision) {
        throw new JsonPaths.Mismatch("the value is longer than " + precision);
      }
      return name == SqlTypeName.CHAR && characters < precision
          ? given + " ".repeat(precision - characters)
          : given;
    }
    RelDataType type =
        name == SqlTypeName.DECIMAL
            ? TYPES.createSqlType(name, precision, scale)
            : TYPES.createSqlType(name);
    try {
      return VALUES.toRuntime(value, type);
    } catch (SqlException e) {
      throw new JsonPaths.Mismatch("the value is no " + name);
    }
  }

  private static SqlException failure(JsonPaths.Mismatch reason) {
    return new SqlException(SqlState.BAD_JSON, String.valueOf(reason.getMessage()), null);
  }
}
