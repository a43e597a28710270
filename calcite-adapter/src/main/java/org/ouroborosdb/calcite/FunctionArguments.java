package org.ouroborosdb.calcite;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.sql.type.SqlTypeName;

/** Describes the parameters of functions. */
final class FunctionArguments {
  private FunctionArguments() {}

  static FunctionParameter of(int ordinal, String name, SqlTypeName type, boolean optional) {
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
        return types.createTypeWithNullability(types.createSqlType(type), true);
      }

      @Override
      public boolean isOptional() {
        return optional;
      }
    };
  }
}
