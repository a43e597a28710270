package org.ouroborosdb.sql;

import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.runtime.Typed;

/** Runs a plan through code that Calcite generates for it once. */
final class EnumerableExecutor implements Executor {
  private final Bindable<?> code;
  private final boolean arrays;
  private final Map<String, Object> values;

  private EnumerableExecutor(Bindable<?> code, Map<String, Object> values) {
    this.code = code;
    this.arrays = code instanceof Typed typed && typed.getElementType() == Object[].class;
    this.values = values;
  }

  static EnumerableExecutor compile(EnumerableRel plan) {
    Map<String, Object> values = new HashMap<>();
    values.put("_conformance", Dialect.CONFORMANCE);
    Bindable<?> code =
        EnumerableInterpretable.toBindable(
            values, null, (EnumerableRel) WatchRel.addTo(plan), EnumerableRel.Prefer.ARRAY);
    return new EnumerableExecutor(code, values);
  }

  @Override
  public Enumerator<Object[]> open(RunContext context) {
    Enumerator<?> rows = code.bind(context.with(values)).enumerator();
    return Linq4j.transform(
        rows, row -> arrays && row instanceof Object[] array ? array : new Object[] {row});
  }
}
