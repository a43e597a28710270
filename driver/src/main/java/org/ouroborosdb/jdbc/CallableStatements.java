package org.ouroborosdb.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Prepared statements as callable ones: our procedures have parameters by number only and none that
 * come out, so that whatever {@link CallableStatement} adds is refused with 0A001.
 */
final class CallableStatements {
  private CallableStatements() {}

  static CallableStatement over(PreparedStatement statement) {
    return (CallableStatement)
        Proxy.newProxyInstance(
            CallableStatements.class.getClassLoader(),
            new Class<?>[] {CallableStatement.class},
            (proxy, method, arguments) -> call(statement, proxy, method, arguments));
  }

  private static @Nullable Object call(
      PreparedStatement statement, Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object first = arguments == null || arguments.length == 0 ? null : arguments[0];
    switch (method.getName()) {
      case "equals":
        return proxy == first;
      case "unwrap":
      case "isWrapperFor":
        if (first instanceof Class<?> type && type.isInstance(proxy)) {
          return method.getName().equals("unwrap") ? proxy : (Object) true;
        }
        break;
      default:
        break;
    }
    if (method.getDeclaringClass() == CallableStatement.class) {
      statement.getConnection(); // says so if it is closed
      throw Errors.unsupported(
          method.getName().startsWith("set")
              ? "setting a parameter by name"
              : "a parameter that comes out of a procedure");
    }
    try {
      return method.invoke(statement, arguments);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      throw cause == null ? new SQLException(e.toString(), "XX000", e) : cause;
    }
  }
}
