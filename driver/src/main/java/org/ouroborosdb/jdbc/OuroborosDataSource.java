package org.ouroborosdb.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source for one URL. Thread-safe once its URL is set. */
public final class OuroborosDataSource implements DataSource {
  private volatile String url = "";
  private volatile @Nullable PrintWriter logWriter;

  /** Creates a data source; set its URL before use. */
  public OuroborosDataSource() {}

  /** Returns the URL. */
  public String getUrl() {
    return url;
  }

  /** Sets the URL, {@code jdbc:ouroboros:...}. */
  public void setUrl(String url) {
    this.url = url;
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (!ConnectionUrl.accepts(url)) {
      throw Errors.of("08001", "set the data source's url to " + ConnectionUrl.PREFIX + "...");
    }
    return Errors.guard(() -> OuroborosDriver.open(url, new Properties()));
  }

  /** Opens a connection; there are no users, so both arguments are ignored. */
  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    return getConnection();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {
    logWriter = out;
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // opening waits for nothing but the lock, which lockTimeout bounds
  }

  @Override
  public int getLoginTimeout() {
    return 0;
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger("org.ouroborosdb");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return Wrappers.unwrap(this, type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return Wrappers.isWrapper(this, type);
  }
}
