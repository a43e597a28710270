package org.ouroborosdb.jdbc;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.EngineOptions;
import org.ouroborosdb.sql.session.SqlEngine;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.EventStore;
import org.ouroborosdb.store.StoreOptions;
import org.ouroborosdb.store.embedded.EmbeddedEventStore;

/**
 * The engines of this process: connections to one database share one, and the last to close closes
 * it. Connections with {@code readonly=true} share another, which takes no lock; each new one of
 * them brings it to what is written by then. Thread-safe.
 */
final class EngineRegistry {
  private static final Map<String, Shared> OPEN = new HashMap<>();

  private EngineRegistry() {}

  /** An engine and how many connections use it. */
  static final class Shared {
    private final @Nullable String key;
    private final EventStore store;
    private final SqlEngine engine;
    private final Durability durability;
    private int users;

    private Shared(
        @Nullable String key, EventStore store, Durability durability, SqlEngine engine) {
      this.key = key;
      this.store = store;
      this.durability = durability;
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
        shared = open(url);
        if (shared.key != null) {
          OPEN.put(shared.key, shared);
        }
      } else {
        url.requireDurability(shared.durability);
        shared.store.refresh();
      }
      shared.users++;
      return shared;
    }
  }

  private static Shared open(ConnectionUrl url) throws SQLException {
    EngineOptions options = url.engineOptions();
    StoreOptions storeOptions = url.storeOptions();
    EventStore store = EmbeddedEventStore.open(storeOptions);
    try {
      // The directory may be there only now, and with it its real path.
      return new Shared(
          key(url), store, storeOptions.durability(), SqlEngine.create(store, options));
    } catch (SQLException | RuntimeException | Error e) {
      store.close();
      throw e;
    }
  }

  private static @Nullable String key(ConnectionUrl url) throws SQLException {
    Path path = url.path();
    if (path == null) {
      return url.memoryName().isEmpty() ? null : "mem:" + url.memoryName();
    }
    String kind = url.isReadOnly() ? "reader:" : "dir:";
    try {
      return kind + path.toRealPath();
    } catch (IOException e) {
      return kind + path.toAbsolutePath().normalize();
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
