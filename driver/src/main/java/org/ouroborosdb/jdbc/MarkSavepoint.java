package org.ouroborosdb.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint.
 *
 * @param number its number in the connection
 * @param name its name; null if it has none
 * @param mark the session's mark
 */
record MarkSavepoint(int number, @Nullable String name, int mark) implements Savepoint {
  @Override
  public int getSavepointId() throws SQLException {
    if (name != null) {
      throw Errors.of("3B000", "the savepoint has a name");
    }
    return number;
  }

  @Override
  public String getSavepointName() throws SQLException {
    if (name == null) {
      throw Errors.of("3B000", "the savepoint has no name");
    }
    return name;
  }
}
