package org.ouroborosdb.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ouroborosdb.sql.EngineOptions;
import org.ouroborosdb.sql.message.Nearest;
import org.ouroborosdb.store.Durability;
import org.ouroborosdb.store.Profile;
import org.ouroborosdb.store.StoreOptions;

/**
 * A connection's URL and properties, read once: {@code jdbc:ouroboros:PATH} or {@code
 * jdbc:ouroboros:mem:[NAME]}, then {@code ;key=value}.... {@code %XX} stands for a byte of UTF-8.
 *
 * @param path the directory; null for a database in memory
 * @param memoryName the name of a database in memory, shared within the process; empty for one of
 *     the connection's own
 * @param values the properties given, by key
 */
record ConnectionUrl(@Nullable Path path, String memoryName, Map<Key, String> values) {
  static final String PREFIX = "jdbc:ouroboros:";

  private static final String MEMORY = "mem:";

  /** How the URLs of other databases name a property. */
  private static final Pattern QUERY = Pattern.compile("[?&](\\w+)=");

  /** The properties: what each means, and its default. */
  enum Key {
    CREATE("create", "true", "Whether to create the database if it does not exist"),
    READONLY("readonly", "false", "Whether to refuse writes"),
    DURABILITY("durability", "commit", "When commits are forced: commit, interval or none"),
    PROFILE("profile", "server", "The bounds on memory and files: server or small"),
    INDEX_PATH("indexPath", "", "Another directory for the index"),
    MIN_FREE_BYTES("minFreeBytes", "16777216", "Free disk space below which writes are refused"),
    CACHE_BYTES("cacheBytes", "", "Bytes of pages and chunks kept in memory; by profile"),
    QUERY_MEMORY(
        "queryMemory", "", "Bytes that one query may buffer; by the heap, 256 MiB at most"),
    TRANSACTION_MEMORY("transactionMemory", "67108864", "Bytes that one transaction may buffer"),
    QUERY_TIMEOUT("queryTimeout", "0", "Seconds after which a statement is cancelled; 0 for never"),
    LOCK_TIMEOUT("lockTimeout", "0", "Milliseconds to wait for another process's lock"),
    CLEANUP_INTERVAL(
        "cleanupInterval", "0", "Milliseconds between two removals of expired events; 0 for none");

    final String text;
    final String defaultValue;
    final String description;

    Key(String text, String defaultValue, String description) {
      this.text = text;
      this.defaultValue = defaultValue;
      this.description = description;
    }

    String[] choices() {
      return switch (this) {
        case CREATE, READONLY -> new String[] {"true", "false"};
        case DURABILITY -> new String[] {"commit", "interval", "none"};
        case PROFILE -> new String[] {"server", "small"};
        default -> new String[0];
      };
    }
  }

  static boolean accepts(@Nullable String url) {
    return url != null && url.startsWith(PREFIX);
  }

