package org.ouroborosdb.sql.session;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.SqlException;
import org.ouroborosdb.sql.SqlState;
import org.ouroborosdb.sql.dialect.ParameterValues;
import org.ouroborosdb.sql.plan.StatementPlan;
import org.ouroborosdb.sql.prepare.LiteralNormaliser;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.Snapshot;
import org.ouroborosdb.store.StoredContent;

/** Turns a caller's parameter values into those that a query plan runs with. */
final class ParameterBinder {
  private final EventStore store;
  private final ParameterValues values;

  ParameterBinder(SqlEngine engine) {
    store = engine.store();
    values = new ParameterValues(engine.options().maxInlineContentBytes());
  }

  static void requireCount(int expected, List<? extends @Nullable Object> given) {
    if (given.size() != expected) {
      throw new SqlException(
          SqlState.WRONG_PARAMETER_COUNT,
          "the statement has " + expected + " parameters, but " + given.size() + " are given",
          null);
    }
  }

  /** Binds values to a query's parameters, where its slots say how also literals. */
  @Nullable Object[] bind(
      List<StatementPlan.ParameterType> types,
      @Nullable List<LiteralNormaliser.Slot> slots,
      List<? extends @Nullable Object> given) {
    @Nullable Object[] bound = new Object[types.size()];
    for (int i = 0; i < bound.length; i++) {
      LiteralNormaliser.Slot slot = slots == null ? null : slots.get(i);
      if (slot == null) {
        bound[i] = bind(types.get(i), given.get(i));
      } else {
        Object literal = slot.literal();
        bound[i] = bind(types.get(i), literal == null ? given.get(slot.parameter()) : literal);
      }
    }
    return bound;
  }

  private @Nullable Object bind(StatementPlan.ParameterType parameter, @Nullable Object given) {
    Object value = given;
    if (value instanceof StoredContent stored) {
      try (Snapshot snapshot = store.snapshot()) {
        value = snapshot.open(stored).readAll(values.maxContentBytes());
      }
    }
    return switch (parameter.use()) {
      case VALUE -> values.toRuntime(value, parameter.type());
      case CAST -> checked(values.toRuntime(value, parameter.type()), parameter.type());
      case LIMIT -> rows(value, SqlState.BAD_LIMIT, "LIMIT");
      case OFFSET -> rows(value, SqlState.BAD_OFFSET, "OFFSET");
    };
  }

  /** Generated code does not apply a CAST to a parameter of the same type. */
  private static @Nullable Object checked(@Nullable Object value, RelDataType type) {
    int length = type.getPrecision();
    if (value instanceof String text && length >= 0 && text.length() > length) {
      throw new SqlException(
          SqlState.TOO_LONG,
          "a parameter of " + text.length() + " characters is too long for " + type,
          null);
    }
    return value;
  }

  private static int rows(@Nullable Object value, String state, String clause) {
    BigDecimal rows = BigDecimal.ONE.negate();
    try {
      if (value instanceof Number || value instanceof String) {
        rows = ParameterValues.number(value);
      }
    } catch (NumberFormatException e) {
      throw new SqlException(state, clause + " needs a number", e);
    }
    if (rows.signum() < 0 || rows.stripTrailingZeros().scale() > 0) {
      throw new SqlException(state, clause + " needs a whole number of at least 0", null);
    }
    return rows.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
  }
}
