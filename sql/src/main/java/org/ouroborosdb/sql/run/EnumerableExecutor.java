package org.ouroborosdb.sql.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.runtime.Typed;
import org.ouroborosdb.sql.dialect.Dialect;

/** Runs a plan through code that Calcite generates for it once. */
public final class EnumerableExecutor implements Executor {
  private final Bindable<?> code;
  private final boolean arrays;
  private final Map<String, Object> values;

  /**
   * @param oneStruct whether the only column is a ROW, whose value is an array but not the row
   */
  private EnumerableExecutor(Bindable<?> code, boolean oneStruct, Map<String, Object> values) {
    this.code = code;
    this.arrays =
        !oneStruct && code instanceof Typed typed && typed.getElementType() == Object[].class;
    this.values = values;
  }

  public static EnumerableExecutor compile(EnumerableRel plan) {
    Map<String, Object> values = new HashMap<>();
    values.put("_conformance", Dialect.CONFORMANCE);
    Bindable<?> code =
        EnumerableInterpretable.toBindable(
            values, null, (EnumerableRel) WatchRel.addTo(plan), EnumerableRel.Prefer.ARRAY);
    List<RelDataTypeField> fields = plan.getRowType().getFieldList();
    boolean oneStruct = fields.size() == 1 && fields.get(0).getType().isStruct();
    return new EnumerableExecutor(code, oneStruct, values);
  }

  @Override
  public Enumerator<Object[]> open(RunContext context) {
    Enumerator<?> rows = code.bind(context.with(values)).enumerator();
    return Linq4j.transform(
        rows, row -> arrays && row instanceof Object[] array ? array : new Object[] {row});
  }
}
