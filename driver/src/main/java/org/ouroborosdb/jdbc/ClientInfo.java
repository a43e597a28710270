package org.ouroborosdb.jdbc;

import java.sql.SQLClientInfoException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** What a program says of itself to a connection; kept, and given back. Thread-safe. */
final class ClientInfo {
  private final Properties properties = new Properties();

  private static void require(boolean open, @Nullable Object given) throws SQLClientInfoException {
    if (!open) {
      throw new SQLClientInfoException("the connection is closed", "08003", Map.of());
    }
    if (given == null) {
      throw new SQLClientInfoException("the client info is null", "HY009", Map.of());
    }
  }

  void set(boolean open, @Nullable String name, @Nullable String value)
      throws SQLClientInfoException {
    require(open, name);
    if (name != null && value != null) {
      properties.setProperty(name, value);
    } else if (name != null) {
      properties.remove(name);
    }
  }

  void set(boolean open, @Nullable Properties given) throws SQLClientInfoException {
    require(open, given);
    properties.clear();
    if (given != null) {
      given.stringPropertyNames().forEach(name -> set(name, given.getProperty(name)));
    }
  }

  private void set(String name, String value) {
    properties.setProperty(name, value);
  }

  @Nullable String get(@Nullable String name) {
    return name == null ? null : properties.getProperty(name);
  }

  Properties all() {
    return (Properties) properties.clone();
  }
}
