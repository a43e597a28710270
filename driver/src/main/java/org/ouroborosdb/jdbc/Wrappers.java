package org.ouroborosdb.jdbc;

import java.sql.SQLException;

/** What {@link java.sql.Wrapper} asks of every object. */
final class Wrappers {
  private Wrappers() {}

  static <T> T unwrap(Object object, Class<T> type) throws SQLException {
    if (type == null || !type.isInstance(object)) {
      throw Errors.of("0A001", object.getClass().getSimpleName() + " wraps no " + type);
    }
    return type.cast(object);
  }
}
