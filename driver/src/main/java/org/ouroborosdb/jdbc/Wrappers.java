package org.ouroborosdb.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What {@link java.sql.Wrapper} asks of every object. */
final class Wrappers {
  private Wrappers() {}

  static boolean isWrapper(Object object, @Nullable Class<?> type) {
    return type != null && type.isInstance(object);
  }

  static <T> T unwrap(Object object, @Nullable Class<T> type) throws SQLException {
    if (type == null || !type.isInstance(object)) {
      throw Errors.of("0A001", object.getClass().getSimpleName() + " wraps no " + type);
    }
    return type.cast(object);
  }
}