  static ConnectionUrl parse(String url, Properties properties) throws SQLException {
    String[] parts = url.substring(PREFIX.length()).split(";", -1);
    Map<Key, String> values = new TreeMap<>();
    Set<Object> names = new HashSet<>(properties.keySet());
    names.addAll(properties.stringPropertyNames());
    for (Object each : names) {
      String name = String.valueOf(each);
      if (!name.equalsIgnoreCase("user") && !name.equalsIgnoreCase("password")) {
        // Programs put numbers and booleans there too, which getProperty does not see.
        Object own = properties.get(each);
        put(values, name, own == null ? properties.getProperty(name) : own.toString());
      }
    }
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (parts[i].isEmpty()) {
        continue;
      }
      if (equals < 0) {
        throw wrong("'" + parts[i] + "' is no key=value");
      }
      put(values, parts[i].substring(0, equals), decoded(parts[i].substring(equals + 1)));
    }
    ConnectionUrl parsed = of(parts[0], values);
    parsed.storeOptions();
    parsed.engineOptions();
    parsed.queryTimeoutSeconds();
    return parsed;
  }

  private static ConnectionUrl of(String target, Map<Key, String> values) throws SQLException {
    refuseMistaken(target);
    if (target.startsWith(MEMORY)) {
      return new ConnectionUrl(null, decoded(target.substring(MEMORY.length())), values);
    }
    if (target.startsWith("//")) {
      throw Errors.unsupported("a database on another host");
    }
    if (target.isEmpty()) {
      throw wrong("it names no directory; write " + PREFIX + "PATH or " + PREFIX + MEMORY);
    }
    try {
      return new ConnectionUrl(Path.of(decoded(target)), "", values);
    } catch (InvalidPathException e) {
      throw wrong("the path cannot be used: " + e.getReason());
    }
  }

  /** Refuses what would be taken for the name of another directory, which is then made, empty. */
  private static void refuseMistaken(String target) throws SQLException {
    Matcher query = QUERY.matcher(target);
    while (query.find()) {
      for (Key key : Key.values()) {
        if (key.text.equalsIgnoreCase(query.group(1))) {
          throw wrong(
              "properties stand behind a ';', as in ;"
                  + key.text
                  + "=...; write %3F for a ? in a path");
        }
      }
    }
    if (target.startsWith(" ") || target.endsWith(" ")) {
      throw wrong("the path begins or ends with a blank; write %20 if that is its name");
    }
  }

  private static String decoded(String text) throws SQLException {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong("a % must be followed by two hexadecimal digits; write %25 for a %");
    }
  }

  private static void put(Map<Key, String> values, String name, String value) throws SQLException {
    for (Key key : Key.values()) {
      if (key.text.equalsIgnoreCase(name)) {
        values.put(key, value);
        return;
      }
    }
    throw wrong("the property '" + name + "' is unknown; " + suggestion(name));
  }

  /** Names the key that was meant, if one is near; else all. */
  private static String suggestion(String name) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (Key key : Key.values()) {
      keys.put(key.text.toLowerCase(Locale.ROOT), key.text);
    }
    String nearest = keys.get(Nearest.to(name.toLowerCase(Locale.ROOT), keys.keySet()));
    return nearest == null
        ? "there are " + String.join(", ", keys.values())
        : "did you mean '" + nearest + "'?";
  }

  private static SQLException wrong(String why) {
    return Errors.of("08001", "the connection URL cannot be used: " + why);
  }

  String get(Key key) {
    return values.getOrDefault(key, key.defaultValue);
  }

  private boolean flag(Key key) throws SQLException {
    String value = get(key).toLowerCase(Locale.ROOT);
    if (!value.equals("true") && !value.equals("false")) {
      throw badValue(key, "true or false");
    }
    return value.equals("true");
  }

  private long number(Key key) throws SQLException {
    try {
      long value = Long.parseLong(get(key).strip());
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw badValue(key, "a whole number from 0");
    }
    throw badValue(key, "a whole number from 0");
  }

  private <E extends Enum<E>> E choice(Key key, Class<E> type) throws SQLException {
    try {
      return Enum.valueOf(type, get(key).toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw badValue(key, Arrays.stream(key.choices()).collect(Collectors.joining(", ")));
    }
  }

  private SQLException badValue(Key key, String wanted) {
    return wrong("the property '" + key.text + "' takes " + wanted);
  }

  StoreOptions storeOptions() throws SQLException {
    Profile profile = choice(Key.PROFILE, Profile.class);
    StoreOptions options =
        (path == null ? StoreOptions.inMemory() : StoreOptions.at(path))
            .withProfile(profile)
            .withCreate(flag(Key.CREATE))
            .withReadOnly(flag(Key.READONLY))
            .withDurability(choice(Key.DURABILITY, Durability.class))
            .withMinFreeBytes(number(Key.MIN_FREE_BYTES))
            .withTransactionBytes(number(Key.TRANSACTION_MEMORY))
            .withLockTimeoutMillis(number(Key.LOCK_TIMEOUT))
            .withCleanupMillis(number(Key.CLEANUP_INTERVAL));
    if (!get(Key.CACHE_BYTES).isEmpty()) {
      options = options.withCacheBytes(number(Key.CACHE_BYTES));
    }
    try {
      return get(Key.INDEX_PATH).isEmpty()
          ? options
          : options.withIndexPath(Path.of(get(Key.INDEX_PATH)));
    } catch (InvalidPathException e) {
      throw badValue(Key.INDEX_PATH, "a path");
    }
  }

  /**
   * Checks that commits of a database that is open in this process are forced as this URL asks.
   * They must not be forced less; other properties are those of the first connection.
   */
  void requireDurability(Durability open) throws SQLException {
    Durability asked = choice(Key.DURABILITY, Durability.class);
    if (path != null && !isReadOnly() && asked.compareTo(open) < 0) {
      throw wrong(
          "this process has the database open with durability="
              + open.name().toLowerCase(Locale.ROOT)
              + ", and this connection asks for "
              + asked.name().toLowerCase(Locale.ROOT));
    }
  }

  EngineOptions engineOptions() throws SQLException {
    EngineOptions usual = EngineOptions.DEFAULT;
    return get(Key.QUERY_MEMORY).isEmpty()
        ? usual
        : new EngineOptions(Math.max(1, number(Key.QUERY_MEMORY)), usual.maxInlineContentBytes());
  }

  int queryTimeoutSeconds() throws SQLException {
    return (int) Math.min(Integer.MAX_VALUE, number(Key.QUERY_TIMEOUT));
  }

  boolean isReadOnly() throws SQLException {
    return flag(Key.READONLY);
  }
}
