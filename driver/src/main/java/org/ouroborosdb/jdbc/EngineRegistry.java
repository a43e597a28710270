package org.ouroborosdb.jdbc;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.EngineOptions;
import org.ouroborosdb.sql.SqlEngine;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * The engines of this process: connections to one database share one, and the last to close closes
 * it. Thread-safe.
 */
final class EngineRegistry {
  private static final Map<String, Shared> OPEN = new HashMap<>();

  private EngineRegistry() {}

  /** An engine and how many connections use it. */
  static final class Shared {
    private final @Nullable String key;
    private final SqlEngine engine;
    private int users;

    private Shared(@Nullable String key, SqlEngine engine) {
      this.key = key;
      this.engine = engine;
    }

    SqlEngine engine() {
      return engine;
    }
  }

  /** Returns the engine of a database, opened if need be; give it back with {@link #release}. */
  static Shared acquire(ConnectionUrl url) throws SQLException {
    synchronized (OPEN) {
      String key = key(url);
      Shared shared = key == null ? null : OPEN.get(key);
      if (shared == null) {
        SqlEngine engine = open(url);
        // The directory may be there only now, and with it its real path.
        String opened = key(url);
        shared = new Shared(opened, engine);
        if (opened != null) {
          OPEN.put(opened, shared);
        }
      }
      shared.users++;
      return shared;
    }
  }

  private static SqlEngine open(ConnectionUrl url) throws SQLException {
    EngineOptions options = url.engineOptions();
    EventStore store = EmbeddedEventStore.open(url.storeOptions());
    try {
      return SqlEngine.create(store, options);
    } catch (RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private static @Nullable String key(ConnectionUrl url) {
    Path path = url.path();
    if (path == null) {
      return url.memoryName().isEmpty() ? null : "mem:" + url.memoryName();
    }
    try {
      return "dir:" + path.toRealPath();
    } catch (IOException e) {
      return "dir:" + path.toAbsolutePath().normalize();
    }
  }

  static void release(Shared shared) {
    synchronized (OPEN) {
      if (--shared.users == 0) {
        if (shared.key != null) {
          OPEN.remove(shared.key);
        }
        shared.engine.close();
      }
    }
  }
}
