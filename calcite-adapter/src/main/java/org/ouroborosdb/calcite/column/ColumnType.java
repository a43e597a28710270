package org.ouroborosdb.calcite.column;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/** The types that columns of the virtual tables have. */
public enum ColumnType {
  /** Text. */
  VARCHAR,
  /** A 64-bit integer. */
  BIGINT,
  /** A 32-bit integer. */
  INTEGER,
  /** A 64-bit floating point number. */
  DOUBLE,
  /** A truth value. */
  BOOLEAN,
  /** Milliseconds since the epoch, UTC. */
  TIMESTAMP,
  /** A list of texts. */
  VARCHAR_ARRAY,
  /** Bytes that JDBC reports as BLOB. */
  BLOB;

  /** Returns the type in Calcite; every length is unbounded. */
  public RelDataType toRelType(RelDataTypeFactory types) {
    return switch (this) {
      case VARCHAR -> types.createSqlType(SqlTypeName.VARCHAR);
      case BIGINT -> types.createSqlType(SqlTypeName.BIGINT);
      case INTEGER -> types.createSqlType(SqlTypeName.INTEGER);
      case DOUBLE -> types.createSqlType(SqlTypeName.DOUBLE);
      case BOOLEAN -> types.createSqlType(SqlTypeName.BOOLEAN);
      case TIMESTAMP -> types.createSqlType(SqlTypeName.TIMESTAMP, 3);
      case VARCHAR_ARRAY -> types.createArrayType(types.createSqlType(SqlTypeName.VARCHAR), -1);
      case BLOB -> types.createSqlType(SqlTypeName.VARBINARY);
    };
  }
}
