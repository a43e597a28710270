package org.ouroborosdb.calcite.function;

import java.util.function.Function;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.sql.type.SqlTypeName;
import org.ouroborosdb.calcite.column.ColumnType;

/** Describes the parameters of functions. */
final class FunctionArguments {
  private FunctionArguments() {}

  static FunctionParameter of(int ordinal, String name, ColumnType type, boolean optional) {
    return of(ordinal, name, type::toRelType, optional);
  }

  static FunctionParameter of(int ordinal, String name, SqlTypeName type, boolean optional) {
    return of(ordinal, name, types -> types.createSqlType(type), optional);
  }

  private static FunctionParameter of(
      int ordinal, String name, Function<RelDataTypeFactory, RelDataType> type, boolean optional) {
    return new FunctionParameter() {
      @Override
      public int getOrdinal() {
        return ordinal;
      }

      @Override
      public String getName() {
        return name;
      }

      @Override
      public RelDataType getType(RelDataTypeFactory types) {
        return types.createTypeWithNullability(type.apply(types), true);
      }

      @Override
      public boolean isOptional() {
        return optional;
      }
    };
  }
}
