package org.ouroborosdb.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The JDBC driver for {@code jdbc:ouroboros:} URLs. Thread-safe. */
public final class OuroborosDriver implements Driver {
  static final int MAJOR_VERSION = 0;
  static final int MINOR_VERSION = 1;

  static {
    try {
      DriverManager.registerDriver(new OuroborosDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Creates a driver; called by {@link java.util.ServiceLoader}. */
  public OuroborosDriver() {}

  @Override
  public @Nullable Connection connect(String url, @Nullable Properties properties)
      throws SQLException {
    if (!ConnectionUrl.accepts(url)) {
      return null;
    }
    Properties given = properties == null ? new Properties() : properties;
    return Errors.guard(() -> open(url, given));
  }

  static Connection open(String url, Properties properties) throws SQLException {
    ConnectionUrl parsed = ConnectionUrl.parse(url, properties);
    EngineRegistry.Shared shared = EngineRegistry.acquire(parsed);
    try {
      return new OuroborosConnection(shared, parsed, url);
    } catch (SQLException | RuntimeException | Error e) {
      EngineRegistry.release(shared);
      throw e;
    }
  }

  @Override
  public boolean acceptsURL(String url) {
    return ConnectionUrl.accepts(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties properties)
      throws SQLException {
    Properties given = properties == null ? new Properties() : properties;
    boolean complete = ConnectionUrl.accepts(url) && url.length() > ConnectionUrl.PREFIX.length();
    ConnectionUrl parsed = complete ? ConnectionUrl.parse(url, given) : null;
    List<DriverPropertyInfo> all = new ArrayList<>();
    for (ConnectionUrl.Key key : ConnectionUrl.Key.values()) {
      String value = parsed == null ? key.defaultValue : parsed.get(key);
      DriverPropertyInfo info = new DriverPropertyInfo(key.text, value);
      info.description = key.description;
      if (key.choices().length > 0) {
        info.choices = key.choices();
      }
      all.add(info);
    }
    return all.toArray(new DriverPropertyInfo[0]);
  }

  @Override
  public int getMajorVersion() {
    return MAJOR_VERSION;
  }

  @Override
  public int getMinorVersion() {
    return MINOR_VERSION;
  }

  @Override
  public boolean jdbcCompliant() {
    return false; // SQL-92 entry level asks for UPDATE, which an immutable store refuses
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("org.ouroborosdb");
  }
}
