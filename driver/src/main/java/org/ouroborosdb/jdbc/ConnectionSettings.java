package org.ouroborosdb.jdbc;

import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.NClob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.ShardingKey;
import java.sql.Struct;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a connection has one setting for: schema, isolation, holdability, types; and the values it
 * makes.
 */
abstract class ConnectionSettings implements Connection {
  private static final String SCHEMA = "ouroboros";

  /** Throws if the connection is closed. */
  abstract void requireOpen() throws SQLException;

  @Override
  public void setCatalog(@Nullable String catalog) throws SQLException {
    requireOpen(); // there are no catalogs, and JDBC has the call ignored then
  }

  @Override
  public @Nullable String getCatalog() throws SQLException {
    requireOpen();
    return null;
  }

  @Override
  public void setSchema(@Nullable String schema) throws SQLException {
    requireOpen();
    if (schema != null && !schema.equalsIgnoreCase(SCHEMA)) {
      throw Errors.of("3F000", "the default schema is " + SCHEMA + "; name others in statements");
    }
  }

  @Override
  public String getSchema() throws SQLException {
    requireOpen();
    return SCHEMA;
  }

  /** Returns whether a level is met by a snapshot of the transaction's first moment. */
  static boolean isIsolation(int level) {
    return level == TRANSACTION_READ_UNCOMMITTED
        || level == TRANSACTION_READ_COMMITTED
        || level == TRANSACTION_REPEATABLE_READ;
  }

  /** Takes the levels that a snapshot meets; SERIALIZABLE is more than one. */
  @Override
  public void setTransactionIsolation(int level) throws SQLException {
    requireOpen();
    if (level == TRANSACTION_SERIALIZABLE) {
      throw Errors.unsupported("SERIALIZABLE", "transactions are REPEATABLE READ, by snapshot");
    }
    if (!isIsolation(level)) {
      throw Errors.of("HY024", "no such transaction isolation: " + level);
    }
  }

  @Override
  public int getTransactionIsolation() throws SQLException {
    requireOpen();
    return TRANSACTION_REPEATABLE_READ;
  }

  @Override
  public Map<String, Class<?>> getTypeMap() throws SQLException {
    requireOpen();
    return Map.of();
  }

  @Override
  public void setTypeMap(@Nullable Map<String, Class<?>> map) throws SQLException {
    requireOpen();
    if (map != null && !map.isEmpty()) {
      throw Errors.unsupported("a type map");
    }
  }

  @Override
  public void setHoldability(int holdability) throws SQLException {
    requireOpen();
    ResultKinds.requireHoldability(holdability);
  }

  @Override
  public int getHoldability() throws SQLException {
    requireOpen();
    return ResultSet.CLOSE_CURSORS_AT_COMMIT;
  }

  @Override
  public Clob createClob() throws SQLException {
    requireOpen();
    return new TextClob("");
  }

  @Override
  public Blob createBlob() throws SQLException {
    requireOpen();
    return new BytesBlob(new byte[0]);
  }

  @Override
  public NClob createNClob() throws SQLException {
    requireOpen();
    return new TextClob("");
  }

  @Override
  public SQLXML createSQLXML() throws SQLException {
    requireOpen();
    throw Errors.unsupported("SQLXML");
  }

  @Override
  public Array createArrayOf(@Nullable String typeName, Object @Nullable [] elements)
      throws SQLException {
    requireOpen();
    return new ListArray(
        elements == null ? List.of() : Arrays.asList(elements.clone()), ListArray.type(typeName));
  }

  @Override
  public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
    requireOpen();
    throw Errors.unsupported("STRUCT");
  }

  /** Does nothing: the database is in this process. */
  @Override
  public void setNetworkTimeout(@Nullable Executor executor, int millis) throws SQLException {
    requireOpen();
    if (millis < 0) {
      throw Errors.of("22003", "timeout " + millis + " is below 0");
    }
  }

  @Override
  public int getNetworkTimeout() throws SQLException {
    requireOpen();
    return 0;
  }

  @Override
  public void setShardingKey(@Nullable ShardingKey key) throws SQLException {
    throw Errors.unsupported("a sharding key");
  }

  @Override
  public void setShardingKey(@Nullable ShardingKey key, @Nullable ShardingKey superKey)
      throws SQLException {
    throw Errors.unsupported("a sharding key");
  }

  @Override
  public boolean setShardingKeyIfValid(@Nullable ShardingKey key, int timeoutSeconds)
      throws SQLException {
    throw Errors.unsupported("a sharding key");
  }

  @Override
  public boolean setShardingKeyIfValid(
      @Nullable ShardingKey key, @Nullable ShardingKey superKey, int timeoutSeconds)
      throws SQLException {
    throw Errors.unsupported("a sharding key");
  }
}
